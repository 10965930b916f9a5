#include <cmath>
#include <gtest/gtest.h>

#include "dsp/fft.h"
#include "rig/test_blocks.h"
#include "rig/volts.h"

namespace gainstage::rig {
namespace {

using testing::Mono;

constexpr StreamFormat kFormat{48000.0, 64};
constexpr FrameCount kPeriod = 65536;        // what is heard: a whole number of the tone's periods
constexpr FrameCount kSettle = 3 * kPeriod;  // the fuzz's bias takes seconds

/// What the block makes of a tone of `bin` periods in kPeriod, once it has settled.
Mono heard(const BlockState& state, int bin, float amplitude, const StreamFormat& format = kFormat) {
  LoneBlock block(state, format, 1);
  Mono tone(static_cast<std::size_t>(kSettle + kPeriod));
  for (std::size_t n = 0; n < tone.size(); ++n)
    tone[n] = amplitude * static_cast<float>(std::sin(2.0 * 3.14159265358979323846 * bin *
                                                      static_cast<double>(n % kPeriod) / kPeriod));
  const testing::Signal out = block.render({tone}, 64);
  return {out[0].end() - kPeriod, out[0].end()};
}

/// All that is no harmonic of it below 18 kHz (what pedals give above folds back only above that), below its
/// loudest harmonic, in dB.
double aliasing(const Mono& out, int bin) {
  dsp::RealFft fft(kPeriod);
  std::ranges::copy(out, fft.input().begin());
  fft.transform();
  double loudest = 0.0, rest = 0.0;
  const auto top = static_cast<int>(18000.0 / kFormat.sampleRate * kPeriod);
  for (int k = 1; k < top; ++k) {
    const double power = static_cast<double>(std::norm(fft.output()[static_cast<std::size_t>(k)]));
    if (k % bin == 0)
      loudest = std::fmax(loudest, power);
    else
      rest += power;
  }
  return 10.0 * std::log10(rest / loudest);
}

std::vector<BlockState> fullyDriven() {
  return {stateOf("boost", {{"gain", 1.0f}, {"tone", 1.0f}}),
          stateOf("overdrive", {{"drive", 1.0f}, {"tone", 1.0f}}),
          stateOf("distortion", {{"distortion", 1.0f}, {"filter", 0.0f}}),
          stateOf("fuzz", {{"fuzz", 1.0f}, {"transistors", 0.0f}}),
          stateOf("fuzz", {{"fuzz", 1.0f}, {"transistors", 1.0f}}),
          stateOf("octave", {{"drive", 1.0f}, {"octave", 1.0f}}),
          stateOf("octave", {{"drive", 1.0f}, {"octave", 0.0f}})};
}

// Odd, so that harmonics beyond half the rate come back beside those below: 997 and 5000 Hz.
constexpr int k1kHz = 1361, k5kHz = 6827;
// 1.1 V at the peak: a hot pickup's hardest stroke.
constexpr float kHard = 0.25f;

TEST(DriveBlocks, AtFullDriveKeepWhatIsNoHarmonicOf1kHz80DbAndOf5kHz60DbDown) {
  for (const BlockState& state : fullyDriven()) {
    SCOPED_TRACE(state.declaration->type);
    EXPECT_LT(aliasing(heard(state, k1kHz, kHard), k1kHz), -80.0);
    EXPECT_LT(aliasing(heard(state, k5kHz, kHard), k5kHz), -60.0);
  }
}

TEST(DriveBlocks, AtDefaultsNeitherClipNorJumpInLoudnessBy12Db) {
  for (const char* type : {"boost", "overdrive", "distortion", "fuzz", "octave", "wah", "autoWah"}) {
    SCOPED_TRACE(type);
    // Strings from the low E to the 12th fret of the high one; soft and hard.
    double in = 0.0, out = 0.0;
    for (const int bin : {113, 150, 301, 600, 900})
      for (const float amplitude : {0.03f, 0.1f}) {
        const Mono made = heard(stateOf(type), bin, amplitude);
        in += static_cast<double>(amplitude * amplitude) / 2.0;
        out += testing::rms(made) * testing::rms(made);
        EXPECT_LT(testing::peak(made), 1.0);
      }
    EXPECT_NEAR(10.0 * std::log10(out / in), 0.0, 12.0);
    EXPECT_LT(testing::peak(heard(stateOf(type), 150, 0.5f)), 1.0);
  }
}

TEST(DriveBlocks, LetNoDirectCurrentThrough) {
  for (const char* type : {"boost", "overdrive", "distortion", "fuzz", "octave", "wah", "autoWah"}) {
    double sum = 0.0;
    for (const float sample : heard(stateOf(type), 150, 0.2f)) sum += static_cast<double>(sample);
    EXPECT_LT(testing::decibels(std::abs(sum / kPeriod)), -80.0) << type;
  }
}

TEST(DriveBlocks, TakeVoltsFromTheStripsFullScale) {
  // 6.02 dB more at full scale: half the sample is the same voltage, in and out.
  for (const char* type : {"boost", "overdrive", "distortion", "fuzz", "octave"}) {
    const auto render = [&](double dbu, float amplitude) {
      const BlockState state = stateOf(type);
      const auto block = state.declaration->create();
      block->setFullScaleDbu(dbu);
      EXPECT_TRUE(block->prepare(kFormat, 1).ok());
      for (std::size_t i = 0; i < state.values.size(); ++i)
        block->set(static_cast<ParameterIndex>(i), state.values[i]);
      block->reset();
      testing::Signal io{testing::sine(220.0, 48000.0, 4800, amplitude)};
      testing::renderInPlace(io, testing::splits(4800, 64), [&](AudioView view) { block->process(view); });
      return io[0];
    };
    const Mono low = render(12.0, 0.2f), high = render(12.0 + 20.0 * std::log10(2.0), 0.1f);
    for (std::size_t n = 0; n < low.size(); ++n) ASSERT_NEAR(low[n], 2.0f * high[n], 1e-5f) << type;
  }
  EXPECT_NEAR(fullScaleVolts(12.0), 4.361, 0.001);
  EXPECT_NEAR(fullScaleVolts(std::nullopt), fullScaleVolts(12.0), 1e-12);
}

TEST(DriveBlocks, HaveNoLatencyLiveAndTellTheirLatencyOffline) {
  for (const char* type : {"boost", "overdrive", "distortion", "fuzz", "octave", "wah", "autoWah"}) {
    LoneBlock live(stateOf(type), kFormat, 1), offline(stateOf(type, {{"quality", 1.0f}}), kFormat, 1);
    EXPECT_EQ(live->latencyFrames(), 0) << type;
    EXPECT_GT(offline->latencyFrames(), 30) << type;
    // The two differ by what live quality delays low frequencies, and by nothing else.
    const Mono tone = testing::sine(200.0, 48000.0, 24000, 0.02f);
    const Mono a = live.render({tone}, 64)[0], b = offline.render({tone}, 64)[0];
    const double one = testing::rms(std::span(a).last(4800)), other = testing::rms(std::span(b).last(4800));
    EXPECT_NEAR(testing::decibels(one / other), 0.0, 0.1) << type;
  }
}

TEST(AutoWah, OpensAsTheStringIsHitHarder) {
  // A tone at 1.5 kHz, which the wah lets through once its resonance has come up there.
  const int bin = 2048;
  const auto gain = [&](float amplitude, float direction) {
    const BlockState state = stateOf("autoWah", {{"direction", direction}, {"toe", 0.95f}});
    return testing::decibels(testing::rms(heard(state, bin, amplitude)) / static_cast<double>(amplitude));
  };
  EXPECT_GT(gain(0.12f, 0.0f), gain(0.01f, 0.0f) + 6.0);
  EXPECT_LT(gain(0.12f, 1.0f), gain(0.01f, 1.0f) - 6.0);
}

}  // namespace
}  // namespace gainstage::rig
