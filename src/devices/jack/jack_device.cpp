#include "devices/jack/jack_device.h"

#include <algorithm>

#include "devices/jack/jack_library.h"
#include "devices/jack/jack_link.h"
#include "devices/jack/jack_watcher.h"

namespace gainstage::devices {
namespace jack {
namespace {

constexpr FrameCount kMostFrames = 8192;
/// Longer callbacks come in pieces. No server at 64 frames has to be re-prepared because a desktop program
/// made it change to 1024, and no client keeps its buffers far apart for blocks that never come.
constexpr FrameCount kLeastPrepared = 256;

class JackDevice final : public Device {
 public:
  explicit JackDevice(std::string serverName)
      : serverName_(std::move(serverName)),
        description_{.id = deviceId(serverName_),
                     .name = serverName_.empty() ? "JACK" : "JACK " + serverName_,
                     .inputs = -1,
                     .outputs = -1} {}

  ~JackDevice() override { stop(); }

  const DeviceDescription& description() const noexcept override { return description_; }

  Result<DeviceFormat> open(const DeviceRequest& request, DeviceClient& client) override {
    stop();
    watcher_.reset();
    stream_ = std::make_unique<JackStream>(client);
    stream_->latency.setDirectSends(request.sendIsDirect);
    stream_->wantedBlockFrames = request.blockFrames;
    stream_->frameLimit = request.frameLimit;
    PortPlan plan{.inputs = request.inputs,
                  .outputs = request.outputs,
                  .inputNames = request.inputNames,
                  .outputNames = request.outputNames,
                  .sendNames = request.sendNames,
                  .returnNames = request.returnNames};
    auto link = JackLink::open(serverName_, plan, *stream_);
    if (!link) return link.error();
    const DeviceFormat format{static_cast<double>((*link)->sampleRate()), (*link)->blockFrames(), plan.inputs,
                              plan.outputs};
    stream_->sampleRate = format.sampleRate;
    stream_->mostFrames =
        std::clamp(std::max(format.blockFrames, request.blockFrames), kLeastPrepared, kMostFrames);
    description_.inputs = format.inputs;
    description_.outputs = format.outputs;
    watcher_ = std::make_unique<JackWatcher>(serverName_, std::move(plan), *stream_, std::move(*link));
    if (request.connect) watcher_->owePhysical();
    client.formatChanged({format.sampleRate, stream_->mostFrames, format.inputs, format.outputs});
    return format;
  }

  Result<void> start() override {
    if (!watcher_) return Error{ErrorKind::device, "A JACK device has to be opened before it is started."};
    return watcher_->start();
  }

  void stop() override {
    if (watcher_) watcher_->stop();
  }

  bool waitUntilEnded(Milliseconds timeout) override { return watcher_ && watcher_->waitUntilEnded(timeout); }

  FrameCount inputLatencyFrames() const noexcept override {
    return stream_ ? stream_->latency.inputFrames() : -1;
  }
  FrameCount outputLatencyFrames() const noexcept override {
    return stream_ ? stream_->latency.outputFrames() : -1;
  }
  void reportLatency(FrameCount direct, FrameCount processed) override {
    if (!stream_ || !stream_->latency.setAdded(direct, processed)) return;
    stream_->news.latencyChanged = true;
    stream_->news.wake();
  }

 private:
  std::string serverName_;
  DeviceDescription description_;
  std::unique_ptr<JackStream> stream_;
  std::unique_ptr<JackWatcher> watcher_;
};

}  // namespace
}  // namespace jack

std::unique_ptr<Device> makeJackDevice(std::string serverName) {
  return std::make_unique<jack::JackDevice>(std::move(serverName));
}

}  // namespace gainstage::devices
