#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/audio_buffer.h"

namespace gainstage::bench {

/// Every case runs at this rate, in Hz.
inline constexpr double kSampleRate = 48000.0;

/// What is timed, one block after another.
class Work {
 public:
  Work() = default;
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  virtual ~Work() = default;

  /// Back to where the first block begins: every pass must do the same work block for block.
  virtual void rewind() noexcept = 0;
  /// Brings the input of block `index` to where run() finds it. Not timed.
  virtual void feed(int index) noexcept = 0;
  /// [audio] Timed.
  virtual void run() noexcept = 0;
};

/// One line of the bench.
struct Case {
  std::string name;           ///< room/what/frames: "dsp/convolution-2048/64"
  FrameCount frames = 64;     ///< in a block, 1..8192
  double multiplyAdds = 0.0;  ///< a frame, of the model's convolutions and matrices; 0: not what limits it
  int blocks = 2048;          ///< in a pass; at least 1000, so that a 99.9th percentile exists
  std::function<std::unique_ptr<Work>()> prepare;
};

/// Pink-ish noise at -12 dBFS with silences, the same every time: seconds of it, channels x frames.
AudioBuffer testSignal(int channels, FrameCount frames);
/// The built-in guitar, a chord of three strings every 171 ms, peaks near -12 dBFS: what drives an
/// amplifier as it is driven when played. The same in every channel.
AudioBuffer guitarSignal(int channels, FrameCount frames);

using Signal = AudioBuffer (*)(int channels, FrameCount frames);

/// The work of anything with `reset()` and `process(AudioView io)`: `channels` of a signal, in place.
template <typename Processor>
class InPlace : public Work {
 public:
  InPlace(std::unique_ptr<Processor> processor, int channels, FrameCount frames, Signal signal)
      : processor_(std::move(processor)),
        signal_(signal(channels, kSignalBlocks * frames)),
        io_(channels, frames) {}

  void rewind() noexcept override { processor_->reset(); }
  void feed(int index) noexcept override {
    copy(std::as_const(signal_).view().frameRange(index % kSignalBlocks * io_.frames(), io_.frames()),
         io_.view());
  }
  void run() noexcept override { processor_->process(io_.view()); }

 private:
  static constexpr int kSignalBlocks = 256;

  std::unique_ptr<Processor> processor_;
  AudioBuffer signal_;
  AudioBuffer io_;
};

/// A case that times `make()`'s process(AudioView io) on blocks of `frames`, `channels` in place.
template <typename Make>
Case inPlace(const std::string& name, FrameCount frames, int channels, Make make, double multiplyAdds = 0.0,
             Signal signal = testSignal) {
  return {.name = name + "/" + std::to_string(frames),
          .frames = frames,
          .multiplyAdds = multiplyAdds,
          .prepare = [=]() -> std::unique_ptr<Work> {
            auto processor = make();
            return std::make_unique<InPlace<typename decltype(processor)::element_type>>(
                std::move(processor), channels, frames, signal);
          }};
}

}  // namespace gainstage::bench
