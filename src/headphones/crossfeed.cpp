#include "headphones/crossfeed.h"

#include <cmath>
#include <numbers>

namespace gainstage::headphones {

void Crossfeed::prepare(const StreamFormat& format) noexcept {
  sampleRate_ = format.sampleRate;
  amount_.setLength(format.frames(kBlend));
  for (LinearRamp* ramp : {&near_, &nearLow_, &far_, &nearPole_, &farPole_})
    ramp->setLength(format.frames(kRamp));
  set(CrossfeedSetting{});
  reset();
}

void Crossfeed::set(const CrossfeedSetting& setting) noexcept {
  const auto linear = [](double db) { return std::pow(10.0, db / 20.0); };
  const double farDb = -5.0 / 6.0 * setting.feedDb - 3.0;
  const double nearDb = setting.feedDb / 6.0 - 3.0;
  const double lack = 1.0 - linear(nearDb);
  const double nearCutHz = setting.cutHz * std::exp2((farDb - 20.0 * std::log10(lack)) / 12.0);
  const double scale = 1.0 / (linear(nearDb) + linear(farDb));
  const auto pole = [this](double hz) {
    return static_cast<float>(-std::expm1(-2.0 * std::numbers::pi * hz / sampleRate_));
  };
  near_.setTarget(static_cast<float>(scale));
  nearLow_.setTarget(static_cast<float>(scale * lack));
  far_.setTarget(static_cast<float>(scale * linear(farDb)));
  nearPole_.setTarget(pole(nearCutHz));
  farPole_.setTarget(pole(setting.cutHz));
}

void Crossfeed::setOn(bool on) noexcept {
  if (on && isOff()) lows_ = {};
  amount_.setTarget(on ? 1.0f : 0.0f);
}

void Crossfeed::reset() noexcept {
  for (LinearRamp* ramp : {&amount_, &near_, &nearLow_, &far_, &nearPole_, &farPole_}) ramp->snapToTarget();
  lows_ = {};
}

void Crossfeed::process(AudioView io) noexcept {
  if (isOff()) return;
  float* const left = io.channel(0).data();
  float* const right = io.channel(1).data();
  auto [a, b] = lows_;
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const float amount = amount_.next(), near = near_.next(), nearLow = nearLow_.next(), far = far_.next();
    const float nearPole = nearPole_.next(), farPole = farPole_.next();
    a.own += nearPole * (left[n] - a.own);
    b.own += nearPole * (right[n] - b.own);
    a.other += farPole * (right[n] - a.other);
    b.other += farPole * (left[n] - b.other);
    const float toLeft = (near * left[n] - nearLow * a.own) + far * a.other;
    const float toRight = (near * right[n] - nearLow * b.own) + far * b.other;
    if (amount == 1.0f) {
      left[n] = toLeft;
      right[n] = toRight;
    } else if (amount > 0.0f) {
      left[n] += amount * (toLeft - left[n]);
      right[n] += amount * (toRight - right[n]);
    }
  }
  lows_ = {a, b};
}

}  // namespace gainstage::headphones
