#include "control/auto_gain.h"

#include <algorithm>

namespace gainstage::control {

void AutoGain::start(FrameTime frame, double sampleRate, double clipsDbfs) noexcept {
  listens_ = true;
  clipsDbfs_ = clipsDbfs;
  length_ = static_cast<FrameTime>(kAutoGainListensS * sampleRate);
  startOver(frame);
}

void AutoGain::startOver(FrameTime frame) noexcept {
  end_ = frame + length_;
  peak_ = 0.0;
}

AutoGain::Verdict AutoGain::hear(double peak, FrameTime frame) noexcept {
  peak_ = std::max(peak_, peak);
  if (peakDbfs() >= clipsDbfs_ - kClippedDb) {
    startOver(frame);
    return Verdict::clipped;
  }
  if (frame < end_) return Verdict::listening;
  listens_ = false;
  return peakDbfs() < kSilentDbfs ? Verdict::silent : Verdict::heard;
}

double AutoGain::peakDbfs() const noexcept { return Decibels::fromLinear(peak_).value; }

double AutoGain::missingDb() const noexcept {
  return std::min(kAutoGainTargetDbfs, clipsDbfs_ - kLeastHeadroomDb) - peakDbfs();
}

std::optional<double> ClipGuard::takeBackDb(double peak, double clipsDbfs) noexcept {
  const double peakDbfs = Decibels::fromLinear(peak).value;
  if (!(peakDbfs >= clipsDbfs - kNearDb)) return std::nullopt;
  // A clipped peak with the converter's noise on top is no higher than one without.
  return std::min(peakDbfs, clipsDbfs) - (clipsDbfs - kSafeDb);
}

}  // namespace gainstage::control
