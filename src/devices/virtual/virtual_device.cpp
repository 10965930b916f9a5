#include "devices/virtual/virtual_device.h"

#include <algorithm>

#include "devices/virtual/sources.h"

namespace gainstage::devices {
namespace {

int granted(int wanted, int offered) { return wanted > 0 ? std::min(wanted, offered) : offered; }

}  // namespace

VirtualDevice::VirtualDevice(VirtualConfig config, std::string id, std::shared_ptr<OutputSink> sink,
                             PaceClock* clock)
    : config_(std::move(config)), sink_(std::move(sink)), clock_(clock ? *clock : monotonicClock()) {
  config_.inputStages.resize(config_.inputs.size());
  for (std::size_t i = 0; i < config_.inputs.size(); ++i) {
    const auto& stage = config_.inputStages[i];
    settings_.push_back(stage ? stage->stands : InputSettings{});
    auto* guitar = std::get_if<GuitarInput>(&config_.inputs[i]);
    // Strings over a pickup that is simulated have no second one.
    if (guitar && stage && std::holds_alternative<analog::GuitarPlugged>(stage->design.plugged))
      guitar->hasCircuit = false;
  }
  description_.id = std::move(id);
  description_.name = config_.name;
  description_.inputs = static_cast<int>(config_.inputs.size());
  description_.outputs = config_.outputs;
  description_.sampleRate = config_.sampleRate;
  description_.hasClock = !config_.freeRunning;
  description_.inputsAreLive = config_.inputsAreLive;
  description_.purpose = config_.purpose;
  for (const auto& stage : config_.inputStages)
    if (stage) inputLatency_ = std::max(inputLatency_, analog::delayFrames(stage->design.converter));
  for (const OutputStage& stage : config_.outputStages)
    outputLatency_ = std::max(outputLatency_, analog::delayFrames(stage.design.converter));
}

Result<DeviceFormat> VirtualDevice::open(const DeviceRequest& request, DeviceClient& client) {
  staged_ = nullptr;
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
  std::unique_ptr<InputSource> inputs = std::make_unique<SourceBank>(std::move(sources));
  StagedSource* staged = nullptr;
  if (!config_.surges.empty() ||
      std::ranges::any_of(config_.inputStages, &std::optional<InputStage>::has_value)) {
    auto made =
        std::make_unique<StagedSource>(std::move(inputs), config_.inputStages, settings_, config_.surges);
    staged = made.get();
    inputs = std::move(made);
  }
  const auto sink = ear_ ? std::make_shared<EarTap>(config_.outputStages, sink_, ear_, earUnit_) : sink_;
  auto runner = StreamRunner::make(std::move(plan), std::move(inputs), sink, client);
  if (!runner) return runner.error();
  runner_ = *std::move(runner);
  staged_ = staged;
  return format;
}

const InputStage* VirtualDevice::stageOf(int input) const noexcept {
  const auto at = static_cast<std::size_t>(input);
  return at < config_.inputStages.size() && config_.inputStages[at] ? &*config_.inputStages[at] : nullptr;
}

std::vector<OutputGear> VirtualDevice::outputGear() const {
  std::vector<OutputGear> gear;
  for (const OutputStage& stage : config_.outputStages) gear.push_back(gearOf(stage));
  return gear;
}

InputControls VirtualDevice::inputControls(int input) const {
  const InputStage* stage = stageOf(input);
  return stage ? controlsOf(*stage) : InputControls{};
}

InputSettings VirtualDevice::inputSettings(int input) const {
  return stageOf(input) ? settings_[static_cast<std::size_t>(input)] : InputSettings{};
}

bool VirtualDevice::setInput(int input, const InputSettings& settings) {
  const InputStage* stage = stageOf(input);
  if (!stage) return false;
  const InputSettings limited = limitedTo(*stage, settings);
  if (staged_ && !staged_->set(input, limited)) return false;
  settings_[static_cast<std::size_t>(input)] = limited;
  return true;
}

Result<void> VirtualDevice::start() { return runner_->start(); }

void VirtualDevice::stop() {
  if (runner_) runner_->stop();
}

bool VirtualDevice::waitUntilEnded(Milliseconds timeout) { return runner_->waitUntilEnded(timeout); }

Result<void> VirtualDevice::problem() const { return runner_ ? runner_->problem() : Result<void>(); }

bool VirtualDevice::inject(const Fault& fault) noexcept { return runner_ && runner_->inject(fault); }

}  // namespace gainstage::devices
