#include "dsp/meters/meter.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;

void run(Meter& meter, const Mono& samples, FrameCount block = 64, unsigned seed = 0) {
  testing::Signal io{samples};
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(samples.size()), block, seed),
                         [&](AudioView view) { meter.process(view.channel(0)); });
}

Meter& prepared(Meter& meter, double rate = 48000.0) {
  meter.prepare({rate, 1024});
  return meter;
}

TEST(Meter, APeakIsHeldFor1500MsAndThenFallsBy20DbPerSecond) {
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    Meter meter;
    prepared(meter, rate);
    const auto ms = [&](double time) { return static_cast<FrameCount>(time * 1e-3 * rate); };
    run(meter, testing::dc(-0.5f, 1));
    run(meter, testing::silence(ms(1495.0)));
    EXPECT_EQ(meter.read().heldPeak, 0.5f);
    run(meter, testing::silence(ms(1005.0)));
    EXPECT_NEAR(decibels(meter.read().heldPeak), decibels(0.5) - 20.0, 0.1);
    run(meter, testing::silence(ms(1000.0)));
    EXPECT_NEAR(decibels(meter.read().heldPeak), decibels(0.5) - 40.0, 0.1);
    EXPECT_EQ(meter.read().maxPeak, 0.5f);
  }
}

TEST(Meter, TheRmsOfASineIs3DbUnderItsPeakFrom20HzUp) {
  for (const double frequencyHz : {20.0, 41.2, 1000.0, 15000.0}) {
    Meter meter;
    run(prepared(meter), testing::sine(frequencyHz, 48000.0, 48000, 0.5f), 96);
    EXPECT_NEAR(decibels(meter.read().rms), decibels(0.5) - 3.01, 0.2) << frequencyHz;
  }
}

TEST(Meter, TheRmsForgetsALoudPastWithin300Ms) {
  Meter meter;
  run(prepared(meter), testing::dc(1e5f, 48000));
  run(meter, testing::silence(48 * 302));
  EXPECT_LT(decibels(meter.read().rms), 0.0);  // 1e5 is +100 dB: what is left is rounding
  run(meter, testing::silence(48 * 302));
  EXPECT_EQ(meter.read().rms, 0.0f);
}

TEST(Meter, HalfOf300MsOfSoundReads3DbLess) {
  Meter meter;
  run(prepared(meter), testing::silence(48000));
  run(meter, testing::dc(0.5f, 48 * 150));
  EXPECT_NEAR(decibels(meter.read().rms), decibels(0.5) - 3.01, 0.1);
}

// EBU Tech 3341 (2016), signals 15 to 18: sines at a quarter (phases 0, 45), a sixth (60) and an eighth
// (67.5) of the rate with a true peak of -6.0 dBTP; tolerance +0.2, -0.4 dB.
TEST(Meter, TruePeakReadsTheTonesOfEbuTech3341) {
  struct Tone {
    int divisor;
    double degrees;
  };
  for (const Tone tone : {Tone{4, 0.0}, Tone{4, 45.0}, Tone{6, 60.0}, Tone{8, 67.5}}) {
    Meter meter;
    // Faded in and out over 10 ms, so that the onset itself is no peak.
    Mono samples = testing::sine(48000.0 / tone.divisor, 48000.0, 48000, 0.5f, tone.degrees * M_PI / 180.0);
    for (std::size_t n = 0; n < 480; ++n) {
      samples[n] *= static_cast<float>(n) / 480.0f;
      samples[samples.size() - 1 - n] *= static_cast<float>(n) / 480.0f;
    }
    run(prepared(meter), samples);
    const double dbtp = decibels(meter.read().maxTruePeak);
    EXPECT_GE(dbtp, -6.02 - 0.4) << tone.divisor << ", " << tone.degrees;
    EXPECT_LE(dbtp, -6.02 + 0.2) << tone.divisor << ", " << tone.degrees;
  }
}

TEST(Meter, TruePeakFindsWhatLiesBetweenTheSamples) {
  Meter meter;
  // At a quarter of the rate and 45 degrees every sample is 3 dB under the tone's crest.
  run(prepared(meter), testing::sine(12000.0, 48000.0, 48000, 1.0f, M_PI / 4.0));
  EXPECT_NEAR(decibels(meter.read().maxPeak), -3.01, 0.01);
  EXPECT_GE(decibels(meter.read().heldTruePeak), -0.4);
}

// The standard's interpolator passes up to 0.22 dB too much (at 12 kHz) and, on tones that meet every phase,
// never too little.
TEST(Meter, TruePeakReadsEveryToneUpTo20KhzWithinAQuarterOfADecibel) {
  for (double frequencyHz = 97.3; frequencyHz < 20000.0; frequencyHz *= 1.0717) {
    Meter meter;
    run(prepared(meter), testing::sine(frequencyHz, 48000.0, 4800, 0.5f));
    meter.clearCounters();  // the onset is no tone
    run(meter, testing::sine(frequencyHz, 48000.0, 48000, 0.5f, 2.0 * M_PI * frequencyHz * 0.1));
    EXPECT_GT(decibels(meter.read().maxTruePeak), decibels(0.5) - 0.05) << frequencyHz;
    EXPECT_LT(decibels(meter.read().maxTruePeak), decibels(0.5) + 0.25) << frequencyHz;
  }
}

TEST(Meter, ReadsTheSameHoweverTheStreamIsSplit) {
  const Mono samples = testing::noise(48000, 1.2f);
  Meter reference;
  run(prepared(reference), samples, 48000);
  for (const FrameCount block : {1, 7, 64, 96, 1024}) {
    Meter meter;
    run(prepared(meter), samples, block, block == 1024 ? 3 : 0);
    const MeterReading a = meter.read(), b = reference.read();
    EXPECT_EQ(a.heldPeak, b.heldPeak);
    EXPECT_EQ(a.maxPeak, b.maxPeak);
    EXPECT_EQ(a.clips, b.clips);
    EXPECT_EQ(a.heldTruePeak, b.heldTruePeak);
    EXPECT_NEAR(decibels(a.rms), decibels(b.rms), 1e-4);  // sums round in another order
  }
}

TEST(Meter, ARunOfFullScaleSamplesIsOneClipEvenAcrossCalls) {
  Meter meter;
  Mono samples = testing::silence(400);
  for (std::size_t n = 50; n < 150; ++n) samples[n] = 1.0f;
  samples[200] = -1.0f;
  samples[202] = 32767.0f / 32768.0f;  // a 16-bit converter's positive end
  samples[300] = 0.9999f;
  run(prepared(meter), samples, 64);
  EXPECT_EQ(meter.read().clips, 3u);
}

TEST(Meter, ClearingForgetsCountersOnly) {
  Meter meter;
  run(prepared(meter), testing::dc(1.0f, 4800));
  meter.clearCounters();
  run(meter, testing::silence(64));
  EXPECT_EQ(meter.read().clips, 0u);
  EXPECT_EQ(meter.read().maxPeak, 0.0f);
  EXPECT_EQ(meter.read().heldPeak, 1.0f);
}

TEST(Meter, AnyThreadMayReadWhileTheAudioThreadWrites) {
  Meter meter;
  prepared(meter);
  std::atomic<bool> done{false};
  std::thread audio([&] {
    run(meter, testing::noise(480000, 1.0f));
    done.store(true);
  });
  MeterReading before;
  while (!done.load()) {
    const MeterReading reading = meter.read();
    EXPECT_GE(reading.maxPeak, before.maxPeak);
    EXPECT_GE(reading.clips, before.clips);
    EXPECT_LE(reading.heldPeak, 1.0f);
    before = reading;
  }
  audio.join();
  EXPECT_NEAR(meter.read().rms, 0.577f, 0.02f);
}

TEST(Meter, SamplesThatAreNotFiniteDoNotPoisonIt) {
  Meter meter;
  Mono samples = testing::dc(0.25f, 48000);
  samples[100] = std::numeric_limits<float>::quiet_NaN();
  samples[200] = std::numeric_limits<float>::infinity();
  run(prepared(meter), samples);
  EXPECT_EQ(meter.read().heldPeak, 0.25f);
  EXPECT_NEAR(meter.read().rms, 0.25f, 1e-4f);
  EXPECT_LT(decibels(meter.read().maxTruePeak), decibels(0.25) + 3.0);
}

}  // namespace
}  // namespace gainstage::dsp
