#include "control/engine.h"

#include <algorithm>
#include <chrono>

#include "console/default_session.h"

namespace gainstage::control {
namespace {

std::int64_t nowNs() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
}

}  // namespace

Engine::Engine(EngineOptions options) : options_(std::move(options)) {
  if (options_.session) sendTaps_ = sendTaps(*options_.session);
  sendSlots_ = std::make_unique<std::atomic<int>[]>(sendTaps_.size());
}

Engine::~Engine() = default;

console::Session Engine::sessionFor(const EngineOptions& options, int inputs, int outputs) {
  if (!options.session)
    return console::defaultSession(
        {.inputs = inputs,
         .outputs = outputs,
         .outputKind = options.headphones ? console::OutputKind::headphones : console::OutputKind::unknown});
  console::Session session = *options.session;
  if (options.headphones)
    for (console::OutputState& output : session.outputs) output.kind = console::OutputKind::headphones;
  return session;
}

void Engine::formatChanged(const devices::DeviceFormat& format) {
  const std::lock_guard lock(control_);
  const bool newRate = prepared_ && format.sampleRate != format_.sampleRate;
  // A take belongs to one rate. What comes after a change of it is a new take, which only the user can ask
  // for.
  if (newRate)
    if (auto closed = takes_.finish(Milliseconds{0.0}); !closed) faults_.push_back(closed.error().message);
  if (prepared_) framesBefore_ += console_.frame();
  const console::Session session =
      prepared_ ? console_.session() : sessionFor(options_, format.inputs, format.outputs);
  format_ = format;
  console_.prepare(session, StreamFormat{format.sampleRate, format.blockFrames},
                   {.folder = options_.folder,
                    .inputsAreLive = options_.inputsAreLive,
                    .fadeIn = options_.fadeIn,
                    .preampDb = preampDb_});
  if (panicking_) console_.panic(true);
  if (prepared_) takes_.follow(console_);
  prepared_ = true;
  placeSendTaps();
}

void Engine::process(const devices::DeviceBlock& block) noexcept {
  const std::int64_t began = block.budgetNs > 0 ? nowNs() : 0;
  const FrameTime frame = framesBefore_ + console_.frame();
  // A device may prepare for longer blocks than it brings; people want to know what it brings.
  if (block.frames == lastFrames_) steadyFrames_.store(block.frames, std::memory_order_relaxed);
  lastFrames_ = block.frames;
  const devices::Transport& transport = block.transport;
  console_.process({.frames = block.frames,
                    .inputs = block.inputs,
                    .outputs = block.outputs,
                    .returns = block.returns,
                    .budgetNs = block.freewheel ? 0 : block.budgetNs,
                    .transportValid = transport.valid,
                    .transportRolling = transport.rolling,
                    .transportBeat = transport.beat,
                    .transportBeatsPerMinute = transport.beatsPerMinute,
                    .transportBeatsPerBar = transport.beatsPerBar});
  if (transport.valid) transportSeen_.store(true, std::memory_order_relaxed);
  takes_.push(frame, block.inputs, console_.runtime(), block.frames);
  fillSends(block);
  if (block.budgetNs > 0 && !block.freewheel) measureLoad(block, began);
}

void Engine::fillSends(const devices::DeviceBlock& block) noexcept {
  for (int port = 0; port < block.sends.channels(); ++port) {
    const auto to = block.sends.channel(port);
    const int slot = port < static_cast<int>(sendTaps_.size())
                         ? sendSlots_[static_cast<std::size_t>(port)].load(std::memory_order_relaxed)
                         : -1;
    const console::Strip* strip = slot < 0 ? nullptr : console_.runtime().strip(slot);
    if (!strip) {
      std::ranges::fill(to, 0.0f);
      continue;
    }
    const SendTap& tap = sendTaps_[static_cast<std::size_t>(port)];
    const ConstAudioView from = (tap.wet ? strip->wet() : strip->direct()).frameRange(0, block.frames);
    std::ranges::copy(from.channel(tap.channel), to.begin());
  }
}

void Engine::measureLoad(const devices::DeviceBlock& block, std::int64_t beganNs) noexcept {
  const double load = static_cast<double>(nowNs() - beganNs) / static_cast<double>(block.budgetNs);
  loadSum_.store(loadSum_.load(std::memory_order_relaxed) + load, std::memory_order_relaxed);
  loadCount_.store(loadCount_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  if (load > worstLoad_.load(std::memory_order_relaxed)) worstLoad_.store(load, std::memory_order_relaxed);
}

void Engine::deviceEvent(devices::DeviceEvent event, std::int64_t frames) {
  switch (event) {
    case devices::DeviceEvent::lostFrames:
      lostFrames_ += frames;
      ++xruns_;
      return;
    case devices::DeviceEvent::gone:
      gone_ = true;
      return;
    case devices::DeviceEvent::back:
      gone_ = false;
      return;
    case devices::DeviceEvent::formatChanged:
    case devices::DeviceEvent::ended:
      return;
  }
}

console::Session Engine::session() const {
  const std::lock_guard lock(control_);
  return console_.session();
}

bool Engine::apply(const console::Session& next, FrameTime at, bool mayPower) {
  const std::lock_guard lock(control_);
  const FrameTime frame = at == console::kNow ? at : std::max<FrameTime>(at - framesBefore_, 0);
  const bool applied = mayPower ? console_.apply(next, frame)
                                : console_.apply(console::withoutNewPower(console_.session(), next), frame);
  if (applied) placeSendTaps();
  return applied;
}

void Engine::panic(bool on) {
  const std::lock_guard lock(control_);
  panicking_ = on;
  console_.panic(on);
}

std::filesystem::path Engine::folder() const {
  const std::lock_guard lock(control_);
  return options_.folder;
}

void Engine::setFolder(const std::filesystem::path& folder) {
  const std::lock_guard lock(control_);
  options_.folder = folder;
  console_.setFolder(folder);
}

Result<std::filesystem::path> Engine::startTake(const std::filesystem::path& folder, FrameTime at) {
  const std::lock_guard lock(control_);
  return takes_.start(folder, console_, options_.takeFormat, format_.sampleRate,
                      at == console::kNow ? recorder::kNow : at);
}

void Engine::stopTake(FrameTime at) {
  const std::lock_guard lock(control_);
  takes_.stop(at == console::kNow ? recorder::kNow : at);
}

Result<void> Engine::finishTake() {
  const std::lock_guard lock(control_);
  return takes_.finish(Milliseconds{0.0});
}

void Engine::remember(const std::string& sentence, std::vector<std::string>& list) {
  constexpr std::size_t kMostRemembered = 1000;
  if (list.size() < kMostRemembered && std::ranges::find(list, sentence) == list.end())
    list.push_back(sentence);
}

std::vector<std::string> Engine::service() {
  const std::lock_guard lock(control_);
  if (!prepared_) return {};
  console_.service();
  std::vector<std::string> news;
  for (console::Fault& fault : console_.takeFaults()) {
    // A block that is muted for want of its file is heard as little as one that was bypassed.
    if (fault.kind == console::FaultKind::blockBypassed || fault.kind == console::FaultKind::fileMissing ||
        fault.kind == console::FaultKind::correctionOff)
      ++bypassedBlocks_;
    remember(fault.message, fault.kind == console::FaultKind::blockNote ? notes_ : faults_);
    news.push_back(std::move(fault.message));
  }
  for (std::string& sentence : takes_.service()) {
    remember(sentence, faults_);
    news.push_back(std::move(sentence));
  }
  return news;
}

console::RigPlan Engine::rigPlan(const console::StripState& strip, const rig::RigState& rig) const {
  const std::lock_guard lock(control_);
  return console_.rigPlan(strip, rig);
}

EngineReport Engine::report() const {
  const std::lock_guard lock(control_);
  EngineReport report;
  report.format = format_;
  if (const FrameCount frames = steadyFrames_; frames > 0) report.format.blockFrames = frames;
  report.frames = framesBefore_ + console_.frame();
  report.lostFrames = lostFrames_;
  report.xruns = xruns_;
  const std::int64_t count = loadCount_;
  report.meanLoad = count > 0 ? loadSum_ / static_cast<double>(count) : 0.0;
  report.worstLoad = worstLoad_;
  report.processedFrames = longestWetLatency();
  report.faults = faults_;
  report.notes = notes_;
  report.bypassedBlocks = bypassedBlocks_;
  report.deviceGone = gone_;
  return report;
}

FrameCount Engine::longestWetLatency() const {
  FrameCount longest = 0;
  for (const console::StripState& strip : console_.session().strips)
    longest = std::max(longest, console_.wetLatencyFrames(strip.id));
  return longest;
}

console::StripMeters Engine::stripMeters(const std::string& id) const {
  const std::lock_guard lock(control_);
  return console_.stripMeters(id);
}

console::OutputMeters Engine::outputMeters(const std::string& id) const {
  const std::lock_guard lock(control_);
  return console_.outputMeters(id);
}

FrameTime Engine::frame() const {
  const std::lock_guard lock(control_);
  return framesBefore_ + console_.frame();
}

std::vector<Engine::SendTap> Engine::sendTaps(const console::Session& session) {
  std::vector<SendTap> taps;
  for (const console::StripState& strip : session.strips) {
    for (int c = 0; c < static_cast<int>(strip.inputs.size()); ++c) taps.push_back({strip.id, false, c});
    for (int c = 0; c < 2; ++c) taps.push_back({strip.id, true, c});
  }
  return taps;
}

void Engine::placeSendTaps() {
  for (std::size_t port = 0; port < sendTaps_.size(); ++port)
    sendSlots_[port] = console_.stripSlot(sendTaps_[port].strip);
}

std::vector<std::string> Engine::sendNames(const console::Session& session) {
  std::vector<std::string> names;
  for (const SendTap& tap : sendTaps(session)) {
    const auto strip = std::ranges::find(session.strips, tap.strip, &console::StripState::id);
    const bool two = tap.wet || strip->inputs.size() == 2;
    const std::string side = two ? (tap.channel == 0 ? " left" : " right") : "";
    names.push_back(strip->name + (tap.wet ? " (wet" : " (direct") + side + ")");
  }
  return names;
}

std::vector<std::string> Engine::returnNames(const console::Session& session) {
  std::vector<std::string> names;
  for (const console::ReturnState& state : session.returns)
    for (const char* side : {" left", " right"}) names.push_back(state.name + side);
  return names;
}

}  // namespace gainstage::control
