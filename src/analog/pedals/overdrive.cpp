#include "analog/pedals/overdrive.h"

namespace gainstage::analog {
namespace {

constexpr double kInputOhms = 510e3, kBiasOhms = 10e3;
constexpr double kLegOhms = 4.7e3;
constexpr double kFeedbackOhms = 51e3, kDriveOhms = 500e3, kFeedbackFarads = 51e-12;
constexpr double kToneOhms = 1e3, kTonePot = 20e3, kWiperOhms = 220.0, kToneFarads = 220e-9;

double nodeSiemens(double sampleRate, double drive) {
  return 2.0 * kFeedbackFarads * sampleRate + 1.0 / (kFeedbackOhms + drive * kDriveOhms);
}

}  // namespace

Overdrive::Overdrive(double sampleRate)
    : sampleRate_(sampleRate),
      diodes_([](double v) { return kSiliconPair.at(v); }, [](double v) { return kSiliconPair.slope(v); },
              1.0 / nodeSiemens(sampleRate, 0.0), 1.0 / nodeSiemens(sampleRate, 1.0)) {
  input_.set(20e-9, kInputOhms, sampleRate);
  coupling_.set(1e-6, kBiasOhms, sampleRate);
  leg_.set(47e-9, kLegOhms, sampleRate);
  feedback_.set(kFeedbackFarads, sampleRate);
  rollOff_.set(kToneFarads, sampleRate);
  setKnobs({});
}

void Overdrive::setKnobs(const Knobs& knobs) noexcept {
  feedbackOhms_ = 1.0 / nodeSiemens(sampleRate_, knobs.drive);
  diodes_.setOhms(feedbackOhms_);
  toFeedback_ = knobs.tone;
  toInput_ = 1.0 - knobs.tone;
  wiper_.set(kToneFarads, kWiperOhms + knobs.tone * (1.0 - knobs.tone) * kTonePot, sampleRate_);
  wiperSiemens_ = toInput_ * wiper_.siemens;
  nodeOhms_ = 1.0 / (1.0 / kToneOhms + 1.0 / kBiasOhms + rollOff_.siemens + wiperSiemens_);
}

void Overdrive::reset() noexcept {
  for (SeriesCapacitor* store : {&input_, &coupling_, &leg_, &wiper_}) store->reset();
  feedback_.reset();
  rollOff_.reset();
}

void Overdrive::process(std::span<double> io) noexcept {
  for (double& sample : io) {
    const double in = input_.siemens * (sample - input_.source);
    input_.charge(in);
    const double buffered = in * kInputOhms;
    const double coupled = coupling_.siemens * (buffered - coupling_.source);
    coupling_.charge(coupled);
    const double plus = coupled * kBiasOhms;

    // The op-amp keeps its inputs alike: the leg's current does not know of the diodes.
    const double leg = leg_.siemens * (plus - leg_.source);
    leg_.charge(leg);
    const double over = diodes_.at(feedbackOhms_ * (leg + feedback_.source));
    feedback_.charge(over);
    const double driven = plus + over;

    const double node = nodeOhms_ * (driven / kToneOhms + rollOff_.source + wiperSiemens_ * wiper_.source);
    rollOff_.charge(node);
    const double wiper = wiper_.siemens * (node - wiper_.source);
    wiper_.charge(wiper);
    sample = node + kToneOhms * toFeedback_ * wiper;
  }
}

}  // namespace gainstage::analog
