#include "control/auto_gain.h"

#include <algorithm>

namespace gainstage::control {

void AutoGain::start(FrameTime frame, double sampleRate) noexcept {
  listens_ = true;
  length_ = static_cast<FrameTime>(kAutoGainListensS * sampleRate);
  startOver(frame);
}

void AutoGain::startOver(FrameTime frame) noexcept {
  end_ = frame + length_;
  peak_ = 0.0;
}

AutoGain::Verdict AutoGain::hear(double peak, FrameTime frame) noexcept {
  peak_ = std::max(peak_, peak);
  if (peakDbfs() >= kClippedDbfs) {
    startOver(frame);
    return Verdict::clipped;
  }
  if (frame < end_) return Verdict::listening;
  listens_ = false;
  return peakDbfs() < kSilentDbfs ? Verdict::silent : Verdict::heard;
}

double AutoGain::peakDbfs() const noexcept { return Decibels::fromLinear(peak_).value; }

std::optional<double> ClipGuard::takeBackDb(double peak) noexcept {
  const double peakDbfs = Decibels::fromLinear(peak).value;
  if (!(peakDbfs >= kNearDbfs)) return std::nullopt;
  return peakDbfs - kSafeDbfs;
}

}  // namespace gainstage::control
