#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "core/stream_format.h"
#include "dsp/fade.h"

namespace gainstage::dsp {

/// A delay of one channel, 0 frames and up. A new length is crossfaded in over 50 ms: no change of pitch, no
/// click. The same bits however the stream is split.
class Predelay {
 public:
  void prepare(const StreamFormat& format, Milliseconds longest) {  // [control]
    longest_ = format.frames(longest);
    fadeFrames_ = format.frames(Milliseconds{50.0});
    ring_.assign(std::bit_ceil(static_cast<std::size_t>(longest_) + kRoom), 0.0f);
    reset();
  }

  void setDelay(FrameCount frames) noexcept { wanted_ = std::clamp(frames, 0, longest_); }  // [audio]

  /// Silence, and the delay last set at once. Takes no time: what the ring holds is told by its age. [audio]
  void reset() noexcept {
    delay_ = next_ = wanted_;
    fade_.snapTo(1.0f);
    frame_ = 0;
  }

  void process(std::span<float> io) noexcept {  // [audio] in place
    for (std::size_t at = 0; at < io.size();) {
      // A length set while another is still being faded in has to wait for it.
      if (fade_.isSettled() && next_ != wanted_) {
        delay_ = next_;
        next_ = wanted_;
        fade_.setLength(fadeFrames_);
        fade_.snapTo(0.0f);
        fade_.setTarget(1.0f);
      }
      const auto left = io.subspan(at);
      at += fade_.isSettled() ? delaySome(left) : fadeOne(left.front());
    }
  }

 private:
  std::size_t place(std::int64_t frame) const noexcept {
    return static_cast<std::size_t>(frame) & (ring_.size() - 1);
  }
  float read(FrameCount delay) const noexcept { return frame_ < delay ? 0.0f : ring_[place(frame_ - delay)]; }

  std::size_t fadeOne(float& sample) noexcept {
    ring_[place(frame_)] = sample;
    const float share = smoothStep(fade_.next());
    sample = read(delay_) * (1.0f - share) + read(next_) * share;
    ++frame_;
    return 1;
  }

  /// As many frames as neither end of the ring nor of what is known comes between.
  std::size_t delaySome(std::span<float> io) noexcept {
    const std::size_t size = ring_.size(), delay = static_cast<std::size_t>(next_);
    const std::size_t write = place(frame_), readAt = place(frame_ - next_);
    std::size_t count = std::min({io.size(), size - write, size - readAt, size - delay});
    const bool stale = frame_ < next_;
    if (stale) count = std::min(count, static_cast<std::size_t>(next_ - frame_));
    std::copy_n(io.begin(), count, ring_.begin() + static_cast<std::ptrdiff_t>(write));
    if (stale)
      std::fill_n(io.begin(), count, 0.0f);
    else if (delay > 0)
      std::copy_n(ring_.begin() + static_cast<std::ptrdiff_t>(readAt), count, io.begin());
    frame_ += static_cast<std::int64_t>(count);
    return count;
  }

  static constexpr std::size_t kRoom = 64;  // to write ahead of what is still to be read

  std::vector<float> ring_;
  FrameCount longest_ = 0, fadeFrames_ = 1;
  FrameCount wanted_ = 0, next_ = 0, delay_ = 0;
  LinearRamp fade_{1.0f};   // from delay_ to next_
  std::int64_t frame_ = 0;  // since reset()
};

}  // namespace gainstage::dsp
