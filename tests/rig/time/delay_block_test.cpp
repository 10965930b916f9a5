#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "rig/test_blocks.h"

/// The kinds of delay, and its time as a note. What the digital one did before is in blocks_test.
namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 1024};
constexpr std::array<const char*, 3> kKinds{"digital", "tape", "analogue"};
using Values = std::vector<std::pair<std::string_view, float>>;

/// Repeats only, once, without wow.
BlockState delay(int kind, const Values& values) {
  BlockState state = stateOf("delay", {{"kind", static_cast<float>(kind)},
                                       {"mix", 1.0f},
                                       {"feedback", 0.0f},
                                       {"wow", 0.0f},
                                       {"dampingHz", 20000.0f}});
  for (const auto& [id, value] : values) state.values[indexIn("delay", id)] = value;
  return state;
}

Signal render(const BlockState& state, Signal io, const StreamFormat& format = kFormat) {
  LoneBlock block(state, format, static_cast<int>(io.size()));
  return block.render(std::move(io), 64);
}

/// Gain in dB at a frequency from `settle` seconds on.
double gainDb(const BlockState& state, double hertz, float amplitude = 0.02f, double settle = 2.0) {
  const Mono in = testing::sine(hertz, kRate, static_cast<FrameCount>((settle + 1.0) * kRate), amplitude);
  const Mono out = render(state, {in})[0];
  return decibels(testing::amplitudeAt(std::span(out).last(48000), hertz, kRate) /
                  static_cast<double>(amplitude));
}

/// Frequency in Hz from the first and last rising zero crossing.
double frequencyOf(std::span<const float> samples, double sampleRate = kRate) {
  double first = -1.0, last = 0.0;
  int turns = -1;
  for (std::size_t n = 1; n < samples.size(); ++n)
    if (samples[n - 1] < 0.0f && samples[n] >= 0.0f) {
      const double share =
          static_cast<double>(samples[n - 1]) / static_cast<double>(samples[n - 1] - samples[n]);
      last = static_cast<double>(n - 1) + share;
      if (++turns == 0) first = last;
    }
  return turns * sampleRate / (last - first);
}

TEST(DelayBlock, ATimeAsANoteFollowsTheTempo) {
  struct Note {
    const char* word;
    double beats;
  };
  for (const Note& note : {Note{"1/1", 4.0},
                           {"1/2T", 4.0 / 3.0},
                           {"1/4.", 1.5},
                           {"1/4", 1.0},
                           {"1/8T", 1.0 / 3.0},
                           {"1/16.", 0.375},
                           {"1/32", 0.125}}) {
    const BlockDeclaration& declaration = *findBlockDeclaration("delay");
    const Parameter& sync = declaration.parameters[indexIn("delay", "sync")];
    const auto word = std::ranges::find(sync.choices, note.word) - sync.choices.begin();
    ASSERT_LT(static_cast<std::size_t>(word), sync.choices.size()) << note.word;
    LoneBlock block(delay(0, {{"sync", static_cast<float>(word)}}), kFormat, 1);
    for (const double tempo : {120.0, 90.0, 173.0}) {
      block->setTempo(tempo);
      block->reset();
      const Mono out = block.render({testing::impulse(150000)}, 64)[0];
      EXPECT_EQ(std::ranges::max_element(out) - out.begin(), std::lround(note.beats * 60.0 / tempo * kRate))
          << note.word << " at " << tempo;
    }
  }
}

TEST(DelayBlock, ANoteThatIsLongerThan4SecondsIsHalvedUntilItIsNot) {
  LoneBlock block(delay(0, {{"sync", 4.0f}}), kFormat, 1);  // 1/1
  block->setTempo(40.0);
  block->reset();
  const Mono out = block.render({testing::impulse(200000)}, 64)[0];
  EXPECT_EQ(std::ranges::max_element(out) - out.begin(), 3 * 48000);
}

TEST(DelayBlock, EveryKindRepeatsAtItsTimeAtEveryRate) {
  for (int kind = 0; kind < 3; ++kind)
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
      SCOPED_TRACE(::testing::Message() << kKinds[static_cast<std::size_t>(kind)] << " at " << rate);
      // A burst of 500 Hz, well within each one's band; its middle is where its energy lies.
      const auto frames = static_cast<FrameCount>(rate);
      Mono in = testing::silence(frames);
      const auto length = static_cast<std::size_t>(0.02 * rate);
      for (std::size_t n = 0; n < length; ++n) {
        const double t = static_cast<double>(n) / static_cast<double>(length);
        in[n] = static_cast<float>(0.05 * std::pow(std::sin(M_PI * t), 2.0) * std::sin(20.0 * M_PI * t));
      }
      const auto middle = [&](const Mono& signal) {
        double sum = 0.0, moment = 0.0;
        for (std::size_t n = 0; n < signal.size(); ++n) {
          const double power = static_cast<double>(signal[n]) * static_cast<double>(signal[n]);
          sum += power;
          moment += power * static_cast<double>(n);
        }
        return 1000.0 * moment / sum / rate;  // ms
      };
      const Mono out = render(delay(kind, {{"timeMs", 300.0f}}), {in}, {rate, 64})[0];
      EXPECT_NEAR(middle(out) - middle(in), 300.0, 0.3);  // the filters' own delay included
      EXPECT_NEAR(decibels(testing::rms(out) / testing::rms(in)), 0.0, 1.0);
    }
}

TEST(DelayBlock, TapeAndBucketsLoseTrebleWithTheirTime) {
  // Measured from the constants of their parts: a tape at 7.5 inches a second, a clock of 27.3 kHz at 300 ms.
  for (const int kind : {1, 2}) {
    double last = 0.0;
    for (const float ms : {100.0f, 300.0f, 900.0f}) {
      const BlockState state = delay(kind, {{"timeMs", ms}});
      const double treble = gainDb(state, 5000.0) - gainDb(state, 500.0);
      EXPECT_LT(treble, last - 0.2) << kKinds[static_cast<std::size_t>(kind)] << ", " << ms;
      last = treble;
    }
    EXPECT_LT(last, -12.0);
  }
  // Two Butterworth filters at a third of the clock: -6 dB there, doubled by the expander in steady state.
  const double third = 16384.0 / 2.0 / 0.6 / 3.0;
  EXPECT_NEAR(gainDb(delay(2, {{"timeMs", 600.0f}}), third, 0.001f), -6.02,
              0.3);  // below the compressor's reach
  EXPECT_NEAR(gainDb(delay(2, {{"timeMs", 600.0f}}), third, 0.1f), -9.03,
              0.6);  // -3 before it, twice -3 behind
}

TEST(DelayBlock, TapeHasItsBumpWhereTheHeadIsAWavelength) {
  const BlockState state = delay(1, {{"timeMs", 300.0f}});
  EXPECT_NEAR(gainDb(state, 0.057 / 0.3 / 2.4e-3) - gainDb(state, 1000.0), 1.5, 0.3);
}

TEST(DelayBlock, TapeAndBucketsSaturateAndTheDigitalDoesNot) {
  const auto thirdDb = [](int kind, float amplitude, float driveDb) {
    const BlockState state = delay(kind, {{"timeMs", 100.0f}, {"driveDb", driveDb}});
    const Mono out = render(state, {testing::sine(200.0, kRate, 96000, amplitude)})[0];
    const std::span<const float> settled = std::span(out).last(48000);
    return decibels(testing::amplitudeAt(settled, 600.0, kRate) /
                    testing::amplitudeAt(settled, 200.0, kRate));
  };
  EXPECT_LT(thirdDb(0, 0.9f, 24.0f), -100.0);
  for (const int kind : {1, 2}) {
    EXPECT_LT(thirdDb(kind, 0.02f, 0.0f), -45.0) << kind;
    EXPECT_GT(thirdDb(kind, 0.5f, 12.0f), -25.0) << kind;
    EXPECT_GT(thirdDb(kind, 0.5f, 12.0f), thirdDb(kind, 0.1f, 0.0f) + 10.0) << kind;
  }
}

TEST(DelayBlock, TapeAndBucketsGlideToANewTimeWithinAnOctaveAndTheDigitalFades) {
  for (const int kind : {0, 1, 2}) {
    SCOPED_TRACE(kKinds[static_cast<std::size_t>(kind)]);
    LoneBlock block(delay(kind, {{"timeMs", 500.0f}}), kFormat, 1);
    const Mono in = testing::sine(300.0, kRate, 240000, 0.1f);
    const Mono out = block.render({in}, 64, 0, {{96000, indexIn("delay", "timeMs"), 200.0f}})[0];
    const auto heard = [&](double second) {
      return frequencyOf(std::span(out).subspan(static_cast<std::size_t>(second * kRate), 1200));
    };
    EXPECT_NEAR(heard(1.9), 300.0, 0.5);
    EXPECT_NEAR(heard(4.5), 300.0, 0.5);
    if (kind == 0) {
      EXPECT_NEAR(heard(2.06), 300.0, 1.0);
    } else {
      EXPECT_NEAR(heard(2.15), 600.0, 12.0);  // as fast as it will
      EXPECT_NEAR(heard(2.6), 300.0, 3.0);    // 0.3 s at an octave, and the settling
    }
    // No step: what is an octave up has twice the slope, and no more.
    const double own = testing::largestStep(std::span(out).subspan(48000, 24000));
    EXPECT_LT(testing::largestStep(std::span(out).subspan(96000, 100000)), (kind == 0 ? 1.5 : 2.1) * own);
  }
}

TEST(DelayBlock, WowAndModulationMoveThePitchAsTheySay) {
  // Of a slope, what comes out lags by the delay; the pitch deviates by what the delay changes in a frame.
  const auto deviation = [](const BlockState& state) {
    Mono out = render(state, {testing::sine(1000.0, kRate, 480000, 0.01f)})[0];
    double most = 0.0;
    for (std::size_t at = 96000; at + 960 < out.size(); at += 240)
      most = std::max(most, std::abs(frequencyOf(std::span(out).subspan(at, 960)) / 1000.0 - 1.0));
    return most;
  };
  EXPECT_LT(deviation(delay(1, {})), 2e-5);
  EXPECT_NEAR(deviation(delay(1, {{"wow", 1.0f}})), 0.007, 0.0006);
  for (const int kind : {0, 1, 2})
    EXPECT_NEAR(deviation(delay(kind, {{"modulationCents", 20.0f}, {"modulationHz", 1.0f}})),
                std::exp2(20.0 / 1200.0) - 1.0, 0.0006)
        << kind;
}

TEST(DelayBlock, StaysBoundedAtItsMostFeedbackAndDriveHoweverLoudItIsFed) {
  for (const int kind : {0, 1, 2})
    for (const float drive : {-12.0f, 24.0f}) {
      const BlockState state = delay(kind, {{"feedback", 0.95f}, {"timeMs", 50.0f}, {"driveDb", drive}});
      Mono in = testing::noise(30 * 48000, 0.9f);
      for (std::size_t n = 0; n < in.size(); ++n)
        in[n] += 0.5f * std::sin(0.0104f * static_cast<float>(n % 604));
      const Mono out = render(state, {in})[0];
      // Without anything that saturates: what a share of 0.95 adds up to.
      EXPECT_LT(testing::peak(out), 1.4 / 0.05) << kind;
      if (kind != 0 && drive > 0.0f) {
        EXPECT_LT(testing::peak(out), 1.5) << kind;
      }
    }
}

TEST(DelayBlock, EveryKindFallsSilentWithinItsTail) {
  for (const int kind : {0, 1, 2})
    for (const float feedback : {0.0f, 0.5f, 0.9f})
      for (const float wow : {0.0f, 1.0f}) {
        const BlockState state =
            delay(kind, {{"feedback", feedback}, {"timeMs", 120.0f}, {"wow", wow}, {"driveDb", 12.0f}});
        LoneBlock block(state, kFormat, 1);
        const double loudest = testing::peak(block.render({testing::noise(24000, 0.5f)}, 64)[0]);
        block.render({testing::silence(static_cast<FrameCount>(block->tailFrames()))}, 64);
        EXPECT_LT(decibels(testing::peak(block.render({testing::silence(24000)}, 64)[0]) / loudest), -80.0)
            << kind << ", " << feedback;
      }
}

TEST(DelayBlock, DucksItsRepeatsWhileSomethingComesIn) {
  const BlockState state = delay(0, {{"duckDb", 12.0f}, {"timeMs", 200.0f}, {"lowCutHz", 100.0f}});
  Mono in = testing::sine(500.0, kRate, 96000, 0.12f);
  std::fill(in.begin() + 48000, in.end(), 0.0f);
  const Mono out = render(state, {in})[0];
  const auto level = [&](std::size_t at) {
    return decibels(testing::amplitudeAt(std::span(out).subspan(at, 2400), 500.0, kRate) / 0.12);
  };
  EXPECT_NEAR(level(40000), -12.04, 0.1);
  EXPECT_GT(level(48000 + 7000), -9.0);  // comes back as the player rests
}

TEST(DelayBlock, LowCutTakesTheLowsFromEveryRepeat) {
  const auto repeatDb = [](double hertz, float cut) {
    Mono in = testing::sine(hertz, kRate, 48000, 0.5f);
    std::fill(in.begin() + 9600, in.end(), 0.0f);
    const Mono out = render(delay(0, {{"timeMs", 250.0f}, {"feedback", 0.9f}, {"lowCutHz", cut}}), {in})[0];
    const auto level = [&](std::size_t from) {
      return testing::amplitudeAt(std::span(out).subspan(from, 7200), hertz, kRate);
    };
    return decibels(level(24000 + 1200) / level(12000 + 1200) / 0.9);
  };
  EXPECT_NEAR(repeatDb(100.0, 20.0f), 0.0, 0.02);
  EXPECT_NEAR(repeatDb(400.0, 400.0f), -3.01, 0.3);
  EXPECT_LT(repeatDb(50.0, 400.0f), -16.0);
}

TEST(DelayBlock, EveryKindGivesTheSameHoweverTheStreamIsSplit) {
  const std::vector<Change> changes{{1000, indexIn("delay", "timeMs"), 33.0f},
                                    {3001, indexIn("delay", "modulationCents"), 40.0f},
                                    {5555, indexIn("delay", "sync"), 14.0f},
                                    {9000, indexIn("delay", "driveDb"), 15.0f}};
  for (int kind = 0; kind < 3; ++kind)
    for (const float pingPong : {0.0f, 1.0f}) {
      const BlockState state =
          delay(kind, {{"timeMs", 80.0f}, {"wow", 1.0f}, {"feedback", 0.7f}, {"pingPong", pingPong}});
      LoneBlock whole(state, kFormat, 1);
      const Signal expected = whole.render({testing::noise(24000)}, 1024, 0, changes);
      for (const FrameCount frames : {1, 7, 96, 1000}) {
        LoneBlock split(state, kFormat, 1);
        EXPECT_EQ(split.render({testing::noise(24000)}, frames, frames == 1000 ? 3 : 0, changes), expected);
      }
    }
}

TEST(DelayBlock, ANewDriveLeavesWhatIsOnItsWayAsLoudAsItWas) {
  for (int kind = 0; kind < 3; ++kind)
    for (const auto& [from, to] : {std::pair{24.0f, -12.0f}, std::pair{-12.0f, 24.0f}}) {
      SCOPED_TRACE(kKinds[static_cast<std::size_t>(kind)]);
      const auto peakWith = [&](bool changes) {
        LoneBlock block(delay(kind, {{"timeMs", 1000.0f}, {"driveDb", from}}), kFormat, 1);
        Mono burst = testing::sine(440.0, kRate, 24000, 0.3f);
        block.render({burst}, 64);
        if (changes) block->set(static_cast<ParameterIndex>(indexIn("delay", "driveDb")), to);
        return testing::peak(block.render({testing::silence(48000)}, 64)[0]);
      };
      EXPECT_NEAR(decibels(peakWith(true) / peakWith(false)), 0.0, 1.0) << from << " dB to " << to;
    }
}

}  // namespace
}  // namespace gainstage::rig
