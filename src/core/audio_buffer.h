#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "core/audio_view.h"

namespace gainstage {

/// Owned audio, channels x frames, zeroed; every channel starts on a 64-byte line so that vectors load whole.
class AudioBuffer {
 public:
  AudioBuffer() = default;
  AudioBuffer(int channels, FrameCount frames) : frames_(frames) {  // [control]
    constexpr std::size_t lineFloats = kAlignment / sizeof(float);
    const std::size_t stride = (static_cast<std::size_t>(frames) + lineFloats - 1) / lineFloats * lineFloats;
    const std::size_t total = std::max<std::size_t>(stride * static_cast<std::size_t>(channels), lineFloats);
    memory_.reset(static_cast<float*>(::operator new (total * sizeof(float), std::align_val_t{kAlignment})));
    std::fill_n(memory_.get(), total, 0.0f);
    for (int c = 0; c < channels; ++c) rows_.push_back(memory_.get() + stride * static_cast<std::size_t>(c));
  }

  int channels() const noexcept { return static_cast<int>(rows_.size()); }
  FrameCount frames() const noexcept { return frames_; }
  AudioView view() noexcept { return {rows_.data(), channels(), frames_}; }
  AudioView view(FrameCount frames) noexcept { return view().frameRange(0, frames); }
  ConstAudioView view() const noexcept {
    return {const_cast<const float* const*>(rows_.data()), channels(), frames_};
  }
  std::span<float> channel(int index) noexcept { return view().channel(index); }
  std::span<const float> channel(int index) const noexcept { return view().channel(index); }

 private:
  static constexpr std::size_t kAlignment = 64;
  struct Free {
    void operator()(float* memory) const noexcept {
      ::operator delete (memory, std::align_val_t{kAlignment});
    }
  };
  std::unique_ptr<float, Free> memory_;
  std::vector<float*> rows_;
  FrameCount frames_ = 0;
};

}  // namespace gainstage
