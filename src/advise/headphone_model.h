#pragma once

#include <optional>

#include "advise/catalogue.h"
#include "advise/estimate.h"
#include "analog/gear/headphone.h"

namespace gainstage::advise {

/// A headphone as far as it is known. Makers' and measured sensitivities differ by up to 10 dB: both count.
struct HeadphoneModel {
  std::string name;
  const Product* product = nullptr;
  Estimate impedance;             ///< ohm, at 1 kHz or nominal
  Estimate sensitivity;           ///< dB SPL for 1 V
  double sensitivityPerMw = 0.0;  ///< dB SPL for 1 mW, the middle of what is known
  bool isSensitivityKnown = false;
  std::optional<analog::ImpedanceCurve> curve;  ///< where it was measured at two frequencies or more
  std::vector<std::string> sources;

  /// At one corner of what is known.
  analog::Headphone at(double ohm, double dbPerV) const;
  bool isEarphone() const noexcept;  ///< in the ear
};

/// What lacks is taken from the span of all headphones of its kind, and said. [control]
HeadphoneModel modelOf(const Product& headphone, const Catalogue& catalogue);

}  // namespace gainstage::advise
