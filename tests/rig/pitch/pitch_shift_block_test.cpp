#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "dsp/pitch/harmony.h"
#include "dsp/pitch/pitch_detector.h"
#include "rig/test_blocks.h"

namespace gainstage::rig {
namespace {

using testing::Mono;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 64};

Mono chord(std::initializer_list<double> hz, FrameCount frames) {
  Mono sum = testing::silence(frames);
  for (const double frequency : hz) {
    const Mono tone = testing::sine(frequency, kRate, frames, 0.2f, frequency);
    for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += tone[n];
  }
  return sum;
}

Mono shifted(const Mono& in, double semitones, double latency = 0.0, double cents = 0.0) {
  LoneBlock block(stateOf("pitchShift", {{"semitones", static_cast<float>(semitones)},
                                         {"fineCents", static_cast<float>(cents)},
                                         {"latency", static_cast<float>(latency)}}),
                  kFormat, 1);
  return block.render({in}, 64)[0];
}

/// dB of everything but the tones, each taken out by least squares one after the other, below the whole.
double residueDb(Mono samples, std::initializer_list<double> hz) {
  const double whole = testing::rms(samples);
  for (int pass = 0; pass < (hz.size() > 1 ? 4 : 1); ++pass)
    for (const double frequency : hz) {
      double re = 0.0, im = 0.0;
      const double turn = 2.0 * std::numbers::pi * frequency / kRate,
                   count = static_cast<double>(samples.size());
      for (std::size_t n = 0; n < samples.size(); ++n) {
        re += static_cast<double>(samples[n]) * std::cos(turn * static_cast<double>(n));
        im += static_cast<double>(samples[n]) * std::sin(turn * static_cast<double>(n));
      }
      for (std::size_t n = 0; n < samples.size(); ++n)
        samples[n] -= static_cast<float>(
            2.0 / count *
            (re * std::cos(turn * static_cast<double>(n)) + im * std::sin(turn * static_cast<double>(n))));
    }
  return testing::decibels(testing::rms(samples) / whole);
}

/// Where within 4 cents of the guess the spectrum has its peak: golden section search.
double strongestNear(std::span<const float> samples, double guessHz) {
  const double golden = (std::sqrt(5.0) - 1.0) / 2.0;
  double low = -4.0, high = 4.0;
  const auto at = [&](double cents) {
    return testing::amplitudeAt(samples, guessHz * std::exp2(cents / 1200.0), kRate);
  };
  while (high - low > 0.02) {
    const double a = high - golden * (high - low), b = low + golden * (high - low);
    (at(a) > at(b) ? high : low) = at(a) > at(b) ? b : a;
  }
  return guessHz * std::exp2(0.5 * (low + high) / 1200.0);
}

TEST(PitchShift, IsInTuneWithinATenthOfACentAndCleanOnASine) {
  for (const double latency : {0.0, 1.0})
    for (const double semitones : {-24.0, -12.0, -5.0, -1.0, 1.0, 4.0, 7.0, 12.0, 24.0})
      for (const double hz : {110.0, 329.63, 880.0}) {
        SCOPED_TRACE(::testing::Message()
                     << semitones << " semitones of " << hz << " Hz, latency " << latency);
        const Mono out = shifted(testing::sine(hz, kRate, 96000, 0.5f), semitones, latency);
        const double wanted = hz * std::exp2(semitones / 12.0);
        const Mono settled(out.begin() + 48000, out.end());
        EXPECT_NEAR(1200.0 * std::log2(strongestNear(settled, wanted) / wanted), 0.0, 0.1);
        EXPECT_LT(residueDb(settled, {wanted}), -40.0);
        EXPECT_NEAR(testing::decibels(testing::rms(settled) / testing::rms(testing::dc(0.35355f, 10))), 0.0,
                    0.5);
      }
}

TEST(PitchShift, MovesByCentsAsWell) {
  for (const double cents : {-100.0, -7.0, 3.0, 50.0}) {
    const Mono out = shifted(testing::sine(440.0, kRate, 96000, 0.5f), 0.0, 0.0, cents);
    dsp::PitchDetector detector;
    detector.prepare(kFormat);
    for (const float sample : out) detector.push(sample);
    EXPECT_NEAR(1200.0 * std::log2(static_cast<double>(detector.pitch().hz) / 440.0), cents, 0.1);
  }
}

/// Each jump is of the period that all notes share as nearly as they do, so each of them is pulled by a cent.
TEST(PitchShift, KeepsAPowerChordCleanAndInTuneWithin3Cents) {
  for (const double semitones : {-12.0, -2.0, 5.0, 12.0}) {
    SCOPED_TRACE(semitones);
    const double up = std::exp2(semitones / 12.0), e = 82.407, b = 123.471;
    const Mono out = shifted(chord({e, b, 2 * e}, 192000), semitones);
    const Mono settled(out.begin() + 48000, out.end());
    std::vector<double> found;
    for (const double hz : {e, b, 2 * e}) {
      found.push_back(strongestNear(settled, up * hz));
      EXPECT_NEAR(1200.0 * std::log2(found.back() / (up * hz)), 0.0, 3.0);
    }
    EXPECT_LT(residueDb(settled, {found[0], found[1], found[2]}), -20.0);
  }
}

/// The first frame that is louder than what went before.
std::size_t attackAt(const Mono& samples) {
  std::size_t n = 0;
  while (n < samples.size() && std::abs(samples[n]) < 0.1f) ++n;
  return n;
}

TEST(PitchShift, LetsAnAttackOutOnceAfterItsLatencyWithin3Ms) {
  for (const double latency : {0.0, 1.0})
    for (const double semitones : {-12.0, -5.0, 3.0, 7.0, 12.0})
      for (const std::size_t at : {52000u, 53111u, 54321u}) {
        SCOPED_TRACE(::testing::Message() << semitones << " semitones, latency " << latency << ", at " << at);
        // A soft tone goes on before, so that the voice is anywhere on its way; then a pluck of 5 ms.
        Mono in = testing::sine(196.0, kRate, 72000, 0.01f);
        for (std::size_t n = 0; n < 2400; ++n)
          in[at + n] +=
              static_cast<float>(0.6 * std::exp(-static_cast<double>(n) / 240.0) *
                                 std::sin(2.0 * std::numbers::pi * 700.0 * static_cast<double>(n) / kRate));
        LoneBlock block(stateOf("pitchShift", {{"semitones", static_cast<float>(semitones)},
                                               {"latency", static_cast<float>(latency)}}),
                        kFormat, 1);
        const auto late = static_cast<double>(block->latencyFrames());
        EXPECT_LE(late, 0.025 * kRate);
        const Mono out = block.render({in}, 64)[0];
        EXPECT_NEAR((static_cast<double>(attackAt(out)) - static_cast<double>(attackAt(in)) - late) / 48.0,
                    0.0, 3.0);
        // Once: all its energy lies within what it takes at the new speed, and 6 ms.
        const std::size_t began = at + static_cast<std::size_t>(late);
        const double length = 2400.0 / std::exp2(semitones / 12.0) + 288.0;
        const double after =
            testing::peak(std::span(out).subspan(began + static_cast<std::size_t>(length), 9600));
        EXPECT_LT(after, 0.06);
      }
}

TEST(Harmony, StaysInTheScale) {
  const auto& major = dsp::kScales[0];
  // Thirds above C D E F G A B in C.
  const int thirds[] = {4, 3, 3, 4, 4, 3, 3};
  for (std::size_t degree = 0; degree < 7; ++degree)
    EXPECT_EQ(dsp::diatonicSemitones(major, 0, 60 + major.semitones[degree], 2), thirds[degree]);
  EXPECT_EQ(dsp::diatonicSemitones(major, 0, 60, -2), -3);
  EXPECT_EQ(dsp::diatonicSemitones(major, 0, 60, -7), -12);
  EXPECT_EQ(dsp::diatonicSemitones(major, 0, 71, 7), 12);
  EXPECT_EQ(dsp::diatonicSemitones(major, 7, 67, 4), 7);
  EXPECT_EQ(dsp::diatonicSemitones(dsp::kScales[1], 9, 69, 2), 3);  // A minor
}

TEST(Harmoniser, AddsTheThirdOfTheKeyToEachNote) {
  // In C: above C a major third, above D a minor one.
  for (const auto& [hz, third] : {std::pair{261.63, 4}, {293.66, 3}, {329.63, 3}, {392.0, 4}}) {
    SCOPED_TRACE(hz);
    LoneBlock block(stateOf("harmoniser", {{"dry", 0.0f}, {"level1", 1.0f}}), kFormat, 1);
    EXPECT_EQ(block->latencyFrames(), 0);
    const Mono out = block.render({testing::sine(hz, kRate, 96000, 0.5f)}, 64)[0];
    dsp::PitchDetector detector;
    detector.prepare(kFormat);
    for (const float sample : out) detector.push(sample);
    EXPECT_NEAR(1200.0 * std::log2(static_cast<double>(detector.pitch().hz) / hz), 100.0 * third, 0.2);
  }
}

TEST(Harmoniser, PassesWhatIsPlayedAtOnce) {
  LoneBlock block(stateOf("harmoniser", {{"level1", 0.0f}, {"level2", 0.0f}}), kFormat, 1);
  const Mono noise = testing::noise(9600);
  EXPECT_EQ(block.render({noise}, 64)[0], noise);
}

TEST(Harmoniser, FollowsTheNextNoteWithin60Ms) {
  Mono in = testing::sine(261.63, kRate, 48000, 0.5f);
  const Mono next = testing::sine(293.66, kRate, 48000, 0.5f);
  in.insert(in.end(), next.begin(), next.end());
  LoneBlock block(stateOf("harmoniser", {{"dry", 0.0f}, {"level1", 1.0f}}), kFormat, 1);
  const Mono out = block.render({in}, 64)[0];
  const auto heard = std::span(out).subspan(48000 + 60 * 48, 4800);
  EXPECT_GT(testing::amplitudeAt(heard, 293.66 * std::exp2(3.0 / 12.0), kRate), 0.35);
}

}  // namespace
}  // namespace gainstage::rig
