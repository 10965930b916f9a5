#pragma once

#include <algorithm>
#include <span>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"

namespace gainstage::dsp {

/// From 0 to 1 with level ends as `position` goes from 0 to 1: within 0.0101 of the raised cosine
/// (1 - cos(pi position)) / 2, and s(p) + s(1 - p) = 1 as there. [any thread]
constexpr float smoothStep(float position) noexcept { return position * position * (3.0f - 2.0f * position); }

/// A gain that opens (to 1) and closes (to 0) along a smooth step, each way in its own fixed time: mutes, the
/// fade-in at start. Turned round half-way it goes back from where it is, in its whole time. Open, samples
/// pass untouched; closed, silence leaves whatever comes in. The same bits however the stream is split.
/// Latency 0.
class Fade {
 public:
  /// [control] Stays open or closed as it was; closed at first.
  void prepare(const StreamFormat& format, Milliseconds opening, Milliseconds closing) noexcept {
    openingFrames_ = format.frames(opening);
    closingFrames_ = format.frames(closing);
    position_.snapToTarget();
  }

  void setOpen(bool open) noexcept {  // [audio]
    position_.setLength(open ? openingFrames_ : closingFrames_);
    position_.setTarget(open ? 1.0f : 0.0f);
  }
  void close(FrameCount frames) noexcept {  // [audio] in another time, just this once: a panic mute
    if (isClosed()) return;
    position_.snapTo(position_.current());
    position_.setLength(frames);
    position_.setTarget(0.0f);
  }
  void snapTo(bool open) noexcept { position_.snapTo(open ? 1.0f : 0.0f); }  // [audio]

  bool isOpening() const noexcept { return position_.target() == 1.0f; }      // [audio]
  bool isOpen() const noexcept { return isSettled() && isOpening(); }         // [audio]
  bool isClosed() const noexcept { return isSettled() && !isOpening(); }      // [audio]
  bool isSettled() const noexcept { return position_.isSettled(); }           // [audio]
  float current() const noexcept { return smoothStep(position_.current()); }  // [audio]
  float next() noexcept { return smoothStep(position_.next()); }              // [audio]

  /// In place, any number of channels. [audio]
  void process(AudioView io) noexcept {
    if (isOpen()) return;
    if (isClosed()) return io.clear();
    const LinearRamp start = position_;
    for (int c = 0; c < io.channels(); ++c) {
      position_ = start;
      for (float& sample : io.channel(c)) sample *= next();
    }
  }

 private:
  LinearRamp position_{0.0f};
  FrameCount openingFrames_ = 1;
  FrameCount closingFrames_ = 1;
};

/// From one signal to another in a fixed time. Equal gain: the two add up to 1, right for signals that
/// resemble each other (a rig and the rig that replaces it). Over, the new signal passes untouched.
class Crossfade {
 public:
  explicit Crossfade(FrameCount frames = 1) noexcept { position_.setLength(frames); }
  void setLength(FrameCount frames) noexcept {
    position_.setLength(frames);
  }  // [audio] at least 1; not under way

  void start() noexcept {  // [audio]
    position_.snapTo(0.0f);
    position_.setTarget(1.0f);
  }
  void finish() noexcept { position_.snapTo(1.0f); }                         // [audio]
  bool isOver() const noexcept { return position_.isSettled(); }             // [audio]
  FrameCount framesLeft() const noexcept { return position_.framesLeft(); }  // [audio]

  /// `to` holds the new signal and becomes the mix; as many channels as both have are mixed. [audio]
  void process(ConstAudioView from, AudioView to) noexcept {
    const FrameCount frames = std::min(to.frames(), framesLeft());
    const LinearRamp start = position_;
    for (int c = 0; c < std::min(from.channels(), to.channels()); ++c) {
      position_ = start;
      const float* const old = from.channel(c).data();
      float* const mix = to.channel(c).data();
      for (FrameCount n = 0; n < frames; ++n) {
        const float share = smoothStep(position_.next());
        mix[n] = old[n] * (1.0f - share) + mix[n] * share;
      }
    }
  }

 private:
  LinearRamp position_{1.0f};
};

/// Takes the step out of one channel where its signal jumps (a bypass without a second signal to fade from, a
/// stream that resumes): adds what is missing at the jump and lets that die away. Latency 0.
class StepSmoother {
 public:
  explicit StepSmoother(FrameCount frames = 1) noexcept : length_(frames) {}
  void setLength(FrameCount frames) noexcept { length_ = frames; }  // [audio] at least 1

  /// The last sample that was heard before the jump, and the first after it as it would be. [audio]
  void bridge(float lastHeard, float first) noexcept {
    offset_ = lastHeard - first;
    left_ = length_;
  }
  void reset() noexcept { left_ = 0; }                 // [audio]
  bool isIdle() const noexcept { return left_ == 0; }  // [audio]

  /// From the first sample after the jump on, in place. [audio]
  void process(std::span<float> samples) noexcept {
    for (std::size_t n = 0; n < samples.size() && left_ > 0; ++n, --left_)
      samples[n] += offset_ * smoothStep(static_cast<float>(left_) / static_cast<float>(length_));
  }

 private:
  FrameCount length_ = 1;
  FrameCount left_ = 0;
  float offset_ = 0.0f;
};

}  // namespace gainstage::dsp
