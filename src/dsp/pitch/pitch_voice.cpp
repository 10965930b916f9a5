#include "dsp/pitch/pitch_voice.h"

#include <algorithm>
#include <cmath>

#include "dsp/fade.h"

namespace gainstage::dsp {
namespace {

constexpr double kFadeMs = 6.0;       // of a jump; shorter beyond an octave up, where now comes nearer faster
constexpr double kOnsetFadeMs = 2.0;  // of a jump that makes room for an attack
constexpr double kHurriedMs = 1.0;    // in which a jump under way ends when an attack comes
constexpr double kNoticedMs = 3.5;    // from an attack to its notice
constexpr double kLongestMs = 13.7;   // of a jump, at least: a period of 73 Hz
constexpr double kShortest = 0.4;     // jump, of the longest
constexpr Milliseconds kRamp{20.0};

}  // namespace

FrameCount PitchVoice::longestDelayFrames(const StreamFormat& format, Milliseconds latency) {
  return 5 * format.frames(latency) + 64;  // an attack's run-up at four times the speed
}

FrameCount PitchVoice::longestSplice(const StreamFormat& format, Milliseconds latency) {
  return 2 * format.frames(latency);
}

void PitchVoice::prepare(const StreamFormat& format, Milliseconds latency) {
  latency_ = format.frames(latency);
  rate_ = format.sampleRate;
  semitones_.setLength(format.frames(kRamp));
  reset();
}

void PitchVoice::reset() noexcept {
  semitones_.snapToTarget();
  heardSemitones_ = semitones_.current() + 1.0f;  // the speed is computed anew
  delay_ = oldDelay_ = latency_;
  fade_ = 1.0f;
  onsetWaits_ = false;
}

/// An attack has to be noticed before it is reached.
double PitchVoice::nearest() const noexcept {
  const double noticed = (kNoticedMs + kHurriedMs * std::max(speed_, 1.0)) * 1e-3 * rate_;
  return std::max(SpliceSource::reach(speed_) + std::max(speed_ - 1.0, 0.0) * fadeFrames_, noticed);
}

void PitchVoice::jump(double delay, float likeness) noexcept {
  oldDelay_ = delay_;
  delay_ = delay;
  fade_ = 0.0f;
  likeness_ = likeness;
}

void PitchVoice::follow(const SpliceSource& source) noexcept {
  if (const float wanted = semitones_.next(); wanted != heardSemitones_) {
    heardSemitones_ = wanted;
    speed_ = std::exp2(static_cast<double>(wanted) / 12.0);
    fadeFrames_ = kFadeMs * 1e-3 * rate_ / std::max(speed_ - 1.0, 1.0);
  }
  delay_ += 1.0 - speed_;
  oldDelay_ += 1.0 - speed_;
  if (source.isOnset() && speed_ != 1.0) {
    onsetWaits_ = true;
    fadeStep_ = std::max(fadeStep_, static_cast<float>(1.0 / (kHurriedMs * 1e-3 * rate_)));
  }
  if (fade_ < 1.0f) return;
  const auto since = static_cast<double>(source.sinceOnset());
  if (onsetWaits_) {
    onsetWaits_ = false;
    // From here it will reach the attack when its time has come.
    if (since < latency_) {
      jump(since + speed_ * (latency_ - since), 0.0f);
      fadeStep_ = static_cast<float>(1.0 / (kOnsetFadeMs * 1e-3 * rate_));
      return;
    }
  }
  const double near = nearest(), longest = std::max(2.0 * (latency_ - near), kLongestMs * 1e-3 * rate_);
  const double least = std::max(kShortest * longest, std::abs(speed_ - 1.0) * fadeFrames_ + 48.0);
  fadeStep_ = static_cast<float>(1.0 / fadeFrames_);
  if (speed_ > 1.0 && delay_ < near) {
    // Not back across an attack, which would be heard twice.
    const double sounding = since - delay_;
    const double most = sounding > least ? std::min(longest, sounding) : longest;
    const auto splice = source.best(least, most, delay_, true);
    jump(delay_ + splice.frames, splice.likeness);
  } else if (speed_ < 1.0 && delay_ > near + longest) {
    const auto splice = source.best(least, longest, delay_, false);
    jump(std::max(delay_ - splice.frames, near), splice.likeness);
  }
}

void PitchVoice::next(const SpliceSource& source, float& left, float* right) noexcept {
  follow(source);
  const auto speed = static_cast<float>(speed_);
  const double reach = SpliceSource::reach(speed_);
  const double now = std::max(delay_, reach);
  left = source.read(0, now, speed);
  if (right) *right = source.read(1, now, speed);
  if (fade_ >= 1.0f) return;
  fade_ = std::min(fade_ + fadeStep_, 1.0f);
  const float in = smoothStep(fade_), out = 1.0f - in;
  // Sounds that are not alike add up to less: what they lack is given back.
  const float gain = 1.0f / std::sqrt(in * in + out * out + 2.0f * in * out * likeness_);
  const double before = std::max(oldDelay_, reach);
  left = gain * (in * left + out * source.read(0, before, speed));
  if (right) *right = gain * (in * *right + out * source.read(1, before, speed));
}

}  // namespace gainstage::dsp
