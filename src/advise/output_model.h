#pragma once

#include "advise/catalogue.h"
#include "advise/estimate.h"
#include "analog/gear/headphone_amplifier.h"

namespace gainstage::advise {

/// A headphone output as far as it is known: an interface's, an amplifier's, a computer's.
struct OutputModel {
  std::string name;
  const Product* product = nullptr;        ///< nullptr: a computer's own
  Estimate impedance;                      ///< ohm
  std::vector<analog::RatedPower> powers;  ///< stated, in rising order of load
  std::optional<double> openVolts;         ///< largest sine without a load, where it is stated
  bool isBalanced = false;                 ///< the powers are those of its balanced socket
  Estimate usualVolts, usualMilliampere;   ///< of outputs of its kind, for what is not stated
  Estimate noise;                          ///< dBu, A-weighted
  bool isImpedanceKnown = false, isNoiseKnown = false;
  std::vector<std::string> sources;

  bool isPowerKnown() const noexcept { return !powers.empty() || openVolts; }
  /// RMS of the largest sine across a load. Between the loads of two stated powers it lies between what
  /// either allows: as loads grow, the voltage of an output does not fall and its current does not rise.
  Estimate voltsInto(double ohm) const;
  analog::HeadphoneAmplifier at(double ohm, double noiseDbuA) const noexcept;
};

/// An interface's headphone output or an amplifier's. What lacks is the span of its kind. [control]
OutputModel modelOfOutput(const Product& product, const Catalogue& catalogue);
/// A computer's or telephone's own socket, of which nothing is known but what is usual. [control]
OutputModel computerOutput();

}  // namespace gainstage::advise
