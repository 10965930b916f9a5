#include <algorithm>
#include <cmath>
#include <cstdio>
#include <gtest/gtest.h>
#include <numbers>

#include "dsp/fft.h"
#include "rig/test_blocks.h"
#include "rig/volts.h"

namespace gainstage::rig {
namespace {

using testing::Mono;

constexpr StreamFormat kFormat{48000.0, 64};
constexpr int kPeriod = 16384;
// Odd, so that harmonics beyond half the rate come back beside those below: 999 and 5001 Hz.
constexpr int k1kHz = 341, k5kHz = 1707;

/// Volume, gain and master all the way up, whichever of them there are.
BlockState fullyDriven(std::string_view type, bool offline) {
  BlockState state = stateOf(type, {{"quality", offline ? 1.0f : 0.0f}});
  for (const char* id : {"volume", "gain", "master"})
    if (const auto index = indexOf(state.declaration->parameters, id)) state.values[*index] = 1.0f;
  return state;
}

/// The last of three periods of a tone.
Mono heard(const BlockState& state, int bin, double volts) {
  const auto amplitude = static_cast<float>(volts / fullScaleVolts(std::nullopt));
  LoneBlock block(state, kFormat, 1);
  const Mono tone =
      testing::sine(bin * kFormat.sampleRate / kPeriod, kFormat.sampleRate, 3 * kPeriod, amplitude);
  const Mono out = block.render({tone}, 64)[0];
  return {out.end() - kPeriod, out.end()};
}

/// Everything between 0 and 18 kHz that is no harmonic of the bin, together, over the fundamental, in dB.
double aliasing(const Mono& period, int bin) {
  // Bias and supply move for seconds, which puts a skirt around each harmonic: under a Hann window it is
  // narrower than 18 Hz, and what is nearer than that to a harmonic counts as part of it.
  constexpr int kSkirt = 6;
  dsp::RealFft fft(kPeriod);
  for (int n = 0; n < kPeriod; ++n)
    fft.input()[static_cast<std::size_t>(n)] =
        period[static_cast<std::size_t>(n)] *
        static_cast<float>(1.0 - std::cos(2.0 * std::numbers::pi * n / kPeriod));
  fft.transform();
  double fundamental = 0.0, rest = 0.0;
  for (int k = 1 + kSkirt; k < static_cast<int>(18000.0 / kFormat.sampleRate * kPeriod); ++k) {
    const double power = static_cast<double>(std::norm(fft.output()[static_cast<std::size_t>(k)]));
    const int nearest = (k + bin / 2) / bin;
    if (std::abs(k - nearest * bin) > kSkirt)
      rest += power;
    else if (nearest == 1)
      fundamental += power;
  }
  return 10.0 * std::log10(rest / fundamental);
}

TEST(AmplifierBlocks, StandWithEachKnobAtNothingAsIfItHadBeenTurnedThere) {
  const Mono tone = testing::sine(440.0, kFormat.sampleRate, 48000, 0.05f);
  const auto level = [](const Mono& sound) {
    double energy = 1e-12;
    for (std::size_t n = sound.size() - 4800; n < sound.size(); ++n)
      energy += static_cast<double>(sound[n]) * static_cast<double>(sound[n]);
    return 10.0 * std::log10(energy);
  };
  for (const char* type : {"americanClean", "tweed", "topBoost", "modernHighGain"}) {
    const BlockState defaults = stateOf(type, {});
    for (std::size_t i = 0; i < defaults.values.size(); ++i) {
      const Parameter& parameter = defaults.declaration->parameters[i];
      if (parameter.unit != "" || parameter.structural) continue;
      BlockState state = defaults;
      state.values[i] = 0.0f;
      const Mono built = LoneBlock(state, kFormat, 1).render({tone}, 64)[0];
      const Mono turned = LoneBlock(defaults, kFormat, 1)
                              .render({tone}, 64, 0, {{64, static_cast<ParameterIndex>(i), 0.0f}})[0];
      EXPECT_NEAR(level(built), level(turned), 0.1) << type << ": " << parameter.id;
    }
  }
}

/// What docs/amplifiers.md says of each, in dB.
struct Aliasing {
  const char* type;
  double live1kHz, live5kHz, offline1kHz, offline5kHz;
};

class AmplifierBlock : public ::testing::TestWithParam<Aliasing> {};

TEST_P(AmplifierBlock, AtFullDriveKeepsWhatIsNoHarmonicAsFarDownAsItsTableSays) {
  // Half a volt at the peak, a hot pickup's stroke; 2 dB of slack.
  const Aliasing& table = GetParam();
  const BlockState live = fullyDriven(table.type, false), offline = fullyDriven(table.type, true);
  const double live1 = aliasing(heard(live, k1kHz, 0.5), k1kHz),
               live5 = aliasing(heard(live, k5kHz, 0.5), k5kHz);
  const double offline1 = aliasing(heard(offline, k1kHz, 0.5), k1kHz),
               offline5 = aliasing(heard(offline, k5kHz, 0.5), k5kHz);
  std::printf("%s: live %.1f dB at 1 kHz, %.1f dB at 5 kHz; offline %.1f dB, %.1f dB\n", table.type, live1,
              live5, offline1, offline5);
  EXPECT_LT(live1, table.live1kHz + 2.0);
  EXPECT_LT(live5, table.live5kHz + 2.0);
  EXPECT_LT(offline1, table.offline1kHz + 2.0);
  EXPECT_LT(offline5, table.offline5kHz + 2.0);
}

INSTANTIATE_TEST_SUITE_P(Rig, AmplifierBlock,
                         ::testing::Values(Aliasing{"americanClean", -56.7, -41.4, -79.9, -83.6},
                                           Aliasing{"tweed", -57.1, -46.7, -98.8, -89.5},
                                           Aliasing{"britishCrunch", -54.1, -46.3, -100.3, -86.8},
                                           Aliasing{"topBoost", -60.6, -45.8, -103.3, -95.9},
                                           Aliasing{"modernHighGain", -47.3, -45.4, -110.1, -91.7},
                                           Aliasing{"bassAmplifier", -54.7, -42.3, -84.6, -89.5}),
                         [](const auto& table) { return std::string(table.param.type); });

}  // namespace
}  // namespace gainstage::rig
