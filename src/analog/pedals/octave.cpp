#include "analog/pedals/octave.h"

#include <algorithm>
#include <cmath>

namespace gainstage::analog {
namespace {

constexpr double kInputOhms = 1e6;
constexpr double kLegOhms = 4.7e3, kDrivePot = 150e3, kFeedbackOhms = 10e3, kRail = 4.0;
constexpr double kClipOhms = 2.2e3, kClipFarads = 47e-9;
constexpr double kSplit = 5.0;
constexpr double kLoadOhms = 10e3;
constexpr double kOutputOhms = 100e3;
constexpr double kTooClose = 1e-5;  // volts: below, a quotient of integrals loses its digits

double clipOhms(double sampleRate) { return 1.0 / (2.0 * kClipFarads * sampleRate + 1.0 / kClipOhms); }

// One of the rectifier's diodes: the other one is cut off, but for its leakage.
double diode(double v) { return kGermaniumPair.saturation * std::expm1(v / kGermaniumPair.volts()); }
double diodeSlope(double v) {
  return kGermaniumPair.saturation / kGermaniumPair.volts() * std::exp(v / kGermaniumPair.volts());
}

}  // namespace

Octave::Octave(double sampleRate)
    : clip_([](double v) { return kSiliconPair.at(v); }, [](double v) { return kSiliconPair.slope(v); },
            clipOhms(sampleRate), clipOhms(sampleRate)),
      rectifier_(diode, diodeSlope, kLoadOhms, kLoadOhms),
      nodeOhms_(clipOhms(sampleRate)) {
  input_.set(22e-9, kInputOhms, sampleRate);
  leg_.set(47e-9, kLegOhms, sampleRate);
  smoothing_.set(kClipFarads, sampleRate);
  output_.set(100e-9, kOutputOhms, sampleRate);
  setKnobs({});
}

void Octave::setKnobs(const Knobs& knobs) noexcept {
  feedbackOhms_ = kFeedbackOhms + knobs.drive * kDrivePot;
  octave_ = knobs.octave;
}

void Octave::reset() noexcept {
  for (SeriesCapacitor* store : {&input_, &leg_, &output_}) store->reset();
  smoothing_.reset();
  amplified_ = amplifiedIntegral_ = split_ = splitIntegral_ = 0.0;
}

/// The mean over the step (antiderivative antialiasing: see MeanOfClip), as below.
double Octave::betweenRails(double volts) noexcept {
  const double size = std::abs(volts);
  const double integral = size < kRail ? 0.5 * size * size : kRail * (size - 0.5 * kRail);
  const double way = volts - amplified_;
  const double mean = std::abs(way) > kTooClose ? (integral - amplifiedIntegral_) / way
                                                : std::clamp(0.5 * (volts + amplified_), -kRail, kRail);
  amplified_ = volts;
  amplifiedIntegral_ = integral;
  return mean;
}

/// Whichever of the two is higher conducts: the load has what its diode leaves.
double Octave::rectified(double volts) noexcept {
  const double integral = std::copysign(0.5 * volts * volts - rectifier_.integralAt(volts), volts);
  const double way = volts - split_;
  const double middle = std::abs(0.5 * (volts + split_));
  const double mean =
      std::abs(way) > kTooClose ? (integral - splitIntegral_) / way : middle - rectifier_.at(middle);
  split_ = volts;
  splitIntegral_ = integral;
  return mean;
}

void Octave::process(std::span<double> io) noexcept {
  for (double& sample : io) {
    const double in = input_.siemens * (sample - input_.source);
    input_.charge(in);
    const double plus = in * kInputOhms;
    const double leg = leg_.siemens * (plus - leg_.source);
    leg_.charge(leg);
    const double amplified = betweenRails(plus + feedbackOhms_ * leg);
    const double clipped = clip_.at(nodeOhms_ * (amplified / kClipOhms + smoothing_.source));
    smoothing_.charge(clipped);
    const double fuzz = kSplit * clipped;
    const double mixed = fuzz + octave_ * (rectified(fuzz) - fuzz);
    const double heard = output_.siemens * (mixed - output_.source);
    output_.charge(heard);
    sample = heard * kOutputOhms;
  }
}

}  // namespace gainstage::analog
