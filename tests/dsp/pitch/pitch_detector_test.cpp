#include "dsp/pitch/pitch_detector.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "support/audio.h"
#include "support/trap.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;

double cents(double hz, double of) { return 1200.0 * std::log2(hz / of); }

/// Partials k f sqrt((1 + B k^2) / (1 + B)) of amplitude 1 / k from `first` on, each with a time constant of
/// `decayS` / k, below 10 kHz; the first one is at `hz` whatever B.
Mono tone(double hz, double sampleRate, double seconds, int partials, double inharmonicity = 0.0,
          double decayS = 1e9, int first = 1) {
  std::vector<double> sum(static_cast<std::size_t>(seconds * sampleRate));
  for (int k = first; k < first + partials; ++k) {
    const double frequency = k * hz * std::sqrt((1.0 + inharmonicity * k * k) / (1.0 + inharmonicity));
    if (frequency > 10000.0) break;
    for (std::size_t n = 0; n < sum.size(); ++n) {
      const double t = static_cast<double>(n) / sampleRate;
      sum[n] +=
          0.3 / k * std::exp(-t * k / decayS) * std::sin(2.0 * std::numbers::pi * frequency * t + k * k);
    }
  }
  return {sum.begin(), sum.end()};
}

void addNoise(Mono& samples, double dbBelow, unsigned seed) {
  // Uniform noise of amplitude a has an RMS of a / sqrt(3).
  const double amplitude = testing::rms(samples) * std::pow(10.0, -dbBelow / 20.0) * std::numbers::sqrt3;
  const Mono noise =
      testing::noise(static_cast<FrameCount>(samples.size()), static_cast<float>(amplitude), seed);
  for (std::size_t n = 0; n < samples.size(); ++n) samples[n] += noise[n];
}

/// Pitches as they are read every 10 ms.
std::vector<Pitch> readings(const Mono& samples, double sampleRate, bool coarse = false) {
  PitchDetector detector;
  detector.prepare({sampleRate, 64});
  std::vector<Pitch> all;
  const auto every = static_cast<std::size_t>(0.01 * sampleRate);
  const RealtimeScope realtime;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    detector.push(samples[n]);
    if ((n + 1) % every != 0) continue;
    const testing::TrapPause pause;
    all.push_back(coarse ? detector.coarsePitch() : detector.pitch());
  }
  return all;
}

struct Worst {
  double cents = 0.0;
  int missing = 0;
};
Worst worstFrom(const std::vector<Pitch>& all, std::size_t from, double hz) {
  Worst worst;
  for (std::size_t i = from; i < all.size(); ++i) {
    if (all[i].hz <= 0.0f)
      ++worst.missing;
    else
      worst.cents = std::max(worst.cents, std::abs(cents(static_cast<double>(all[i].hz), hz)));
  }
  return worst;
}

TEST(PitchDetector, ReadsSteadySinesAndRichTonesWithinATenthOfACentFrom20HzTo2kHz) {
  for (const double sampleRate : {44100.0, 48000.0, 96000.0})
    for (const int partials : {1, 20})
      for (const double hz : {20.0, 27.5, 30.868, 41.203, 55.0, 82.407, 146.83, 329.63, 440.0, 713.7, 987.77,
                              1318.5, 1721.3, 1975.5, 2000.0}) {
        SCOPED_TRACE(::testing::Message() << hz << " Hz, " << partials << " partials at " << sampleRate);
        Mono samples = tone(hz, sampleRate, 1.3, partials);
        addNoise(samples, 50.0, static_cast<unsigned>(hz));
        const Worst worst = worstFrom(readings(samples, sampleRate), 70, hz);
        EXPECT_EQ(worst.missing, 0);
        EXPECT_LT(worst.cents, 0.1);
      }
}

TEST(PitchDetector, ReadsAStiffLowBWithin5CentsAfter200MsAnd1CentAfter500Ms) {
  for (const double inharmonicity : {0.0, 1e-4, 3e-4})
    for (const double decayS : {2.0, 6.0}) {
      SCOPED_TRACE(::testing::Message() << "B " << inharmonicity << ", decay " << decayS << " s");
      Mono samples = testing::silence(4800);
      const Mono note = tone(30.868, 48000.0, 1.5, 40, inharmonicity, decayS);
      samples.insert(samples.end(), note.begin(), note.end());
      addNoise(samples, 60.0, 3);
      const auto all = readings(samples, 48000.0);  // the pluck is at reading 10
      const Worst soon = worstFrom(all, 10 + 20, 30.868), later = worstFrom(all, 10 + 50, 30.868);
      EXPECT_EQ(soon.missing, 0);
      EXPECT_LT(soon.cents, 5.0);
      EXPECT_LT(later.cents, 1.0);
    }
}

TEST(PitchDetector, KnowsTheFirstPartialWhereItIsNotHeard) {
  const Mono samples = tone(41.203, 48000.0, 1.2, 12, 1e-4, 3.0, 2);
  const Worst worst = worstFrom(readings(samples, 48000.0), 60, 41.203);
  EXPECT_EQ(worst.missing, 0);
  EXPECT_LT(worst.cents, 0.5);
}

TEST(PitchDetector, FollowsTheNextNoteWithin250Ms) {
  Mono samples = tone(110.0, 48000.0, 1.0, 20, 5e-5, 1.0);
  const Mono next = tone(164.81, 48000.0, 1.0, 20, 5e-5, 1.0);
  samples.insert(samples.end(), next.begin(), next.end());
  const auto all = readings(samples, 48000.0);
  EXPECT_LT(worstFrom({all.begin() + 50, all.begin() + 99}, 0, 110.0).cents, 0.5);
  const Worst after = worstFrom(all, 125, 164.81);
  EXPECT_EQ(after.missing, 0);
  EXPECT_LT(after.cents, 2.0);
  EXPECT_LT(worstFrom(all, 170, 164.81).cents, 0.5);
}

TEST(PitchDetector, HearsNoNoteInNoiseNorInSilence) {
  for (const Mono& samples : {testing::noise(96000, 0.3f), testing::silence(96000)})
    for (const Pitch& pitch : readings(samples, 48000.0)) EXPECT_EQ(pitch.hz, 0.0f);
}

TEST(PitchDetector, TellsThePeriodOfALowNoteWithin100Ms) {
  const auto all = readings(tone(82.407, 48000.0, 0.5, 20), 48000.0, true);
  const Worst worst = worstFrom(all, 9, 82.407);
  EXPECT_EQ(worst.missing, 0);
  EXPECT_LT(worst.cents, 15.0);
}

}  // namespace
}  // namespace gainstage::dsp
