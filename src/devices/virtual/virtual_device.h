#pragma once

#include <memory>

#include "devices/device.h"
#include "devices/output_sink.h"
#include "devices/virtual/ear_tap.h"
#include "devices/virtual/staged_source.h"
#include "devices/virtual/stream_runner.h"
#include "devices/virtual/virtual_config.h"

namespace gainstage::devices {

/// An interface that is not there: a clock, sources at its inputs, and between them and the samples either
/// ideal converters or real parts (VirtualConfig::inputStages). Paced in real time or free-running;
/// misbehaves where it is told to. Gives what it has where more channels are asked for.
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
  /// The slowest converter's.
  FrameCount inputLatencyFrames() const noexcept override { return inputLatency_; }
  FrameCount outputLatencyFrames() const noexcept override { return outputLatency_; }

  InputControls inputControls(int input) const override;
  std::vector<OutputGear> outputGear() const override;
  InputSettings inputSettings(int input) const override;
  bool setInput(int input, const InputSettings& settings) override;

  /// What the headphones that hang on it make of what it plays goes to `ear`. [control, before open]
  void setEar(std::shared_ptr<OutputSink> ear, EarUnit unit) {
    ear_ = std::move(ear);
    earUnit_ = unit;
  }

  /// Lets something go wrong while it runs; false: too much waits already. [one control thread, open]
  bool inject(const Fault& fault) noexcept;

 private:
  VirtualConfig config_;
  DeviceDescription description_;
  std::shared_ptr<OutputSink> sink_;
  PaceClock& clock_;
  const InputStage* stageOf(int input) const noexcept;

  std::vector<InputSettings> settings_;  // input by input
  FrameCount inputLatency_ = 0, outputLatency_ = 0;
  std::shared_ptr<OutputSink> ear_;
  EarUnit earUnit_ = EarUnit::volts;
  StagedSource* staged_ = nullptr;  // the runner's
  std::unique_ptr<StreamRunner> runner_;
};

}  // namespace gainstage::devices
