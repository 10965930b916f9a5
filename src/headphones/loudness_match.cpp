#include "headphones/loudness_match.h"

#include <algorithm>
#include <cmath>

namespace gainstage::headphones {
namespace {

constexpr double kHopSeconds = 0.1;
constexpr double kWindowSeconds = 30.0;
constexpr double kRelativeGate = 0.1;  // -10 LU (BS.1770-4, Annex 1, eq. 6)
// -70 LUFS as a mean square, weighted and summed over channels (BS.1770-4, eq. 2).
const double kGate = std::pow(10.0, (-70.0 + 0.691) / 10.0);
const double kKept = std::exp(-kHopSeconds / kWindowSeconds);
const float kMostStep = Decibels{0.5}.linear();
// A correction that takes everything away, or a hop of nothing but what it takes away, says nothing useful.
constexpr double kLeastRatio = 1e-4, kMostRatio = 1e4;

}  // namespace

void LoudnessMatch::prepare(const StreamFormat& format) noexcept {
  shelf_ = dsp::kWeightingShelf(format.sampleRate);
  highpass_ = dsp::kWeightingHighPass(format.sampleRate);
  hopFrames_ = format.frames(Milliseconds{1e3 * kHopSeconds});
  gain_.setLength(hopFrames_);
  reset();
}

void LoudnessMatch::begin(double gainDb) noexcept {
  startRatio_ = std::clamp(std::pow(10.0, gainDb / 10.0), kLeastRatio, kMostRatio);
  plainEnergy_ = correctedEnergy_ = blocks_ = 0.0;
}

void LoudnessMatch::reset() noexcept {
  plain_ = corrected_ = {};
  plainEnergy_ = correctedEnergy_ = blocks_ = 0.0;
  hopLeft_ = hopFrames_;
  gain_.snapTo(wanted());
}

void LoudnessMatch::process(AudioView plain, ConstAudioView corrected) noexcept {
  weigh(plain, plain_);
  weigh(corrected, corrected_);
  const LinearRamp from = gain_;
  for (int c = 0; c < plain.channels(); ++c) {
    gain_ = from;
    gain_.apply(plain.channel(c));
  }
  hopLeft_ -= plain.frames();
}

void LoudnessMatch::weigh(ConstAudioView audio, Signal& signal) const noexcept {
  const dsp::BiquadCoefficients shelf = shelf_, highpass = highpass_;
  for (int c = 0; c < audio.channels(); ++c) {
    Channel state = signal.channels[static_cast<std::size_t>(c)];
    for (const float sample : audio.channel(c)) {
      const double weighted = state.highpass.next(highpass, state.shelf.next(shelf, sample));
      state.sum += weighted * weighted;
    }
    signal.channels[static_cast<std::size_t>(c)] = state;
  }
}

double LoudnessMatch::Signal::endHop() noexcept {
  std::ranges::copy(hops.begin() + 1, hops.end(), hops.begin());
  hops.back() = channels[0].sum + channels[1].sum;
  if (!std::isfinite(hops.back())) {
    channels = {};
    hops = {};
  }
  for (Channel& channel : channels) channel.sum = 0.0;
  return ((hops[0] + hops[1]) + hops[2]) + hops[3];
}

float LoudnessMatch::wanted() const noexcept {
  if (!on_) return 1.0f;
  const double ratio = blocks_ > 0.0 ? correctedEnergy_ / plainEnergy_ : startRatio_;
  return static_cast<float>(std::sqrt(std::clamp(ratio, kLeastRatio, kMostRatio)));
}

void LoudnessMatch::endHop(bool isHeard) noexcept {
  if (hopLeft_ > 0) return;
  hopLeft_ = hopFrames_;
  const double plain = plain_.endHop(), corrected = corrected_.endHop();
  const double gate = std::max(kGate * static_cast<double>(plain_.hops.size()) * hopFrames_,
                               blocks_ > 0.0 ? kRelativeGate * plainEnergy_ / blocks_ : 0.0);
  if (plain > gate) {
    plainEnergy_ = kKept * plainEnergy_ + plain;
    correctedEnergy_ = kKept * correctedEnergy_ + corrected;
    blocks_ = kKept * blocks_ + 1.0;
  }
  const float now = gain_.target();
  if (isHeard)
    gain_.setTarget(std::clamp(wanted(), now / kMostStep, now * kMostStep));
  else
    gain_.snapTo(wanted());
}

}  // namespace gainstage::headphones
