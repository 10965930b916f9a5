#pragma once

#include <memory>

#include "devices/device.h"
#include "devices/output_sink.h"
#include "devices/virtual/stream_runner.h"
#include "devices/virtual/virtual_config.h"

namespace gainstage::devices {

/// An interface that is not there: ideal converters, a clock, sources at its inputs. Paced in real time or
/// free-running; misbehaves where it is told to. Gives what it has where more channels are asked for.
class VirtualDevice final : public Device {
 public:
  /// What it plays goes to `sink`, where there is one. `clock`: another than the machine's, for tests; must
  /// outlive the device. [control]
  explicit VirtualDevice(VirtualConfig config = {}, std::string id = "virtual",
                         std::shared_ptr<OutputSink> sink = nullptr, PaceClock* clock = nullptr);

  const DeviceDescription& description() const noexcept override { return description_; }
  Result<DeviceFormat> open(const DeviceRequest& request, DeviceClient& client) override;
  Result<void> start() override;
  void stop() override;
  bool waitUntilEnded(Milliseconds timeout) override;
  Result<void> problem() const override;
  FrameCount inputLatencyFrames() const noexcept override { return 0; }
  FrameCount outputLatencyFrames() const noexcept override { return 0; }

  /// Lets something go wrong while it runs; false: too much waits already. [one control thread, open]
  bool inject(const Fault& fault) noexcept;

 private:
  VirtualConfig config_;
  DeviceDescription description_;
  std::shared_ptr<OutputSink> sink_;
  PaceClock& clock_;
  std::unique_ptr<StreamRunner> runner_;
};

}  // namespace gainstage::devices
