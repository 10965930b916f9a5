#pragma once

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <utility>

#include "core/units.h"

namespace gainstage::devices::jack {

/// Makes one 64-bit count out of a server's 32-bit frame counter, and tells frames that never came. The count
/// begins at 0 and goes on without a jump where the server's is replaced by another: when freewheeling begins
/// or ends, when PipeWire changes the driver, on another server.
class FrameClock {
 public:
  /// The next jump of the server's counter is no loss. [any thread]
  void resync() noexcept { resync_.store(true, std::memory_order_release); }

  /// Takes in one callback: the server's counter at its first frame, and the server's time of it in us (below
  /// 0: unknown). Gives the frames lost before it. [audio]
  ///
  /// A callback that runs late, when the server has begun the next cycle, reads that cycle's counter, and the
  /// next callback reads the same once more. So a jump is taken for a loss only when a callback comes after
  /// it that goes on from there.
  FrameTime advance(std::uint32_t serverFrame, std::int64_t serverUs, FrameCount frames,
                    double sampleRate) noexcept {
    // The counter wraps after 24.8 hours at 48 kHz: only differences of it are looked at.
    const auto jump = static_cast<std::int32_t>(serverFrame - expected_);
    FrameTime lost = 0;
    if (resync_.exchange(false, std::memory_order_acquire) ||
        !isPlausible(jump, serverUs, frames, sampleRate))
      unsettled_ = 0;
    else if (jump != 0)
      unsettled_ = std::max<FrameTime>(unsettled_ + jump, 0);
    else
      lost = std::exchange(unsettled_, 0);
    frame_ = next_ + lost;
    next_ = frame_ + frames;
    expected_ = serverFrame + static_cast<std::uint32_t>(frames);
    lastUs_ = serverUs;
    lastFrames_ = frames;
    return lost;
  }

  FrameTime frame() const noexcept { return frame_; }  // [audio] of the callback last taken in
  FrameTime next() const noexcept { return next_; }    // [audio, or device thread while nothing is taken in]

  /// So many frames went by while there was no server. [device thread, while nothing is taken in]
  void skip(FrameTime frames) noexcept {
    next_ += frames;
    resync();
  }

 private:
  // The server's clock went as far as its counter; where another driver's counter takes over, it did not.
  bool isPlausible(FrameTime jump, std::int64_t serverUs, FrameCount frames,
                   double sampleRate) const noexcept {
    constexpr double longestS = 10.0;         // where there is no time to compare with
    constexpr double smallestSlackS = 20e-3;  // wake-ups of a busy machine scatter by that much
    if (serverUs < 0 || lastUs_ < 0) return std::abs(static_cast<double>(jump)) < longestS * sampleRate;
    const double passed = static_cast<double>(serverUs - lastUs_) * 1e-6 * sampleRate;
    const double slack = std::fmax(2.0 * frames, smallestSlackS * sampleRate);
    return std::abs(passed - static_cast<double>(jump + lastFrames_)) < slack;
  }

  std::atomic<bool> resync_{true};
  std::uint32_t expected_ = 0;  // the server's counter at the next callback, if nothing is lost
  FrameTime unsettled_ = 0;     // frames that the counter jumped, lost or only late
  FrameTime next_ = 0;
  FrameTime frame_ = 0;
  std::int64_t lastUs_ = -1;
  FrameCount lastFrames_ = 0;
};

}  // namespace gainstage::devices::jack
