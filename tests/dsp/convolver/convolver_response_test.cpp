#include "dsp/convolver/convolver_response.h"

#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>

#include "dsp/convolver/convolver.h"
#include "support/audio.h"

namespace gainstage::dsp {
namespace {

AudioBuffer buffer(const testing::Mono& samples) {
  AudioBuffer audio(1, static_cast<FrameCount>(samples.size()));
  std::ranges::copy(samples, audio.channel(0).begin());
  return audio;
}

double gainAtDb(std::span<const float> response, double frequencyHz, double rate) {
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < response.size(); ++n)
    sum += static_cast<double>(response[n]) *
           std::polar(1.0, -2.0 * std::numbers::pi * frequencyHz * static_cast<double>(n) / rate);
  return testing::decibels(std::abs(sum));
}

/// Decays by 60 dB within 5 ms and begins at its very first frame, as cabinets do.
testing::Mono click(double rate) {
  testing::Mono samples = testing::noise(static_cast<FrameCount>(0.01 * rate), 0.5f, 4);
  samples[0] = 1.0f;
  for (std::size_t n = 0; n < samples.size(); ++n)
    samples[n] *= static_cast<float>(std::pow(10.0, -3.0 * static_cast<double>(n) / (0.005 * rate)));
  return samples;
}

TEST(ConvertResponse, KeepsTheGainAtEveryFrequencyWithinATenthOfADecibel) {
  for (const auto& [from, to] : {std::pair{44100.0, 48000.0},
                                 {48000.0, 44100.0},
                                 {96000.0, 48000.0},
                                 {44100.0, 96000.0},
                                 {192000.0, 44100.0},
                                 {8000.0, 48000.0},
                                 {48000.0, 8000.0},
                                 {22050.0, 384000.0},
                                 {48000.0, 47999.0}}) {
    SCOPED_TRACE(::testing::Message() << from << " Hz to " << to);
    const AudioBuffer response = buffer(click(from));
    const auto converted = convertResponse(response, from, to);
    ASSERT_TRUE(converted.ok());
    const double highest = 0.45 * std::min(from, to);
    for (double frequency = 0.0; frequency <= highest; frequency += highest / 50) {
      const double expected = gainAtDb(response.channel(0), frequency, from);
      if (expected < -20.0) continue;  // a notch, where a tenth of a decibel is nothing
      EXPECT_NEAR(gainAtDb(converted->channel(0), frequency, to), expected, 0.1) << frequency;
    }
  }
}

TEST(ConvertResponse, IsHeardFourFramesOfTheLowerRateLater) {
  for (const auto& [from, to] : {std::pair{44100.0, 48000.0}, {96000.0, 48000.0}, {48000.0, 96000.0}}) {
    testing::Mono late = testing::silence(static_cast<FrameCount>(0.5 * from));
    late.back() = 1.0f;
    const auto converted = convertResponse(buffer(late), from, to);
    ASSERT_TRUE(converted.ok());
    const auto taps = converted->channel(0);
    const auto loudest = std::ranges::max_element(taps, {}, [](float tap) { return std::abs(tap); });
    const double expected = static_cast<double>(late.size() - 1) * to / from + 4.0 * to / std::min(from, to);
    EXPECT_NEAR(static_cast<double>(loudest - taps.begin()), expected, 1.0);
  }
}

TEST(ConvertResponse, LeavesEveryBitAtTheSameRate) {
  const testing::Mono samples = testing::noise(500);
  const auto converted = convertResponse(buffer(samples), 48000.0, 48000.0);
  ASSERT_TRUE(converted.ok());
  EXPECT_TRUE(std::ranges::equal(converted->channel(0), samples));
}

TEST(PinkPowerGain, IsThatOfTheSamplesScaleAndOfSumsThatDoNotInterfere) {
  EXPECT_NEAR(pinkPowerGain(testing::impulse(1), 48000.0), 1.0, 1e-6);
  EXPECT_NEAR(pinkPowerGain(testing::impulse(1000, 300, 0.5f), 48000.0), 0.25, 1e-6);
  EXPECT_EQ(pinkPowerGain(testing::silence(1000), 48000.0), 0.0);
  testing::Mono echo = testing::impulse(48000);
  echo[30001] = -1.0f;
  EXPECT_NEAR(pinkPowerGain(echo, 48000.0), 2.0, 0.02);
}

TEST(PinkPowerGain, IsThatOfPinkNoiseThroughTheResponse) {
  // 50 Hz..10 kHz in sines of equal ratio and amplitude: as much power in every octave.
  testing::Mono pink = testing::silence(96000);
  unsigned phase = 1;
  for (double frequency = 50.0; frequency < 10000.0; frequency *= 1.02) {
    const testing::Mono tone = testing::sine(frequency, 48000.0, 96000, 0.05f, phase++ * 2.4);
    for (std::size_t n = 0; n < pink.size(); ++n) pink[n] += tone[n];
  }
  const testing::Mono response = click(48000.0);
  Convolver convolver;
  convolver.prepare({1, 1, {response}, {{0, 0, 0}}});
  testing::Signal io{pink};
  testing::renderInPlace(io, testing::splits(96000, 64),
                         [&](AudioView view) { convolver.process(view, view); });
  const double heard = testing::rms(io[0]) / testing::rms(pink);
  EXPECT_NEAR(testing::decibels(std::sqrt(pinkPowerGain(response, 48000.0))), testing::decibels(heard), 0.3);
}

TEST(FramesUntilEnergyFalls, IsTheTimeOfAnExponentialDecay) {
  testing::Mono decay(48000);
  for (std::size_t n = 0; n < decay.size(); ++n)  // 100 dB in 48,000 frames
    decay[n] = static_cast<float>(std::pow(10.0, -5.0 * static_cast<double>(n) / 48000.0));
  EXPECT_NEAR(static_cast<double>(framesUntilEnergyFallsTo(decay, {-60.0})), 28800.0, 10.0);
  EXPECT_EQ(framesUntilEnergyFallsTo(testing::impulse(100, 40), {-90.0}), 41);
  EXPECT_EQ(framesUntilEnergyFallsTo(testing::silence(100), {-90.0}), 0);
}

}  // namespace
}  // namespace gainstage::dsp
