#include "devices/virtual/virtual_config_json.h"

#include <array>
#include <limits>
#include <string_view>

#include "devices/virtual/json_numbers.h"
#include "devices/virtual/virtual_stages_json.h"
#include "formats/audio_file.h"
#include "formats/file_error.h"
#include "formats/json.h"
#include "formats/json_reader.h"

namespace gainstage::devices {
namespace {

using formats::Json;
using formats::ObjectReader;
using formats::Problems;

constexpr int kMostChannels = 64;
constexpr std::size_t kMostFaults = 10000;
constexpr int kMostFrames = std::numeric_limits<int>::max();
constexpr int kMostPeriods = 4096;
constexpr std::size_t kMostNameBytes = 200;
constexpr std::size_t kMostPathBytes = 4096;

constexpr std::array<std::string_view, 6> kSources{"silence", "guitar", "voice", "file", "tone", "noise"};
constexpr std::array<std::string_view, 4> kPurposes{"unknown", "headphones", "monitors", "line"};

void read(ObjectReader&, const std::filesystem::path&, SilentInput&) {}

template <typename Musician>
void readMusician(ObjectReader& reader, Musician& input) {
  readInto(reader, "seed", 0, kMostFrames, input.seed);
  readInto(reader, "gainDb", "dB", -120.0, 40.0, input.gainDb);
}

void read(ObjectReader& reader, const std::filesystem::path&, GuitarInput& input) {
  readMusician(reader, input);
}
void read(ObjectReader& reader, const std::filesystem::path&, VoiceInput& input) {
  readMusician(reader, input);
}

void read(ObjectReader& reader, const std::filesystem::path& folder, FileInput& input) {
  std::string path;
  reader.require("path");
  reader.text("path", path, kMostPathBytes);
  input.path = folder / path;
  readInto(reader, "channel", 1, kMostChannels, input.channel);
  reader.boolean("loop", input.loop);
  readInto(reader, "gainDb", "dB", -120.0, 40.0, input.gainDb);
}

void read(ObjectReader& reader, const std::filesystem::path&, ToneInput& input) {
  readInto(reader, "frequencyHz", "Hz", 1.0, 192000.0, input.frequencyHz);
  readInto(reader, "levelDbfs", "dBFS", -200.0, 0.0, input.levelDbfs);
}

void read(ObjectReader& reader, const std::filesystem::path&, NoiseInput& input) {
  readInto(reader, "levelDbfs", "dBFS", -200.0, 0.0, input.levelDbfs);
  readInto(reader, "seed", 0, kMostFrames, input.seed);
}

VirtualInput makeInput(std::string_view source) {
  if (source == "guitar") return GuitarInput{};
  if (source == "voice") return VoiceInput{};
  if (source == "file") return FileInput{};
  if (source == "tone") return ToneInput{};
  if (source == "noise") return NoiseInput{};
  return SilentInput{};
}

void readInputs(ObjectReader& reader, const std::filesystem::path& folder, VirtualConfig& config) {
  if (!reader.find("inputs")) return;
  config.inputs.clear();
  config.inputStages.clear();
  forEach(reader, "inputs", kMostChannels, [&](ObjectReader& element) {
    element.require("source");
    const auto source = element.word("source", kSources);
    if (!source) return;
    VirtualInput input = makeInput(kSources[*source]);
    std::visit([&](auto& kind) { read(element, folder, kind); }, input);
    auto stage = readInputStage(element, kSources[*source]);
    if (stage) stage->design.seed = static_cast<std::uint32_t>(config.inputs.size()) + 1;
    element.finish();
    config.inputs.push_back(std::move(input));
    config.inputStages.push_back(stage);
  });
}

void readFaults(ObjectReader& reader, VirtualConfig& config) {
  readInto(reader, "driftPpm", "ppm", -1000.0, 1000.0, config.driftPpm);
  readInto(reader, "blockSeed", 0, kMostFrames, config.blockSeed);
  forEach(reader, "lost", kMostFaults, [&](ObjectReader& element) {
    Fault fault{.kind = FaultKind::lostFrames};
    requireInto(element, "atFrame", 0, kMostFrames, fault.atFrame);
    requireInto(element, "frames", 1, kMostFrames, fault.frames);
    element.finish();
    config.faults.push_back(fault);
  });
  forEach(reader, "unplug", kMostFaults, [&](ObjectReader& element) {
    Fault fault{.kind = FaultKind::unplug, .frames = -1};
    requireInto(element, "atFrame", 0, kMostFrames - 1, fault.atFrame);
    FrameTime back = -1;
    readInto(element, "backAtFrame", static_cast<int>(fault.atFrame) + 1, kMostFrames, back);
    if (back >= 0) fault.frames = back - fault.atFrame;
    element.finish();
    config.faults.push_back(fault);
  });
  forEach(reader, "format", kMostFaults, [&](ObjectReader& element) {
    Fault fault{.kind = FaultKind::format};
    requireInto(element, "atFrame", 0, kMostFrames, fault.atFrame);
    readInto(element, "sampleRate", "", formats::kLowestSampleRate, formats::kHighestSampleRate,
             fault.sampleRate);
    readInto(element, "blockFrames", 1, 8192, fault.blockFrames);
    element.finish();
    config.faults.push_back(fault);
  });
  readHum(reader, config.inputStages);
  config.surges = readSurges(reader, static_cast<int>(config.inputs.size()));
  reader.finish();
}

}  // namespace

Result<VirtualConfig> readVirtualConfig(const std::filesystem::path& file) {
  const auto document = formats::readJsonFile(file);
  if (!document) return document.error();
  Problems problems;
  ObjectReader reader(*document, "", problems);
  VirtualConfig config;
  reader.text("name", config.name, kMostNameBytes);
  readInputs(reader, file.parent_path(), config);
  readInto(reader, "outputs", 0, kMostChannels, config.outputs);
  config.outputStages = readOutputStages(reader, config.outputs);
  readInto(reader, "sampleRate", "", formats::kLowestSampleRate, formats::kHighestSampleRate,
           config.sampleRate);
  readInto(reader, "blockFrames", 1, 8192, config.blockFrames);
  reader.boolean("freeRunning", config.freeRunning);
  readInto(reader, "periods", 0, kMostPeriods, config.periods);
  if (const auto purpose = reader.word("purpose", kPurposes))
    config.purpose = static_cast<OutputPurpose>(*purpose);
  reader.boolean("inputsAreLive", config.inputsAreLive);
  if (const Json* faults = reader.find("faults")) {
    ObjectReader inner(*faults, "faults", problems);
    readFaults(inner, config);
  }
  reader.finish();
  if (problems.any()) return problems.error(formats::quoted(file));
  return config;
}

}  // namespace gainstage::devices
