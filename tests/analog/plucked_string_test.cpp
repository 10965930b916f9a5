#include "analog/plucked_string.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::analog {
namespace {

using testing::amplitudeAt;
using testing::decibels;
using testing::Mono;

/// What the pickup's coil gets of one pluck; its sum over time is the string's velocity.
Mono pluckOnce(const StringSetup& setup, double sampleRate, double seconds, const Pluck& pluck = {}) {
  PluckedString string;
  string.prepare(sampleRate, setup);
  string.pluck(pluck);
  Mono out = testing::silence(static_cast<FrameCount>(std::lround(seconds * sampleRate)));
  const RealtimeScope realtime;
  string.process(out);
  return out;
}

std::span<const float> part(const Mono& samples, double sampleRate, double from, double seconds) {
  return std::span(samples).subspan(static_cast<std::size_t>(std::lround(from * sampleRate)),
                                    static_cast<std::size_t>(std::lround(seconds * sampleRate)));
}

/// Where within 30 cents of the guess the spectrum has its peak: golden section search.
double peakNear(std::span<const float> samples, double guessHz, double sampleRate) {
  const double golden = (std::sqrt(5.0) - 1.0) / 2.0;
  double low = guessHz * std::exp2(-30.0 / 1200.0);
  double high = guessHz * std::exp2(30.0 / 1200.0);
  double a = high - golden * (high - low), b = low + golden * (high - low);
  double atA = amplitudeAt(samples, a, sampleRate), atB = amplitudeAt(samples, b, sampleRate);
  while (high / low > 1.00002) {  // 0.03 cents
    if (atA > atB) {
      high = b, b = a, atB = atA;
      a = high - golden * (high - low);
      atA = amplitudeAt(samples, a, sampleRate);
    } else {
      low = a, a = b, atA = atB;
      b = low + golden * (high - low);
      atB = amplitudeAt(samples, b, sampleRate);
    }
  }
  return 0.5 * (low + high);
}

double cents(double hz, double of) { return 1200.0 * std::log2(hz / of); }

double partialHz(const StringSetup& setup, int partial) {
  return partial * setup.openHz *
         std::sqrt((1.0 + setup.inharmonicity * partial * partial) / (1.0 + setup.inharmonicity));
}

TEST(PluckedString, IsInTuneWithinOneCentOnEveryFretAtEveryRate) {
  for (const double sampleRate : {44100.0, 96000.0})
    for (const double openHz : {82.4069, 146.832, 329.628})
      for (const double fret : {0.0, 19.0}) {
        SCOPED_TRACE(::testing::Message() << openHz << " Hz, fret " << fret << ", " << sampleRate << " Hz");
        const StringSetup setup{.openHz = openHz};
        const Mono out = pluckOnce(setup, sampleRate, 0.5, {.semitones = fret});
        const double wanted = openHz * std::exp2(fret / 12.0);
        EXPECT_NEAR(cents(peakNear(part(out, sampleRate, 0.1, 0.4), wanted, sampleRate), wanted), 0.0, 1.0);
      }
}

TEST(PluckedString, ItsPartialsAreSharpByItsStiffness) {
  const StringSetup setup{.openHz = 82.4069, .inharmonicity = 9e-5};
  const Mono out = pluckOnce(setup, 48000.0, 1.1);
  for (const int partial : {6, 8, 12}) {
    const double stiffCents = cents(partialHz(setup, partial), partial * setup.openHz);
    const double hz = peakNear(part(out, 48000.0, 0.1, 1.0), partialHz(setup, partial), 48000.0);
    EXPECT_NEAR(cents(hz, partial * setup.openHz), stiffCents, 2.0) << partial;
  }
  EXPECT_GT(cents(partialHz(setup, 12), 12 * setup.openHz), 10.0);
}

/// Seconds to fall by 60 dB, from the levels at two times.
double decayTime(const Mono& out, double hz, double from, double to) {
  const double fall = decibels(amplitudeAt(part(out, 48000.0, from, 0.25), hz, 48000.0)) -
                      decibels(amplitudeAt(part(out, 48000.0, to, 0.25), hz, 48000.0));
  return 60.0 * (to - from) / fall;
}

TEST(PluckedString, RingsAsLongAsAStringAndItsTrebleDiesSooner) {
  const StringSetup setup{.openHz = 110.0, .inharmonicity = 0.0, .decayS = 8.0, .trebleDecayS = 1.2};
  const Mono out = pluckOnce(setup, 48000.0, 3.0);
  // The polarization that the pickup hears less rings half as long again.
  const double low = decayTime(out, 110.0, 0.1, 2.5);
  EXPECT_GE(low, 0.95 * 8.0);
  EXPECT_LE(low, 1.3 * 8.0);
  const double treble = decayTime(out, 36 * 110.0, 0.05, 0.5);
  EXPECT_GE(treble, 0.8 * 1.2);
  EXPECT_LE(treble, 1.3 * 1.2);
  double last = low;
  for (const int partial : {7, 13, 22}) {
    const double time = decayTime(out, partial * 110.0, 0.05, 0.8);
    EXPECT_LT(time, last) << partial;
    last = time;
  }
}

TEST(PluckedString, IsDeafToPartialsWithANodeAboveThePickup) {
  // At a sixth of the open string; at the 12th fret that place is a third.
  const StringSetup setup{
      .openHz = 110.0, .scaleMm = 648.0, .pickupMm = 108.0, .pluckMm = 91.0, .inharmonicity = 0.0};
  for (const auto& [fret, node] : {std::pair{0, 6}, {12, 3}}) {
    const double hz = 110.0 * std::exp2(fret / 12.0);
    const Mono out = pluckOnce(setup, 48000.0, 1.2, {.semitones = static_cast<double>(fret)});
    const auto settled = part(out, 48000.0, 0.2, 1.0);
    const auto level = [&](int partial) { return decibels(amplitudeAt(settled, partial * hz, 48000.0)); };
    for (const int multiple : {1, 2})
      for (const int neighbour : {-1, 1})
        EXPECT_LT(level(multiple * node), level(multiple * node + neighbour) - 30.0)
            << "fret " << fret << ", partial " << multiple * node;
  }
}

TEST(PluckedString, HasNoPartialsWithANodeWhereItIsPlucked) {
  const StringSetup setup{
      .openHz = 110.0, .scaleMm = 648.0, .pickupMm = 101.0, .pluckMm = 648.0 / 4.0, .inharmonicity = 0.0};
  const Mono out = pluckOnce(setup, 48000.0, 1.2);
  const auto settled = part(out, 48000.0, 0.2, 1.0);
  const auto level = [&](int partial) { return decibels(amplitudeAt(settled, partial * 110.0, 48000.0)); };
  // The plectrum's grain is no mirror image of itself: it leaves some.
  EXPECT_LT(level(4), level(3) - 15.0);
  EXPECT_LT(level(4), level(5) - 15.0);
}

TEST(PluckedString, HarderIsLouderAndBrighter) {
  const StringSetup setup{.openHz = 196.0};
  const auto levels = [&](float velocity) {
    const Mono out = pluckOnce(setup, 48000.0, 0.5, {.velocity = velocity});
    return std::pair{decibels(amplitudeAt(out, 196.0, 48000.0)),
                     decibels(amplitudeAt(out, partialHz(setup, 14), 48000.0))};
  };
  const auto [softLow, softHigh] = levels(0.3f);
  const auto [hardLow, hardHigh] = levels(0.9f);
  EXPECT_NEAR(hardLow - softLow, decibels(0.9 / 0.3), 1.5);
  EXPECT_GT(hardHigh - softHigh, hardLow - softLow + 2.0);
}

TEST(PluckedString, IsSilentSoonAfterAFingerRestsOnIt) {
  PluckedString string;
  string.prepare(48000.0, {.openHz = 82.4069});
  string.pluck({});
  Mono before = testing::silence(24000), during = testing::silence(1440), after = testing::silence(4800);
  string.process(before);
  string.damp();
  string.process(during);  // 30 ms: 8 ms, a period of 12 ms, and the way to the bridge and back
  string.process(after);
  EXPECT_LT(decibels(testing::peak(after) / testing::peak(before)), -80.0);
  EXPECT_LE(testing::largestStep(during), testing::largestStep(before));
}

TEST(PluckedString, APluckLeavesNothingOfTheNoteBefore) {
  PluckedString fresh, again;
  for (PluckedString* string : {&fresh, &again}) string->prepare(48000.0, {.openHz = 110.0});
  Mono first = testing::silence(20000), pause = testing::silence(2400);
  again.pluck({.semitones = 12.0});
  again.process(first);
  again.damp();
  again.process(pause);
  Mono a = testing::silence(4800), b = testing::silence(4800);
  fresh.pluck({});
  fresh.process(a);
  again.pluck({});
  again.process(b);
  // The plectrum's grain differs from pluck to pluck, the string does not.
  EXPECT_NEAR(decibels(amplitudeAt(b, 110.0, 48000.0)), decibels(amplitudeAt(a, 110.0, 48000.0)), 1.0);
  EXPECT_LT(amplitudeAt(b, 165.0, 48000.0), 2.0 * amplitudeAt(a, 165.0, 48000.0));
}

}  // namespace
}  // namespace gainstage::analog
