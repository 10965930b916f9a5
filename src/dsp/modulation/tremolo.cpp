#include "dsp/modulation/tremolo.h"

#include <algorithm>

namespace gainstage::dsp {
namespace {

// Short enough to sound square, long enough not to click: the edge's spectrum falls from 250 Hz on.
constexpr double kEdgeSeconds = 0.004;

}  // namespace

void Tremolo::prepare(const StreamFormat& format, double spread) {
  lfo_.prepare(format);
  spread_ = Lfo::turns(spread);
  floor_.setLength(format.frames({20.0}));
  edge_.setLength(format.frames({200.0}));
  reset();
}

void Tremolo::setRate(Hertz rate) noexcept {
  lfo_.setRate(rate);
  rateHz_ = rate.value;
  aimEdge();
}
void Tremolo::setDepth(Decibels depth) noexcept { floor_.setTarget((-depth).linear()); }
void Tremolo::setShape(float shape) noexcept {
  shape_ = shape;
  aimEdge();
}
void Tremolo::aimEdge() noexcept {
  const auto least = static_cast<float>(std::min(1.0, kEdgeSeconds * 2.0 * rateHz_));
  edge_.setTarget(1.0f - shape_ * (1.0f - least));
}

void Tremolo::reset() noexcept {
  lfo_.reset();
  floor_.snapToTarget();
  edge_.snapToTarget();
}

void Tremolo::process(AudioView io) noexcept {
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const auto floor = static_cast<double>(floor_.next()), edge = static_cast<double>(edge_.next());
    for (int c = 0; c < io.channels(); ++c) {
      const double slope = std::clamp(lfo_.triangle(c == 0 ? 0 : spread_) / edge, -1.0, 1.0);
      const double gain = 1.0 - (1.0 - floor) * (0.5 - 0.5 * quarterSine(slope));
      float& sample = io.channel(c)[static_cast<std::size_t>(n)];
      sample = static_cast<float>(gain * static_cast<double>(sample));
    }
    lfo_.advance();
  }
}

}  // namespace gainstage::dsp
