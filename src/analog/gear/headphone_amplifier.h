#pragma once

#include <optional>
#include <span>

/// A headphone amplifier, or an interface's headphone output. [any thread]
namespace gainstage::analog {

enum class AmplifierClass { a, ab, b, d };

struct HeadphoneAmplifier {
  std::optional<double> gainDb;        ///< at full volume, unloaded
  double outputImpedanceOhm = 0.0;     ///< 0 or more
  std::optional<double> maxVolts;      ///< RMS of the largest sine, unloaded
  std::optional<double> maxCurrentMa;  ///< RMS of the largest sine into a short
  std::optional<double> noiseDbuA;     ///< at its output, A-weighted
  std::optional<double> distortionDb;  ///< THD+N below the signal, negative
  std::optional<AmplifierClass> workingClass;
  double groundOhm = 0.0;  ///< of the return that both channels share (jack, plug, cable), 0 or more
};

/// Volts across a load (magnitude) of `unloadedVolts`: the divider of load and output impedance.
double loadedVolts(const HeadphoneAmplifier& amplifier, double unloadedVolts, double loadOhm) noexcept;

/// What stops a sine from growing.
enum class OutputLimit { voltage, current, headphonePower, unknown };

struct LargestOutput {
  double volts = 0.0;  ///< RMS across the load
  double milliampere = 0.0;
  double milliwatts = 0.0;
  OutputLimit limit = OutputLimit::unknown;
  bool isUpperBound = false;  ///< one limit is not known: it may be less
};

/// The largest sine into a resistance, min(V Z / (Z + Ro), I Z), and which of the two bites. Nothing where
/// neither is known.
std::optional<LargestOutput> largestOutput(const HeadphoneAmplifier& amplifier, double loadOhm) noexcept;

/// A power that a data sheet states.
struct RatedPower {
  double milliwatts, loadOhm;
};

struct OutputLimits {
  double volts, milliampere;  ///< unloaded, and into a short
  bool isVoltageSeen, isCurrentSeen;
};

/// What rated powers say about an amplifier's limits: it has given sqrt(P Z) (Z + Ro) / Z volts and sqrt(P /
/// Z) ampere, so its limits are the largest of these, or more. A limit is seen where a second rating runs
/// into the same: within 5 % with a load at least 1.3 times as large. Empty list: zeros.
OutputLimits limitsFromRatings(std::span<const RatedPower> ratings, double outputImpedanceOhm) noexcept;

/// The most output impedance that two ratings allow: what would by itself explain that the larger load gets
/// more volts, Ro = (V2 - V1) / (V1 / Z1 - V2 / Z2). A current limit may be the reason instead, so it is a
/// bound: 0 where the smaller load gets as many, infinite where it gets but the same current.
double mostOutputImpedanceOhm(const RatedPower& smallerLoad, const RatedPower& largerLoad) noexcept;

/// Share of the supply's power that reaches a load as a sine of `swing` (0..1 of the rails): push-pull class
/// A with just enough standing current, swing^2 / 2; class B, pi swing / 4 (Sedra and Smith, Microelectronic
/// Circuits, chapter "Output stages and power amplifiers"; 50 % and 78.5 % at most). AB is taken as B, which
/// it is for all but small signals; D has no such bound and gives 1.
double idealEfficiency(AmplifierClass workingClass, double swing) noexcept;

/// Peak current in mA up to which a push-pull stage stays in class A: twice its standing current (Self, Audio
/// Power Amplifier Design Handbook, chapter on class A).
double classALimitMa(double standingMa) noexcept;

}  // namespace gainstage::analog
