#pragma once

#include <vector>

#include "devices/output_sink.h"

namespace gainstage::devices {

/// Keeps the first frames of what a device has been given to play, each at the place of its own frame: lost
/// ones stay silent.
class MemorySink final : public OutputSink {
 public:
  /// [control]
  explicit MemorySink(FrameTime maxFrames) : maxFrames_(maxFrames) {}

  void formatChanged(const DeviceFormat& format) override {
    channels_.resize(static_cast<std::size_t>(format.outputs));
    for (auto& channel : channels_) channel.resize(static_cast<std::size_t>(maxFrames_));
  }

  bool write(ConstAudioView outputs, FrameTime frame) noexcept override {
    const FrameTime kept = std::min<FrameTime>(outputs.frames(), maxFrames_ - frame);
    if (kept <= 0) return true;
    for (int c = 0; c < outputs.channels(); ++c)
      std::copy_n(outputs.channel(c).begin(), kept, channels_[static_cast<std::size_t>(c)].begin() + frame);
    return true;
  }

  /// outputs x maxFrames. [control, stopped]
  const std::vector<std::vector<float>>& channels() const noexcept { return channels_; }

 private:
  FrameTime maxFrames_;
  std::vector<std::vector<float>> channels_;
};

}  // namespace gainstage::devices
