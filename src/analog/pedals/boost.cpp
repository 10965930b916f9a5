#include "analog/pedals/boost.h"

#include <cmath>

namespace gainstage::analog {
namespace {

constexpr double kInputOhms = 1e6, kInputFarads = 22e-9;
constexpr double kGainPot = 100e3, kGateOhms = 47e3;
constexpr double kSquare = 1.3e-3, kPinchOff = -1.5;  // A/V^2, V
constexpr double kGateSaturation = 1e-14;             // A
constexpr double kSupply = 18.0, kDrainOhms = 10e3, kSourceOhms = 1e3, kSourceFarads = 22e-6;
constexpr double kOutputFarads = 1e-6, kOutputOhms = 10e3;
constexpr double kLowCutFarads = 10e-9, kLowCutPot = 1e6, kLeastOhms = 100.0;
constexpr double kLoadOhms = 100e3;
constexpr double kToneFarads = 4.7e-9, kTonePot = 100e3, kToneOhms = 1e3;

double gateCurrent(double v) { return kGateSaturation * std::expm1(v / DiodePair::kThermalVolts); }
double gateSlope(double v) {
  return kGateSaturation / DiodePair::kThermalVolts * std::exp(v / DiodePair::kThermalVolts);
}

}  // namespace

Boost::Boost(double sampleRate)
    : sampleRate_(sampleRate), gate_(gateCurrent, gateSlope, kGateOhms, kGateOhms + 0.25 * kGainPot) {
  input_.set(kInputFarads, kInputOhms, sampleRate);
  output_.set(kOutputFarads, kOutputOhms, sampleRate);
  lowCut_.set(kLowCutFarads, sampleRate);
  setKnobs({});
  reset();
}

void Boost::setKnobs(const Knobs& knobs) noexcept {
  gain_ = knobs.gain;
  gateOhms_ = kGateOhms + knobs.gain * (1.0 - knobs.gain) * kGainPot;
  gate_.setOhms(gateOhms_);
  lowCutOhms_ = 1.0 / (lowCut_.siemens + 1.0 / (kLeastOhms + knobs.lowCut * kLowCutPot));
  tone_.set(kToneFarads, kToneOhms + knobs.tone * kTonePot, sampleRate_);
  nodeOhms_ = 1.0 / (1.0 / kLoadOhms + tone_.siemens);
  chainSiemens_ = 1.0 / (1.0 / output_.siemens + lowCutOhms_ + nodeOhms_);
}

/// At the gate's and the source's voltage, `gate` counted from the source.
Boost::Drain Boost::drainAt(double gate, double source) noexcept {
  const double over = gate > kPinchOff ? gate - kPinchOff : 0.0;
  const double left = kSupply - source;
  const double free = kSquare * over * over;
  if (left - kDrainOhms * free >= over) return {kSupply - kDrainOhms * free, free};
  // Ohmic: i = k (2 over v - v^2) = (left - v) / R.
  constexpr double kScale = kSquare * kDrainOhms;
  const double p = 0.5 + kScale * over;
  const double v = left / (p + std::sqrt(p * p - kScale * left));
  return {source + v, (left - v) / kDrainOhms};
}

void Boost::reset() noexcept {
  input_.reset();
  sourceVolts_ = 0.0;
  // Where the source's current makes its voltage: k (v + pinch-off)^2 R = v has this root.
  for (int i = 0; i < 60; ++i) {
    const double slope = -2.0 * kSquare * (-kPinchOff - sourceVolts_) * kSourceOhms - 1.0;
    sourceVolts_ -= (drainAt(-sourceVolts_, sourceVolts_).amperes * kSourceOhms - sourceVolts_) / slope;
  }
  output_.reset(drainAt(-sourceVolts_, sourceVolts_).volts);
  lowCut_.reset();
  tone_.reset();
}

void Boost::process(std::span<double> io) noexcept {
  const double sourceStep = 1.0 / (kSourceFarads * sampleRate_);
  for (double& sample : io) {
    const double in = input_.siemens * (sample - input_.source);
    input_.charge(in);
    // The source's voltage is slow, 22 ms: the last step's will do.
    const double open = gain_ * kInputOhms * in - sourceVolts_;
    const double gate = open > 0.0 ? gate_.at(open) : open;
    const Drain drain = drainAt(gate, sourceVolts_);
    sourceVolts_ += sourceStep * (drain.amperes + (open - gate) / gateOhms_ - sourceVolts_ / kSourceOhms);

    const double amperes = chainSiemens_ * (drain.volts - output_.source - lowCutOhms_ * lowCut_.source -
                                            nodeOhms_ * tone_.siemens * tone_.source);
    output_.charge(amperes);
    lowCut_.charge(lowCutOhms_ * (amperes + lowCut_.source));
    const double out = nodeOhms_ * (amperes + tone_.siemens * tone_.source);
    tone_.charge(tone_.siemens * (out - tone_.source));
    sample = out;
  }
}

}  // namespace gainstage::analog
