#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "core/stream_format.h"

namespace gainstage::dsp {

/// Smears one channel over some tens of ms without colouring it: four all-passes in a row (Schroeder,
/// "Natural sounding artificial reverberation", JAES 10(3), 1962). One click becomes hundreds. The same bits
/// however the stream is split.
class Diffuser {
 public:
  using Lengths = std::array<double, 4>;  ///< ms, at least 1 each

  void prepare(const StreamFormat& format, const Lengths& lengthsMs) {  // [control]
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      Stage& stage = stages_[i];
      stage.delay = format.frames(Milliseconds{lengthsMs[i]});
      stage.ring.assign(std::bit_ceil(static_cast<std::size_t>(stage.delay)), 0.0f);
    }
    reset();
  }

  /// Silence. Takes no time: what the rings hold is told by its age. [audio]
  void reset() noexcept { frame_ = 0; }

  void process(std::span<float> io) noexcept {  // [audio]
    for (Stage& stage : stages_) stage.process(io, frame_);
    frame_ += static_cast<std::int64_t>(io.size());
  }

 private:
  static constexpr float kGain = 0.6f;

  struct Stage {
    std::vector<float> ring;
    FrameCount delay = 1;

    void process(std::span<float> io, std::int64_t frame) noexcept {
      const auto size = static_cast<std::int64_t>(ring.size());
      for (std::size_t at = 0; at < io.size();) {
        const std::int64_t now = frame + static_cast<std::int64_t>(at);
        const std::int64_t writeAt = now % size;
        const std::int64_t readAt = (now - delay + size) % size;
        std::int64_t count = std::min<std::int64_t>(static_cast<std::int64_t>(io.size() - at), delay);
        count = std::min({count, size - writeAt, size - readAt});
        if (now < delay) count = std::min(count, delay - now);
        allpass(io.subspan(at, static_cast<std::size_t>(count)), ring.data() + readAt, now < delay,
                ring.data() + writeAt);
        at += static_cast<std::size_t>(count);
      }
    }

    static void allpass(std::span<float> io, const float* delayed, bool stale, float* written) noexcept {
      for (std::size_t n = 0; n < io.size(); ++n) {
        const float old = stale ? 0.0f : delayed[n];
        const float in = io[n] + kGain * old;
        io[n] = old - kGain * in;
        written[n] = in;
      }
    }
  };

  std::array<Stage, 4> stages_;
  std::int64_t frame_ = 0;  // since reset()
};

}  // namespace gainstage::dsp
