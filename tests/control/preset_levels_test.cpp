#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analog/guitar.h"
#include "control/factory_presets.h"
#include "dsp/meters/loudness.h"
#include "dsp/meters/true_peak.h"
#include "rig/rig.h"
#include "rig/rig_json.h"
#include "support/audio.h"
#include "support/recordings.h"

// How loud the built-in presets are, heard as from a strip with one input: a rig of one channel is on both
// sides.
namespace gainstage::control {
namespace {

namespace fs = std::filesystem;
using testing::Mono;

constexpr double kTargetLufs = -20.0;
constexpr double kMostTruePeakDb = -1.0;
/// Of the synthetic guitar, which peaks 9 dB below the recordings: a clean preset is softer for it by nearly
/// as much, a distorted one is hardly.
constexpr double kPluckedLufs = -20.5;

struct Take {
  std::string name;
  Mono audio;
  double sampleRate;
};

struct Heard {
  double lufs = -100.0, truePeakDb = -100.0;
};

Heard hear(const rig::RigDocument& document, const Take& take) {
  const StreamFormat format{take.sampleRate, 64};
  const auto rig = rig::Rig::build(document.rig, format, 1, {});
  dsp::Loudness loudness;
  loudness.prepare(format, 2);
  std::array<dsp::LevelDetector, 2> detectors;
  float peak = 0.0f;
  testing::Signal io{take.audio, testing::silence(static_cast<FrameCount>(take.audio.size()))};
  testing::renderInPlace(
      io, testing::splits(static_cast<FrameCount>(take.audio.size()), 64), [&](AudioView view) {
        rig->process(view);
        if (rig->outputChannels() == 1) std::ranges::copy(view.channel(0), view.channel(1).begin());
        loudness.process(view);
        for (int c = 0; c < 2; ++c)
          peak = std::max(peak, detectors[static_cast<std::size_t>(c)].measure(view.channel(c)).truePeak);
      });
  return {loudness.integratedLufs().value_or(-100.0), testing::decibels(static_cast<double>(peak))};
}

bool isForBass(const rig::RigDocument& document) {
  return std::ranges::any_of(document.rig.blocks, [](const rig::BlockState& block) {
    return block.declaration->type == "bassAmplifier";
  });
}

double meanLufs(std::span<const Heard> all) {
  double sum = 0.0;
  for (const Heard& heard : all) sum += heard.lufs;
  return sum / static_cast<double>(all.size());
}

/// The first seconds of the shared recordings whose names begin so, one channel.
std::vector<Take> recorded(std::string_view beginning) {
  constexpr double kSeconds = 3.0;
  std::vector<Take> takes;
  for (const fs::path& path : testing::recordings()) {
    const std::string name = path.stem().string();
    if (!name.starts_with(beginning)) continue;
    const testing::Recording recording = testing::readRecording(path);
    Take take{name, recording.audio[0], recording.sampleRate};
    const auto channels = static_cast<float>(recording.audio.size());
    for (std::size_t n = 0; n < take.audio.size(); ++n) {
      take.audio[n] = 0.0f;
      for (const Mono& channel : recording.audio) take.audio[n] += channel[n] / channels;
    }
    take.audio.resize(std::min(take.audio.size(), static_cast<std::size_t>(kSeconds * take.sampleRate)));
    takes.push_back(std::move(take));
  }
  return takes;
}

TEST(BuiltInPresets, AreAsLoudAsEachOtherOnRecordedGuitars) {
  const auto guitars = recorded("guit_"), basses = recorded("bass_");
  if (guitars.empty() || basses.empty()) GTEST_SKIP() << "recordings: ../shared/data/audio is absent";
  for (const fs::path& file : factoryPresets()) {
    SCOPED_TRACE(file.filename());
    const auto document = rig::loadRig(file);
    ASSERT_TRUE(document.ok()) << document.error().message;
    std::vector<Heard> heard;
    for (const Take& take : isForBass(*document) ? basses : guitars) {
      heard.push_back(hear(*document, take));
      EXPECT_LT(heard.back().truePeakDb, kMostTruePeakDb) << take.name;
    }
    EXPECT_NEAR(meanLufs(heard), kTargetLufs, 0.5);  // so that no two are more than 1 LU apart
  }
}

TEST(BuiltInPresets, AreAboutAsLoudAsEachOtherOnAPluckedGuitar) {
  Take guitar{"plucked guitar", Mono(4 * 48000), 48000.0};
  analog::PlayedGuitar player;
  player.prepare({guitar.sampleRate, 64}, 1);
  player.process(guitar.audio);
  const auto presets = factoryPresets();
  EXPECT_EQ(presets.size(), 30u);
  for (const fs::path& file : presets) {
    SCOPED_TRACE(file.filename());
    const auto document = rig::loadRig(file);
    ASSERT_TRUE(document.ok()) << document.error().message;
    const Heard heard = hear(*document, guitar);
    if (!isForBass(*document)) {
      EXPECT_NEAR(heard.lufs, kPluckedLufs, 6.0);
    }
    EXPECT_LT(heard.truePeakDb, kMostTruePeakDb);
  }
}

}  // namespace
}  // namespace gainstage::control
