#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "control/run.h"
#include "devices/memory_sink.h"
#include "devices/virtual/virtual_device.h"
#include "formats/audio_file.h"
#include "support/files.h"

namespace gainstage::testing {

/// A whole run on the virtual interface, as fast as it goes: the take that it leaves, and what an ear hears.
struct RecordedRun {
  double sampleRate = 0.0;
  std::vector<std::vector<float>> dry;     ///< of each strip's first input, from its take
  std::vector<std::vector<float>> played;  ///< device outputs
  std::vector<std::vector<float>> heard;   ///< volts or pascals across the phones
  std::string error;
};

inline std::vector<float> readFirstChannel(const std::filesystem::path& file) {
  const auto data = formats::readAudioFile(file);
  if (!data) return {};
  const auto samples = data->audio.channel(0);
  return {samples.begin(), samples.end()};
}

inline RecordedRun recordRun(devices::VirtualConfig config, double seconds,
                             devices::EarUnit unit = devices::EarUnit::volts,
                             std::optional<std::filesystem::path> session = {}) {
  RecordedRun recorded;
  recorded.sampleRate = config.sampleRate;
  const TemporaryFolder folder;
  const auto frames = static_cast<FrameTime>(seconds * config.sampleRate);
  const auto played = std::make_shared<devices::MemorySink>(frames);
  const auto heard = std::make_shared<devices::MemorySink>(frames);
  auto device = std::make_unique<devices::VirtualDevice>(std::move(config), "virtual", played);
  device->setEar(heard, unit);
  control::RunOptions options{
      .session = std::move(session), .seconds = seconds, .takeFolder = folder.path(), .freeRunning = true};
  control::RunSurroundings around;
  around.tell = [](const std::string&) {};
  control::Run run(std::move(device), std::move(options), std::move(around));
  if (const auto begun = run.begin(); !begun) {
    recorded.error = begun.error().message;
    return recorded;
  }
  if (const auto ended = run.loop(); !ended) recorded.error = ended.error().message;
  recorded.played = played->channels();
  recorded.heard = heard->channels();
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
    if (entry.path().filename().string().ends_with("-dry.wav")) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) recorded.dry.push_back(readFirstChannel(file));
  return recorded;
}

}  // namespace gainstage::testing
