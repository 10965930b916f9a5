#include "devices/virtual/virtual_device.h"

#include "devices/virtual/sources.h"

namespace gainstage::devices {
namespace {

int granted(int wanted, int offered) { return wanted > 0 ? std::min(wanted, offered) : offered; }

}  // namespace

VirtualDevice::VirtualDevice(VirtualConfig config, std::string id, std::shared_ptr<OutputSink> sink,
                             PaceClock* clock)
    : config_(std::move(config)), sink_(std::move(sink)), clock_(clock ? *clock : monotonicClock()) {
  description_.id = std::move(id);
  description_.name = config_.name;
  description_.inputs = static_cast<int>(config_.inputs.size());
  description_.outputs = config_.outputs;
  description_.sampleRate = config_.sampleRate;
  description_.hasClock = !config_.freeRunning;
  description_.inputsAreLive = config_.inputsAreLive;
  description_.purpose = config_.purpose;
}

Result<DeviceFormat> VirtualDevice::open(const DeviceRequest& request, DeviceClient& client) {
  runner_.reset();
  StreamPlan plan;
  plan.format.sampleRate = request.sampleRate != 0.0 ? request.sampleRate : config_.sampleRate;
  plan.format.blockFrames = request.blockFrames != 0 ? request.blockFrames : config_.blockFrames;
  plan.format.inputs = granted(request.inputs, description_.inputs);
  plan.format.outputs = granted(request.outputs, description_.outputs);
  if (auto allowed = checkFormat(plan.format); !allowed) return allowed.error();
  plan.clock = request.freeRunning || config_.freeRunning ? nullptr : &clock_;
  plan.periods = config_.periods;
  plan.frameLimit = request.frameLimit;
  plan.tailFrames = StreamPlan::kEndless;
  plan.driftPpm = config_.driftPpm;
  plan.blockSeed = config_.blockSeed;
  plan.faults = config_.faults;

  std::vector<std::unique_ptr<InputSource>> sources;
  for (const VirtualInput& input : config_.inputs) {
    auto source = makeSource(input);
    if (!source) return source.error();
    sources.push_back(*std::move(source));
  }
  const DeviceFormat format = plan.format;
  auto runner =
      StreamRunner::make(std::move(plan), std::make_unique<SourceBank>(std::move(sources)), sink_, client);
  if (!runner) return runner.error();
  runner_ = *std::move(runner);
  return format;
}

Result<void> VirtualDevice::start() { return runner_->start(); }

void VirtualDevice::stop() {
  if (runner_) runner_->stop();
}

bool VirtualDevice::waitUntilEnded(Milliseconds timeout) { return runner_->waitUntilEnded(timeout); }

Result<void> VirtualDevice::problem() const { return runner_ ? runner_->problem() : Result<void>(); }

bool VirtualDevice::inject(const Fault& fault) noexcept { return runner_ && runner_->inject(fault); }

}  // namespace gainstage::devices
