#include "analog/amplifier/amplifier.h"

#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>

#include "core/realtime.h"

namespace gainstage::analog {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr double kRate = 384000.0;

class EveryAmplifier : public ::testing::TestWithParam<const AmplifierDesign*> {
 protected:
  const AmplifierDesign& design() const { return *GetParam(); }
};

std::vector<double> sine(double volts, double hz, double seconds) {
  std::vector<double> tone(static_cast<std::size_t>(seconds * kRate));
  for (std::size_t n = 0; n < tone.size(); ++n)
    tone[n] = volts * std::sin(kTurn * hz * static_cast<double>(n) / kRate);
  return tone;
}

/// The harmonic's peak volts over the last 50 ms, of a tone of which they hold whole periods.
double harmonic(std::span<const double> sound, double hz, int number) {
  const auto last = sound.last(static_cast<std::size_t>(0.05 * kRate));
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < last.size(); ++n)
    sum += last[n] * std::polar(1.0, -kTurn * hz * number * static_cast<double>(n) / kRate);
  return 2.0 * std::abs(sum) / static_cast<double>(last.size());
}

TEST_P(EveryAmplifier, FallsSilentAfterABurstAtEveryCornerOfItsPanel) {
  // A loop of feedback that did not hold would go on by itself.
  Amplifier amplifier(design(), kRate);
  for (unsigned corner = 0; corner < 1u << design().knobs.size(); ++corner) {
    for (std::size_t k = 0; k < design().knobs.size(); ++k) amplifier.turn(k, (corner >> k) & 1u);
    amplifier.reset();
    std::vector<double> sound = sine(0.5, 700.0, 0.02);
    sound.resize(static_cast<std::size_t>(0.12 * kRate));
    {
      RealtimeScope realtime;
      amplifier.process(sound);
    }
    double step = 0.0;
    for (std::size_t n = sound.size() - 3840; n < sound.size(); ++n)
      step = std::max(step, std::abs(sound[n] - sound[n - 1]));
    EXPECT_LT(step, 0.1) << "volts between two steps, corner " << corner;
  }
}

TEST_P(EveryAmplifier, IsSilentAtRest) {
  Amplifier amplifier(design(), kRate);
  std::vector<double> sound(38400);
  amplifier.process(sound);
  for (const double volts : sound) ASSERT_LT(std::abs(volts), 1e-4);
}

TEST_P(EveryAmplifier, SoundsTheSameAtTwiceTheRate) {
  // Fundamental and third harmonic of a loud note, in dB: two discretisations of one circuit.
  const auto levels = [&](double rate) {
    Amplifier amplifier(design(), rate);
    std::vector<double> sound(static_cast<std::size_t>(0.3 * rate));
    for (std::size_t n = 0; n < sound.size(); ++n)
      sound[n] = 0.1 * std::sin(kTurn * 400.0 * static_cast<double>(n) / rate);
    amplifier.process(sound);
    std::array<double, 2> found{};
    for (int h = 0; h < 2; ++h) {
      std::complex<double> sum = 0.0;
      const auto last = std::span(sound).last(static_cast<std::size_t>(0.05 * rate));
      for (std::size_t n = 0; n < last.size(); ++n)
        sum += last[n] * std::polar(1.0, -kTurn * 400.0 * (2 * h + 1) * static_cast<double>(n) / rate);
      found[static_cast<std::size_t>(h)] =
          20.0 * std::log10(2.0 * std::abs(sum) / static_cast<double>(last.size()));
    }
    return found;
  };
  const auto once = levels(kRate), twice = levels(2.0 * kRate);
  EXPECT_NEAR(once[0], twice[0], 0.3);
  EXPECT_NEAR(once[1], twice[1], 1.0);
}

TEST_P(EveryAmplifier, GivesWhatItsPowerTubesCan) {
  // Driven into a square, whose fundamental alone has 1.6 times a sine's power: between a third of what its
  // tubes are rated at and two and a half times as much, into its loudspeaker's 1.3 Re at 400 Hz.
  Amplifier amplifier(design(), kRate);
  for (std::size_t k = 0; k < design().knobs.size(); ++k)
    if (design().knobs[k].id == "volume" || design().knobs[k].id == "gain" ||
        design().knobs[k].id == "master")
      amplifier.turn(k, 1.0);
  amplifier.reset();
  std::vector<double> sound = sine(0.3, 400.0, 0.4);
  amplifier.process(sound);
  const double volts = harmonic(sound, 400.0, 1);
  const double watts = volts * volts / 2.0 / (1.3 * design().power.coilOhms);
  std::printf("%s: %.0f W\n", std::string(design().id).c_str(), watts);
  EXPECT_GT(watts, design().ratedWatts / 3.0);
  EXPECT_LT(watts, design().ratedWatts * 2.5);
}

TEST_P(EveryAmplifier, LeavesHeadroomBelowFullScale) {
  Amplifier amplifier(design(), kRate);
  for (std::size_t k = 0; k < design().knobs.size(); ++k)
    if (design().knobs[k].id == "volume" || design().knobs[k].id == "gain" ||
        design().knobs[k].id == "master")
      amplifier.turn(k, 1.0);
  amplifier.reset();
  std::vector<double> sound = sine(1.0, 90.0, 0.5);
  amplifier.process(sound);
  double peak = 0.0;
  for (const double volts : sound) peak = std::max(peak, std::abs(volts));
  EXPECT_LT(peak, design().fullScaleVolts);
}

INSTANTIATE_TEST_SUITE_P(Analog, EveryAmplifier,
                         ::testing::ValuesIn(amplifierDesigns().begin(), amplifierDesigns().end()),
                         [](const auto& design) {
                           std::string name(design.param->id);
                           std::erase(name, '-');
                           return name;
                         });

/// One that has two ends to compare: peak volts at the loudspeaker for a pair of grids driven apart by
/// `volts`.
double driven(PowerStage& stage, double bias, double volts, double hz) {
  stage.reset();
  const auto frames = static_cast<std::size_t>(0.6 * kRate);
  std::vector<double> sound(frames);
  for (std::size_t n = 0; n < frames; ++n) {
    const double now = volts * std::sin(kTurn * hz * static_cast<double>(n) / kRate);
    sound[n] = stage.step(bias - now, bias + now);
  }
  return harmonic(sound, hz, 1);
}

TEST(PowerStage, RestsWhereTheSheetsSay) {
  // Idle currents per tube at the biases of the table in docs/amplifiers.md, within 3 mA.
  EXPECT_NEAR(PowerStage(kAmericanClean.power, kRate).restAmperes() / 4.0, 0.035, 0.003);
  EXPECT_NEAR(PowerStage(kTweed.power, kRate).restAmperes() / 2.0, 0.038, 0.003);
  EXPECT_NEAR(PowerStage(kBritishCrunch.power, kRate).restAmperes() / 2.0, 0.038, 0.003);
  EXPECT_NEAR(PowerStage(kTopBoost.power, kRate).restCathodeVolts(), 10.1, 0.6);
}

TEST(PowerStage, IsLoudestWhereItsLoudspeakerResonates) {
  // Pentodes are a source of current: small signals follow what the loudspeaker and the transformer's primary
  // are together, in closed form.
  const PowerSection& section = kTopBoost.power;
  PowerStage stage(section, kRate);
  const auto impedance = [&](double hz) {
    const std::complex<double> s(0.0, kTurn * hz);
    const double rate = kTurn * section.resonanceHz;
    const double henries = section.resonanceOhms / (rate * section.resonanceQ);
    const double farads = section.resonanceQ / (rate * section.resonanceOhms);
    const auto coil =
        s * section.coilHenries * section.coilLossOhms / (s * section.coilHenries + section.coilLossOhms);
    const auto speaker =
        section.coilOhms + coil + 1.0 / (1.0 / section.resonanceOhms + 1.0 / (s * henries) + s * farads);
    const double square = section.turns * section.turns;
    const auto windings = section.secondaryOhms + section.primaryOhms / square;
    const auto primary = s * section.primaryHenries / square;
    // The loudspeaker's share of what the primary sees.
    return primary * (speaker + windings) / (primary + speaker + windings) * speaker / (speaker + windings);
  };
  const double ratio = driven(stage, 0.0, 0.2, section.resonanceHz) / driven(stage, 0.0, 0.2, 400.0);
  const double expected = std::abs(impedance(section.resonanceHz)) / std::abs(impedance(400.0));
  EXPECT_NEAR(20.0 * std::log10(ratio / expected), 0.0, 1.0);
}

TEST(PowerStage, SagsUnderLoadAndRecovers) {
  // A burst's first period is louder than what follows, and a second burst after a rest is as loud as the
  // first.
  const PowerSection& section = kTweed.power;
  PowerStage stage(section, kRate);
  const auto period = static_cast<std::size_t>(kRate / 400.0);
  const auto peakOf = [&](std::size_t periods) {
    double peak = 0.0;
    for (std::size_t n = 0; n < periods * period; ++n)
      peak = std::max(
          peak, std::abs(stage.step(
                    section.gridVolts - 60.0 * std::sin(kTurn * 400.0 * static_cast<double>(n) / kRate),
                    section.gridVolts + 60.0 * std::sin(kTurn * 400.0 * static_cast<double>(n) / kRate))));
    return peak;
  };
  const double first = peakOf(1);
  peakOf(60);
  const double sagged = peakOf(1);
  EXPECT_LT(20.0 * std::log10(sagged / first), -0.5);
  for (std::size_t n = 0; n < static_cast<std::size_t>(0.5 * kRate); ++n)
    stage.step(section.gridVolts, section.gridVolts);
  EXPECT_NEAR(20.0 * std::log10(peakOf(1) / first), 0.0, 0.2);
}

}  // namespace
}  // namespace gainstage::analog
