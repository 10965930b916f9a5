#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "devices/device.h"

namespace gainstage::testing {

/// Keeps what a device tells it: formats, callbacks, events and the inputs' samples, in order. Its outputs
/// are its inputs, as many as there are.
class RecordingClient final : public devices::DeviceClient {
 public:
  struct Call {
    FrameTime frame;
    FrameCount frames;
    std::int64_t clockNs;
    std::int64_t budgetNs;
  };
  struct Event {
    devices::DeviceEvent event;
    std::int64_t frames;
    std::size_t calls;  ///< callbacks so far
    bool operator==(const Event&) const = default;
  };

  explicit RecordingClient(FrameTime maxFrames = 1 << 20) : maxFrames_(maxFrames) {
    calls.reserve(static_cast<std::size_t>(maxFrames));
  }

  void formatChanged(const devices::DeviceFormat& format) override {
    formats.push_back(format);
    inputs.resize(static_cast<std::size_t>(format.inputs));
    for (auto& input : inputs) input.reserve(static_cast<std::size_t>(maxFrames_));
  }

  void process(const devices::DeviceBlock& block) noexcept override {
    calls.push_back({block.frame, block.frames, block.clockNs, block.budgetNs});
    callsSoFar_.store(calls.size());
    for (int c = 0; c < block.inputs.channels(); ++c) {
      const auto samples = block.inputs.channel(c);
      auto& input = inputs[static_cast<std::size_t>(c)];
      input.insert(input.end(), samples.begin(), samples.end());
    }
    block.outputs.clear();
    copy(block.inputs, block.outputs);
    framesDelivered += block.frames;
    if (onProcess) onProcess(block);
  }

  void deviceEvent(devices::DeviceEvent event, std::int64_t frames) override {
    events.push_back({event, frames, callsSoFar_.load()});
  }

  std::int64_t lostFrames() const {
    std::int64_t lost = 0;
    for (const Event& event : events)
      if (event.event == devices::DeviceEvent::lostFrames) lost += event.frames;
    return lost;
  }

  std::vector<devices::DeviceFormat> formats;
  std::vector<Call> calls;
  std::vector<Event> events;
  std::vector<std::vector<float>> inputs;  ///< inputs x frames delivered
  FrameTime framesDelivered = 0;
  std::function<void(const devices::DeviceBlock&)> onProcess;

 private:
  FrameTime maxFrames_;
  std::atomic<std::size_t> callsSoFar_{0};  // events may be told while callbacks go on
};

}  // namespace gainstage::testing
