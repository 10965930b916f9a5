#pragma once

#include <algorithm>
#include <cassert>
#include <span>
#include <type_traits>

#include "core/units.h"

namespace gainstage {

/// A look at somebody else's audio: channels x frames, one array for each channel, never owned. [any thread]
template <typename Sample>
class BasicAudioView {
 public:
  constexpr BasicAudioView() noexcept = default;
  constexpr BasicAudioView(Sample* const* channels, int channelCount, FrameCount frames,
                           FrameCount start = 0) noexcept
      : channels_(channels), channelCount_(channelCount), start_(start), frames_(frames) {}

  /// A view that may write can always be looked at.
  constexpr operator BasicAudioView<const Sample>() const noexcept requires(!std::is_const_v<Sample>) {
    return {channels_, channelCount_, frames_, start_};
  }

  constexpr int channels() const noexcept { return channelCount_; }
  constexpr FrameCount frames() const noexcept { return frames_; }
  constexpr bool empty() const noexcept { return channelCount_ == 0 || frames_ == 0; }

  constexpr std::span<Sample> channel(int index) const noexcept {
    assert(index >= 0 && index < channelCount_);
    return {channels_[index] + start_, static_cast<std::size_t>(frames_)};
  }

  /// `count` frames from frame `first` on.
  constexpr BasicAudioView frameRange(FrameCount first, FrameCount count) const noexcept {
    assert(first >= 0 && count >= 0 && first + count <= frames_);
    return {channels_, channelCount_, count, start_ + first};
  }

  /// `count` channels from channel `first` on.
  constexpr BasicAudioView channelRange(int first, int count) const noexcept {
    assert(first >= 0 && count >= 0 && first + count <= channelCount_);
    return {channels_ + first, count, frames_, start_};
  }

  void clear() const noexcept requires(!std::is_const_v<Sample>) {
    for (int c = 0; c < channelCount_; ++c) std::ranges::fill(channel(c), Sample{});
  }

 private:
  Sample* const* channels_ = nullptr;
  int channelCount_ = 0;
  FrameCount start_ = 0;
  FrameCount frames_ = 0;
};

using AudioView = BasicAudioView<float>;
using ConstAudioView = BasicAudioView<const float>;

/// Copies as many channels as both have; frame counts must agree.
inline void copy(ConstAudioView from, AudioView to) noexcept {
  assert(from.frames() == to.frames());
  for (int c = 0; c < std::min(from.channels(), to.channels()); ++c)
    std::ranges::copy(from.channel(c), to.channel(c).begin());
}

}  // namespace gainstage
