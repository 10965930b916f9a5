#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {

std::span<const AmplifierDesign* const> amplifierDesigns() noexcept {
  static const std::array<const AmplifierDesign*, 6> all{&kAmericanClean, &kTweed,          &kBritishCrunch,
                                                         &kTopBoost,      &kModernHighGain, &kBassAmplifier};
  return all;
}

}  // namespace gainstage::analog
