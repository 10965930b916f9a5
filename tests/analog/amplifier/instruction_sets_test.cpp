#include <cmath>
#include <gtest/gtest.h>
#include <hwy/targets.h>
#include <numbers>

#include "analog/amplifier/amplifier.h"

namespace gainstage::analog {
namespace {

void allow(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(0);
  hwy::SetSupportedTargetsForTest(targets);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

/// Half a volt into it, and silence after.
std::vector<double> played(const AmplifierDesign& design) {
  constexpr double kRate = 384000.0;
  Amplifier amplifier(design, kRate);
  std::vector<double> sound(38400);
  for (std::size_t n = 0; n < sound.size() / 2; ++n)
    sound[n] = 0.5 * std::sin(2.0 * std::numbers::pi * 330.0 * static_cast<double>(n) / kRate);
  amplifier.process(sound);
  return sound;
}

TEST(AmplifiersOnInstructionSets, SoundAlikeOnAllOfThem) {
  // Four stages and seven; what differs is rounding, which a driven amplifier magnifies.
  for (const AmplifierDesign* design : {&kAmericanClean, &kModernHighGain}) {
    hwy::SetSupportedTargetsForTest(0);
    const std::int64_t all = hwy::SupportedTargets();
    const std::vector<double> reference = played(*design);
    double energy = 0.0;
    for (const double volts : reference) energy += volts * volts;
    for (std::int64_t target = 1; target != 0 && target <= all; target <<= 1) {
      if ((all & target) == 0) continue;
      allow(target);
      const std::vector<double> sound = played(*design);
      allow(all);
      double error = 0.0;
      for (std::size_t n = 0; n < sound.size(); ++n)
        error += (sound[n] - reference[n]) * (sound[n] - reference[n]);
      EXPECT_LT(10.0 * std::log10(error / energy + 1e-30), -80.0)
          << design->name << " on " << hwy::TargetName(target);
    }
  }
}

}  // namespace
}  // namespace gainstage::analog
