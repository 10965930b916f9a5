#include "analog/simulation/input_simulation.h"

#include <gtest/gtest.h>

#include "analog/gear/levels.h"
#include "analog/simulation/magnitude_filter.h"
#include "support/audio.h"

namespace gainstage::analog {
namespace {

InputDesign condenserDesign() {
  InputDesign design;
  design.plugged = MicrophonePlugged{{.principle = MicrophonePrinciple::condenser,
                                      .sensitivityMvPerPa = 20.0,
                                      .outputImpedanceOhm = 100.0,
                                      .selfNoiseDba = 12.0,
                                      .needsPhantom = true},
                                     100.0};
  design.input = {.clipDbu = 10.0, .einDbu = -128.0, .padDb = 20.0, .hasPhantom = true};
  design.instrument = AnalogInput{.kind = InputKind::instrument, .impedanceOhm = 1e6, .padDb = 20.0};
  design.converter = {
      .fullScaleDbu = 12.0, .dynamicRangeDba = 110.0, .filterDelayFrames = 12.0, .jitterSeconds = 1e-10};
  design.hum = GroundHum{.levelDbu = -70.0};
  return design;
}
InputDesign guitarDesign() {
  InputDesign design = condenserDesign();
  design.plugged = GuitarPlugged{};
  return design;
}

/// Switched every 1,000 frames in one way or another, as a hand would that cannot keep still.
testing::Mono render(const InputDesign& design, double sampleRate, std::span<const FrameCount> blocks,
                     const testing::Mono& source) {
  InputSimulation simulation;
  simulation.prepare(sampleRate, design, {});
  testing::Signal io{source};
  FrameTime frame = 0;
  testing::renderInPlace(io, blocks, [&](AudioView audio) {
    auto samples = audio.channel(0);
    while (!samples.empty()) {
      const FrameTime phase = frame / 1000;
      simulation.set({.gainDb = static_cast<double>(phase % 5) * 10.0,
                      .pad = phase % 3 == 1,
                      .instrument = phase % 4 == 2,
                      .phantom = phase % 6 > 1});
      const auto left = static_cast<std::size_t>(1000 - frame % 1000);
      const auto now = samples.first(std::min(left, samples.size()));
      simulation.process(now);
      samples = samples.subspan(now.size());
      frame += static_cast<FrameTime>(now.size());
    }
  });
  return io[0];
}

TEST(InputSimulation, GivesTheSameBitsHoweverTheStreamIsSplit) {
  for (const InputDesign& design : {condenserDesign(), guitarDesign()})
    for (const double rate : {44100.0, 48000.0, 96000.0}) {
      const testing::Mono source = testing::noise(20000, 0.3f, 4);
      const auto whole = render(design, rate, testing::splits(20000, 20000), source);
      EXPECT_TRUE(testing::allFinite(whole));
      EXPECT_EQ(render(design, rate, testing::splits(20000, 1), source), whole);
      EXPECT_EQ(render(design, rate, testing::splits(20000, 997, 7), source), whole);
      EXPECT_EQ(render(design, rate, testing::splits(20000, 64), source), whole) << "a second time";
    }
}

TEST(InputSimulation, HasNoiseOfItsOwnForEachSeed) {
  InputDesign other = condenserDesign();
  other.seed = 2;
  const testing::Mono silence = testing::silence(20000);
  const auto blocks = testing::splits(20000, 64);
  const auto a = render(condenserDesign(), 48000.0, blocks, silence);
  const auto b = render(other, 48000.0, blocks, silence);
  EXPECT_NE(a, b);
}

TEST(InputSimulation, ThumpsWhenItIsSwitchedAndIsQuietAgainWhenItSaysSo) {
  InputDesign design = condenserDesign();
  design.hum.reset();
  design.plugged = LinePlugged{};
  InputSimulation simulation;
  simulation.prepare(48000.0, design, {.gainDb = 20.0});
  testing::Mono io = testing::silence(96000);
  simulation.process(io);
  const double before = testing::peak(io);
  EXPECT_LT(testing::decibels(before), -80.0);
  simulation.set({.gainDb = 20.0, .phantom = true});
  io = testing::silence(96000);
  simulation.process(io);
  // 0.5 V and 20 dB into a preamp that clips at 10 dBu.
  EXPECT_NEAR(testing::decibels(testing::peak(io)), -2.0, 0.1);
  const double fullScaleV = 1.414 * voltsFromDbu(12.0);
  const double needed = decibelsOf(0.5 / fullScaleV) + 20.0 + 90.0;
  const auto quiet = static_cast<std::size_t>(design.phantomThump.secondsTo(needed) * 48000.0);
  double mean = 0.0;
  for (const float sample : std::span(io).subspan(quiet, 4800)) mean += static_cast<double>(sample) / 4800.0;
  EXPECT_LT(testing::decibels(std::abs(mean)), -90.0);
}

TEST(InputSimulation, HumsAtTheMainsFrequencyAndItsHarmonics) {
  InputDesign design;
  design.plugged = LinePlugged{};
  design.input = {.impedanceOhm = 1e6};
  design.converter = {.fullScaleDbu = 10.0};
  design.hum = GroundHum{.frequencyHz = 60.0, .levelDbu = -50.0};
  InputSimulation simulation;
  simulation.prepare(48000.0, design, {});
  testing::Mono io = testing::silence(96000);
  simulation.process(io);
  const auto level = [&](double hz) { return testing::decibels(testing::amplitudeAt(io, hz, 48000.0)); };
  EXPECT_NEAR(level(60.0), -60.0, 0.05);
  EXPECT_NEAR(level(120.0), -84.0, 0.05);
  EXPECT_NEAR(level(180.0), -66.0, 0.05);
  EXPECT_NEAR(level(300.0), -72.0, 0.05);
}

TEST(InputSimulation, AMicrophoneWakesWithPhantomPowerAndSleepsWithout) {
  InputDesign design = condenserDesign();
  design.hum.reset();
  design.phantomThump.volts = 0.0;
  InputSimulation simulation;
  simulation.prepare(48000.0, design, {});
  const auto levelOver = [&](double seconds) {
    testing::Mono io = testing::sine(1000.0, 48000.0, static_cast<FrameCount>(seconds * 48000.0));
    simulation.process(io);
    return testing::decibels(testing::amplitudeAt(std::span(io).last(4800), 1000.0, 48000.0));
  };
  EXPECT_LT(levelOver(0.5), -115.0);
  simulation.set({.phantom = true});
  (void)levelOver(1.5);
  const double expected =
      dbfsFromDbu(design.converter,
                  outputDbu(std::get<MicrophonePlugged>(design.plugged).microphone, 100.0, true)) +
      bridgingLossDb(100.0, design.input.impedanceOhm);
  EXPECT_NEAR(levelOver(0.5), expected, 0.05);
  simulation.set({});
  (void)levelOver(3.0);
  EXPECT_LT(levelOver(0.5), -115.0);
}

TEST(MagnitudeFilter, FollowsTheMagnitudeThatItIsGiven) {
  const GuitarOutput guitar{.cable = {.metres = 6.0}};
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    MagnitudeFilter filter;
    filter.prepare(rate, [&](double hz) { return std::abs(guitar.response(hz)); });
    // Its response's transform, at frequencies that were in no list of its own.
    for (double hz = 23.0; hz < 0.45 * rate; hz *= 1.17) {
      std::complex<double> sum;
      const auto taps = filter.response();
      for (std::size_t n = 0; n < taps.size(); ++n)
        sum += taps[n] * std::polar(1.0, -2.0 * 3.141592653589793 * hz / rate * static_cast<double>(n));
      EXPECT_NEAR(testing::decibels(std::abs(sum)), guitar.responseDb(hz), 0.02) << hz << " Hz at " << rate;
    }
  }
}

TEST(WhiteNoise, IsWhiteWithAVarianceOf1AndNoDc) {
  WhiteNoise noise(3);
  double sum = 0.0, squares = 0.0, lagged = 0.0, last = 0.0;
  constexpr int kCount = 1'000'000;
  for (int n = 0; n < kCount; ++n) {
    const double sample = noise.next();
    sum += sample;
    squares += sample * sample;
    lagged += sample * last;
    last = sample;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 0.004);
  EXPECT_NEAR(squares / kCount, 1.0, 0.006);
  EXPECT_NEAR(lagged / kCount, 0.0, 0.004);
}

TEST(Quantiser, RoundsToItsBitsAndDitherMakesTheMeanExact) {
  Quantiser plain(8, false, 1);
  EXPECT_EQ(plain.next(0.5 + 0.4 / 128.0), 0.5);
  EXPECT_EQ(plain.next(2.0), 127.0 / 128.0);
  EXPECT_EQ(plain.next(-2.0), -1.0);
  Quantiser dithered(8, true, 1);
  const double wanted = 0.3 / 128.0;  // below half a step: without dither it is lost
  double mean = 0.0;
  constexpr int kCount = 200'000;
  for (int n = 0; n < kCount; ++n) mean += dithered.next(wanted) / kCount;
  EXPECT_EQ(plain.next(wanted), 0.0);
  EXPECT_NEAR(mean * 128.0, 0.3, 0.01);
}

}  // namespace
}  // namespace gainstage::analog
