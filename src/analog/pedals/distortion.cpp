#include "analog/pedals/distortion.h"

#include <algorithm>
#include <numbers>

namespace gainstage::analog {
namespace {

constexpr double kInputOhms = 1e6, kInputFarads = 22e-9;
constexpr double kDistortionOhms = 100e3, kFeedbackFarads = 100e-12;
constexpr double kLeastFeedbackOhms = 10.0;                      // of the track that remains at its end
constexpr double kUnityHz = 1e6, kFastest = 0.3e6, kRail = 4.0;  // of the op-amp; V/s, V
constexpr double kClipOhms = 1e3, kClipFarads = 4.7e-6;
constexpr double kFilterOhms = 100e3, kFilterEndOhms = 1.5e3, kFilterFarads = 3.3e-9;
constexpr double kSoftness = 2.0 * std::numbers::pi * kUnityHz;
constexpr double kKnee = kFastest / kSoftness;  // V: 48 mV

double nodeSiemens(double sampleRate, double filter) {
  SeriesCapacitor coupling, branch;
  coupling.set(kClipFarads, kClipOhms, sampleRate);
  branch.set(kFilterFarads, kFilterEndOhms + filter * kFilterOhms, sampleRate);
  return coupling.siemens + branch.siemens;
}

}  // namespace

Distortion::Distortion(double sampleRate)
    : sampleRate_(sampleRate),
      diodes_([](double v) { return kSiliconPair.at(v); }, [](double v) { return kSiliconPair.slope(v); },
              1.0 / nodeSiemens(sampleRate, 0.0), 1.0 / nodeSiemens(sampleRate, 1.0)) {
  input_.set(kInputFarads, kInputOhms, sampleRate);
  lowLeg_.set(4.7e-6, 560.0, sampleRate);
  highLeg_.set(2.2e-6, 47.0, sampleRate);
  feedback_.set(kFeedbackFarads, sampleRate);
  coupling_.set(kClipFarads, kClipOhms, sampleRate);
  output_.set(22e-9, 1e6, sampleRate);
  setKnobs({});
}

void Distortion::setKnobs(const Knobs& knobs) noexcept {
  feedbackSiemens_ = feedback_.siemens + 1.0 / (kLeastFeedbackOhms + knobs.distortion * kDistortionOhms);
  minusOhms_ = 1.0 / (feedbackSiemens_ + lowLeg_.siemens + highLeg_.siemens);
  share_ = feedbackSiemens_ * minusOhms_;
  filter_.set(kFilterFarads, kFilterEndOhms + knobs.filter * kFilterOhms, sampleRate_);
  nodeOhms_ = 1.0 / nodeSiemens(sampleRate_, knobs.filter);
  diodes_.setOhms(nodeOhms_);
}

void Distortion::reset() noexcept {
  for (SeriesCapacitor* store : {&input_, &lowLeg_, &highLeg_, &coupling_, &filter_, &output_})
    store->reset();
  feedback_.reset();
  mean_.reset();
  amplified_ = difference_ = 0.0;
}

double Distortion::slewAt(double difference) noexcept {
  return std::clamp(kSoftness * difference, -kFastest, kFastest);
}

/// The mean slew while the difference goes straight from one to another: by the slew's integral, or the slew
/// of a switch that falls between two steps would alias, and its integral the more so the lower the alias.
/// Where the output is held by a rail, what pushes it there moves nothing.
double Distortion::meanSlew(double from, double to, bool held) noexcept {
  const auto integral = [](double difference) {
    const double size = std::abs(difference);
    return size < kKnee ? 0.5 * kSoftness * size * size : kFastest * (size - 0.5 * kKnee);
  };
  const double way = to - from;
  if (held) return to * from < 0.0 ? integral(to) / way : 0.0;
  return std::abs(way) > 1e-9 ? (integral(to) - integral(from)) / way : slewAt(0.5 * (from + to));
}

/// The op-amp's output, whose slew depends on where it ends: difference = b - share_ x step x slew.
double Distortion::amplify(double plus) noexcept {
  const double step = 1.0 / sampleRate_;
  const double legs =
      minusOhms_ * (lowLeg_.siemens * lowLeg_.source + highLeg_.siemens * highLeg_.source - feedback_.source);
  const double b = plus - legs - share_ * amplified_;
  const double loop = share_ * step;
  double slew = 0.0;
  const double between = 0.5 * kSoftness * loop;
  const double linear = (b - between * difference_) / (1.0 + between);
  const bool held = std::abs(amplified_) == kRail && difference_ * amplified_ > 0.0;
  if (!held && std::abs(difference_) <= kKnee && std::abs(linear) <= kKnee) {
    slew = 0.5 * kSoftness * (difference_ + linear);
  } else {
    const double saturated = std::copysign(kFastest, difference_);
    const double to = b - loop * saturated;
    if (std::abs(difference_) >= kKnee && to * saturated >= kKnee * kFastest) {
      slew = saturated;
    } else {
      // The slew falls as the output rises: between its limits there is one that fits.
      double low = -kFastest, high = kFastest;
      slew = slewAt(linear);
      for (int i = 0; i < 12; ++i) {
        const double error = meanSlew(difference_, b - loop * slew, held) - slew;
        if (std::abs(error) < 1e-4 * kFastest) break;
        (error > 0.0 ? low : high) = slew;
        const double next = slew + error / (1.0 + between);
        slew = next > low && next < high ? next : 0.5 * (low + high);
      }
    }
  }
  amplified_ = std::clamp(amplified_ + step * slew, -kRail, kRail);
  const double minus = legs + share_ * amplified_;
  difference_ = plus - minus;
  lowLeg_.charge(lowLeg_.siemens * (minus - lowLeg_.source));
  highLeg_.charge(highLeg_.siemens * (minus - highLeg_.source));
  feedback_.charge(amplified_ - minus);
  return amplified_;
}

void Distortion::process(std::span<double> io) noexcept {
  for (double& sample : io) {
    const double in = input_.siemens * (sample - input_.source);
    input_.charge(in);
    const double amplified = amplify(in * kInputOhms);

    const double open = amplified - coupling_.source;
    const double b = nodeOhms_ * (coupling_.siemens * open + filter_.siemens * filter_.source);
    coupling_.charge(coupling_.siemens * (open - diodes_.at(b)));
    // What follows is linear, and takes the mean over the step.
    const double filtered = filter_.siemens * (mean_(diodes_, b) - filter_.source);
    const double held = filter_.source + filter_.ohms * filtered;
    filter_.charge(filtered);
    const double out = output_.siemens * (held - output_.source);
    output_.charge(out);
    sample = out * 1e6;
  }
}

}  // namespace gainstage::analog
