#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>
#include <gtest/gtest.h>
#include <numbers>

#include "analog/pedals/boost.h"
#include "analog/pedals/distortion.h"
#include "analog/pedals/fuzz.h"
#include "analog/pedals/octave.h"
#include "analog/pedals/overdrive.h"
#include "analog/pedals/wah.h"
#include "analog/stored_results.h"
#include "core/realtime.h"

/// Pedals against what ngspice makes of their netlists (scripts/netlists.py).
namespace gainstage::analog {
namespace {

constexpr double kRate = 768000.0;

/// In dB, of a model at rest, by an impulse too small to drive anything and the transform of the answer.
template <typename Model>
class SmallSignal {
 public:
  SmallSignal(Model& model, double seconds) : answer_(static_cast<std::size_t>(seconds * kRate)) {
    model.reset();
    std::vector<double> silence(answer_.size());
    model.process(silence);
    model.reset();
    answer_[0] = kVolts;
    RealtimeScope realtime;
    model.process(answer_);
    for (std::size_t n = 0; n < answer_.size(); ++n) answer_[n] -= silence[n];
  }

  double decibelsAt(double hz) const {
    std::complex<double> sum = 0.0;
    const auto turn = std::polar(1.0, -2.0 * std::numbers::pi * hz / kRate);
    for (std::size_t n = answer_.size(); n-- > 0;) sum = sum * turn + answer_[n];
    return 20.0 * std::log10(std::abs(sum) / kVolts);
  }

 private:
  static constexpr double kVolts = 1e-3;
  std::vector<double> answer_;
};

template <typename Model, typename KnobsOf>
void expectResponses(const std::string& name, Model model, KnobsOf&& knobsOf, double seconds = 0.3) {
  const StoredResults stored("pedal-" + name + "-response");
  ASSERT_GE(stored.rows.size(), 31u);
  for (std::size_t s = 1; s < stored.head.size(); ++s) {
    std::istringstream words(stored.head[s]);
    std::vector<double> settings;
    for (double value = 0.0; words >> value;) settings.push_back(value);
    model.setKnobs(knobsOf(settings));
    const SmallSignal<Model> measured(model, seconds);
    for (const auto& row : stored.rows)
      EXPECT_NEAR(measured.decibelsAt(row[0]), row[s], 0.5)
          << name << " at " << stored.head[s] << ", " << row[0] << " Hz";
  }
}

/// Harmonics of a 500 Hz sine, in dB re 1 V, once what couples has settled.
template <typename Model>
std::vector<double> harmonics(Model& model, double volts) {
  constexpr double kHz = 500.0;
  constexpr auto kPeriod = static_cast<std::size_t>(kRate / kHz);
  constexpr std::size_t kSettle = 200 * kPeriod, kHeard = 10 * kPeriod;
  model.reset();
  std::vector<double> io(kSettle + kHeard);
  for (std::size_t n = 0; n < io.size(); ++n)
    io[n] = volts * std::sin(2.0 * std::numbers::pi * static_cast<double>(n % kPeriod) / kPeriod);
  model.process(io);
  std::vector<double> levels;
  for (int k = 1; k <= 5; ++k) {
    std::complex<double> sum = 0.0;
    for (std::size_t n = 0; n < kHeard; ++n)
      sum += io[kSettle + n] *
             std::polar(2.0 / kHeard, 2.0 * std::numbers::pi * k * static_cast<double>(n) / kPeriod);
    levels.push_back(20.0 * std::log10(std::abs(sum) + 1e-12));
  }
  return levels;
}

template <typename Model, typename KnobsOf>
void expectHarmonics(const std::string& name, Model model, KnobsOf&& knobsOf,
                     const std::function<bool(const std::vector<double>&)>& concerns = {}) {
  const StoredResults stored("pedal-" + name + "-driven");
  ASSERT_GE(stored.rows.size(), 3u);
  for (const auto& row : stored.rows) {
    if (concerns && !concerns(row)) continue;
    const std::size_t settings = row.size() - 6;  // then the level, and five harmonics
    model.setKnobs(knobsOf(row));
    const std::vector<double> measured = harmonics(model, row[settings]);
    for (std::size_t k = 0; k < 5; ++k) {
      const double loudest = *std::max_element(row.end() - 5, row.end());
      if (row[settings + 1 + k] < loudest - 70.0) continue;
      std::string where;
      for (std::size_t i = 0; i <= settings; ++i)
        where += stored.head[i] + " " + std::to_string(row[i]) + " ";
      EXPECT_NEAR(measured[k], row[settings + 1 + k], 1.0) << name << ", harmonic " << k + 1 << ", " << where;
    }
  }
}

Overdrive::Knobs overdriveKnobs(const std::vector<double>& at) { return {.drive = at[0], .tone = at[1]}; }

TEST(Overdrive, HasTheResponsesThatNgspiceFinds) {
  expectResponses("overdrive", Overdrive(kRate), overdriveKnobs);
}

TEST(Overdrive, MakesTheHarmonicsThatNgspiceFinds) {
  expectHarmonics("overdrive", Overdrive(kRate), overdriveKnobs);
}

Boost::Knobs boostKnobs(const std::vector<double>& at) {
  return {.gain = at[0], .lowCut = at[1], .tone = at[2]};
}

TEST(Boost, HasTheResponsesThatNgspiceFinds) { expectResponses("boost", Boost(kRate), boostKnobs); }

TEST(Boost, MakesTheHarmonicsThatNgspiceFinds) { expectHarmonics("boost", Boost(kRate), boostKnobs); }

Distortion::Knobs distortionKnobs(const std::vector<double>& at) {
  return {.distortion = at[0], .filter = at[1]};
}

TEST(Distortion, HasTheResponsesThatNgspiceFinds) {
  expectResponses("distortion", Distortion(kRate), distortionKnobs);
}

TEST(Distortion, MakesTheHarmonicsThatNgspiceFinds) {
  expectHarmonics("distortion", Distortion(kRate), distortionKnobs);
}

TEST(Fuzz, MakesTheHarmonicsThatNgspiceFinds) {
  for (const bool silicon : {false, true})
    expectHarmonics(
        "fuzz", Fuzz(silicon ? Fuzz::Transistors::silicon : Fuzz::Transistors::germanium, kRate),
        [](const std::vector<double>& at) {
          return Fuzz::Knobs{.fuzz = at[0], .guitarVolume = at[1], .bias = at[2]};
        },
        [silicon](const std::vector<double>& at) { return (at[3] != 0.0) == silicon; });
}

TEST(Fuzz, CleansUpWhenTheGuitarsVolumeGoesDown) {
  // Third harmonic to fundamental, of a strong stroke.
  Fuzz fuzz(Fuzz::Transistors::germanium, kRate);
  const auto distortion = [&](double volume) {
    fuzz.setKnobs({.fuzz = 0.9, .guitarVolume = volume});
    const std::vector<double> levels = harmonics(fuzz, 0.2);
    return levels[2] - levels[0];
  };
  EXPECT_GT(distortion(1.0), -20.0);
  EXPECT_LT(distortion(0.2), -40.0);
}

Octave::Knobs octaveKnobs(const std::vector<double>& at) { return {.drive = at[0], .octave = at[1]}; }

TEST(Octave, HasTheResponsesThatNgspiceFinds) { expectResponses("octave", Octave(kRate), octaveKnobs); }

TEST(Octave, MakesTheHarmonicsThatNgspiceFinds) { expectHarmonics("octave", Octave(kRate), octaveKnobs); }

Wah::Knobs wahKnobs(const std::vector<double>& at) { return {.pedal = at[0]}; }

TEST(Wah, HasTheResponsesThatNgspiceFindsWhereverItsPedalIs) { expectResponses("wah", Wah(kRate), wahKnobs); }

}  // namespace
}  // namespace gainstage::analog
