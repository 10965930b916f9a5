#include "dsp/reverb/reverb.h"

#include <algorithm>
#include <cmath>

#include "dsp/kernels.h"

namespace gainstage::dsp {
namespace {

constexpr Milliseconds kLongestPredelay{200.0};
constexpr double kWaitingSeconds = kLongestPredelay.seconds() + 0.3;
constexpr float kLoudest = 1e4f;
// How often it is looked whether the tail is over.
constexpr int kGridsInWindow = 64;
constexpr FrameCount kWindow = kGridsInWindow * 16;
constexpr float kSpent = 1e-6f;
// A steady tone on a resonance can build up to some 15 dB above what came in.
constexpr float kResonance = 10.0f;

float cleaned(float sample) noexcept { return std::abs(sample) <= kLoudest ? sample : 0.0f; }

FrameCount firstSound(ConstAudioView in) noexcept {
  FrameCount first = in.frames();
  for (int c = 0; c < in.channels(); ++c) {
    const auto channel = in.channel(c).first(static_cast<std::size_t>(first));
    const auto found = std::ranges::find_if(channel, [](float sample) { return cleaned(sample) != 0.0f; });
    first = static_cast<FrameCount>(found - channel.begin());
  }
  return first;
}

}  // namespace

void Reverb::prepare(const StreamFormat& format) {
  sampleRate_ = format.sampleRate;
  for (Predelay& predelay : predelays_) {
    predelay.prepare(format, kLongestPredelay);
    predelay.setDelay(format.frames(Milliseconds{15.0}));
  }
  lowCut_.prepare(format);
  lowCut_.setOn(true);
  lowCut_.setFrequency(Hertz{150.0});
  tank_->prepare(format);
  fade_.prepare(format, Milliseconds{20.0}, Milliseconds{50.0});
  fade_.snapTo(true);
  work_ = AudioBuffer(2, std::min(format.maxFrames, kWindow));
  setDecay(decaySeconds_);
  reset();
}

void Reverb::setOn(bool on) noexcept {
  if (on == fade_.isOpening()) return;
  if (on && fade_.isClosed()) {
    awake_ = false;
    fade_.snapTo(true);
  } else {
    fade_.setOpen(on);
  }
}

void Reverb::setDecay(double seconds) noexcept {
  decaySeconds_ = seconds;
  tank_->setDecay(decaySeconds_, damping_.value);
}

void Reverb::setDamping(Hertz frequency) noexcept {
  damping_ = frequency;
  tank_->setDecay(decaySeconds_, damping_.value);
}

void Reverb::setPredelay(Milliseconds time) noexcept {
  for (Predelay& predelay : predelays_)
    predelay.setDelay(static_cast<FrameCount>(std::lround(time.seconds() * sampleRate_)));
}

void Reverb::setLowCut(Hertz frequency) noexcept { lowCut_.setFrequency(frequency); }

void Reverb::reset() noexcept {
  awake_ = false;
  fade_.snapTo(fade_.isOpening());
}

void Reverb::wake() noexcept {
  for (Predelay& predelay : predelays_) predelay.reset();
  lowCut_.reset();
  tank_->reset();
  tail_ = windowPeak_ = 0.0f;
  windowFrame_ = 0;
  silentWindows_ = 0;
  awake_ = true;
}

bool Reverb::isSpent() noexcept {
  silentWindows_ = windowPeak_ > 0.1f * kSpent ? 0 : silentWindows_ + 1;
  tail_ = std::max(tail_, kResonance * windowPeak_);
  windowPeak_ = 0.0f;
  windowFrame_ = 0;
  // Only once the pre-delay and the diffusers are empty does everything decay.
  if (silentWindows_ * kWindow <= kWaitingSeconds * sampleRate_) return false;
  tail_ *= std::pow(tank_->decayOver16Frames(), float{kGridsInWindow});
  return tail_ < kSpent;
}

void Reverb::advance(ConstAudioView in, AudioView out) noexcept {
  const AudioView work = work_.view(in.frames());
  for (int c = 0; c < 2; ++c)
    std::ranges::transform(in.channel(std::min(c, in.channels() - 1)), work.channel(c).begin(), cleaned);
  lowCut_.process(work);
  for (int c = 0; c < 2; ++c) {
    const std::span<float> channel = work.channel(c);
    windowPeak_ = std::max(windowPeak_, peak(channel));
    predelays_[static_cast<std::size_t>(c)].process(channel);
  }
  tank_->process(work.channel(0), work.channel(1), out.channel(0), out.channel(1));
  fade_.process(out);
}

void Reverb::process(ConstAudioView in, AudioView out) noexcept {
  for (FrameCount at = 0; at < out.frames();) {
    if (fade_.isClosed()) awake_ = false;
    if (!awake_) {
      const FrameCount left = out.frames() - at;
      const FrameCount silent = fade_.isClosed() ? left : firstSound(in.frameRange(at, left));
      out.frameRange(at, silent).clear();
      at += silent;
      if (silent == left) return;
      wake();
    }
    const FrameCount frames = std::min({out.frames() - at, work_.frames(), kWindow - windowFrame_});
    advance(in.frameRange(at, frames), out.frameRange(at, frames));
    at += frames;
    windowFrame_ += frames;
    if (windowFrame_ == kWindow && isSpent()) awake_ = false;
  }
}

}  // namespace gainstage::dsp
