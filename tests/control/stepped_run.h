#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "console/default_session.h"
#include "control/commands.h"
#include "control/engine.h"
#include "control/hardware.h"
#include "devices/memory_sink.h"
#include "devices/virtual/virtual_device.h"
#include "support/files.h"

namespace gainstage::testing {

/// A console on a free-running virtual device whose control thread keeps step with it: commands fall at their
/// frame and housekeeping is done every 20 ms of the device's time, between two callbacks. The same every
/// time.
class SteppedRun final : public devices::DeviceClient {
 public:
  explicit SteppedRun(devices::VirtualConfig config, FrameTime frames, control::EngineOptions options)
      : played(std::make_shared<devices::MemorySink>(frames)),
        heard(std::make_shared<devices::MemorySink>(frames)),
        device(std::move(config), "virtual", played),
        frames_(frames) {
    device.setEar(heard, devices::EarUnit::volts);
    (void)control::Hardware::adopt(device, *options.session, true);
    engine = std::make_unique<control::Engine>(options);
    hardware = std::make_unique<control::Hardware>(device, *engine, keeper_);
    hardware->begin(*options.session);
    commands = std::make_unique<control::Commands>(*engine, keeper_, folder_.path());
    commands->setHardware(hardware.get());
  }

  void at(FrameTime frame, std::string line) { lines_.emplace(frame, std::move(line)); }

  /// To the last frame. Empty, or what went wrong.
  std::string run() {
    if (const auto opened = device.open({.freeRunning = true, .frameLimit = frames_}, *this); !opened)
      return opened.error().message;
    if (const auto started = device.start(); !started) return started.error().message;
    if (!device.waitUntilEnded(Milliseconds{300000.0})) return "It did not end.";
    device.stop();
    return refused_;
  }

  void formatChanged(const devices::DeviceFormat& format) override {
    format_ = format;
    engine->formatChanged(format);
  }
  void waitForRoom(FrameCount) override {
    for (; !lines_.empty() && lines_.begin()->first <= frame_; lines_.erase(lines_.begin()))
      if (const auto reply = commands->execute(lines_.begin()->second); !reply["ok"].get<bool>())
        refused_ = reply["error"].get<std::string>();
    if (frame_ < nextService_) return;
    nextService_ = frame_ + static_cast<FrameTime>(0.02 * format_.sampleRate);
    (void)engine->service();
    for (std::string& sentence : hardware->service()) told.push_back(std::move(sentence));
    if (onService) onService(frame_);
  }
  void process(const devices::DeviceBlock& block) noexcept override {
    engine->process(block);
    frame_ = block.frame + block.frames;
    const auto samples = block.inputs.channel(0);
    inputPeak = std::max(inputPeak, std::abs(*std::ranges::max_element(
                                        samples, {}, [](float sample) { return std::abs(sample); })));
  }
  void deviceEvent(devices::DeviceEvent event, std::int64_t frames) override {
    engine->deviceEvent(event, frames);
  }

  std::shared_ptr<devices::MemorySink> played, heard;
  devices::VirtualDevice device;
  std::unique_ptr<control::Engine> engine;
  std::unique_ptr<control::Hardware> hardware;
  std::unique_ptr<control::Commands> commands;
  std::vector<std::string> told;
  std::function<void(FrameTime)> onService;
  float inputPeak = 0.0f;  ///< of the first input; to be cleared by whoever asks

 private:
  TemporaryFolder folder_;
  control::SessionKeeper keeper_{std::filesystem::path()};
  devices::DeviceFormat format_;
  FrameTime frames_, frame_ = 0, nextService_ = 0;
  std::multimap<FrameTime, std::string> lines_;
  std::string refused_;
};

}  // namespace gainstage::testing
