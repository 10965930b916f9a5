#include "control/run.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <poll.h>
#include <thread>
#include <unistd.h>

#include "console/session_files.h"
#include "console/session_json.h"
#include "control/commands.h"
#include "control/hardware.h"
#include "control/session_keeper.h"

namespace gainstage::control {
namespace {

constexpr std::size_t kLongestLine = 65536;
constexpr double kTickMs = 20.0;
constexpr int kTicksBetweenMeters = 4;

}  // namespace

/// Lines from a file descriptor, as they come in.
struct Run::LineReader {
  explicit LineReader(int descriptor) : fd(descriptor) {}

  int fd;
  std::string partial;

  bool isOpen() const { return fd >= 0; }

  /// Waits for at most `waitMs`, then gives every whole line to `visit`.
  template <typename Visit>
  void read(double waitMs, Visit&& visit) {
    pollfd ready{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, static_cast<int>(waitMs)) <= 0) return;
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(fd, bytes.data(), bytes.size());
    if (count < 0) return;
    if (count == 0) fd = -1;  // whoever typed has gone; the run goes on
    partial.append(bytes.data(), static_cast<std::size_t>(count));
    if (count == 0 && !partial.empty()) partial += '\n';
    for (std::size_t end; (end = partial.find('\n')) != std::string::npos; partial.erase(0, end + 1))
      visit(std::string_view(partial).substr(0, end));
    if (partial.size() > kLongestLine) partial.clear();
  }
};

Run::Run(std::unique_ptr<devices::Device> device, RunOptions options, RunSurroundings surroundings)
    : device_(std::move(device)), options_(std::move(options)), around_(std::move(surroundings)) {}

Run::~Run() = default;

Result<console::Session> Run::chooseSession(bool& isNew) {
  isNew = false;
  const devices::DeviceDescription& device = device_->description();
  if (options_.session) {
    std::error_code ignored;
    if (!std::filesystem::exists(*options_.session, ignored))
      return console::loadSession(*options_.session).error();
  }
  {
    auto kept = keeper_->load();
    if (kept && *kept) {
      if (keeper_->recoveredSteps() > 0)
        around_.tell(fmt::format("{} changes that were not saved before the last run ended were done again.",
                                 keeper_->recoveredSteps()));
      return **kept;
    }
    if (!kept && options_.session) return kept.error();
    if (!kept) around_.tell(kept.error().message + " A new session is begun.");
  }
  isNew = true;
  EngineOptions plain;
  plain.headphones = options_.headphones || device.purpose == devices::OutputPurpose::headphones;
  constexpr int kInputsWhereUnknown = 2, kOutputsWhereUnknown = 2;
  return Engine::sessionFor(plain, device.inputs > 0 ? device.inputs : kInputsWhereUnknown,
                            device.outputs > 0 ? device.outputs : kOutputsWhereUnknown);
}

Result<void> Run::begin() {
  const devices::DeviceDescription& device = device_->description();
  const bool live = device.inputsAreLive;
  // Only a device that is played live remembers what it had: a file or a free run should be the same every
  // time.
  const bool remembers = device.hasClock && !options_.freeRunning;
  keeper_ = std::make_unique<SessionKeeper>(
      options_.session
          ? *options_.session
          : SessionKeeper::fileFor(remembers ? options_.stateFolder : std::filesystem::path(), device.id));
  bool isNew = false;
  auto session = chooseSession(isNew);
  if (!session) return session.error();
  for (const std::string& sentence : Hardware::adopt(*device_, *session, isNew)) around_.tell(sentence);
  if (options_.headphones)
    for (console::OutputState& output : session->outputs) output.kind = console::OutputKind::headphones;
  const auto isUnknown = [](const console::OutputState& output) {
    return output.kind == console::OutputKind::unknown;
  };
  if (live && around_.ask && std::ranges::any_of(session->outputs, isUnknown) &&
      around_.ask("Are all outputs headphones? Loudspeakers near a microphone would howl."))
    for (console::OutputState& output : session->outputs)
      if (isUnknown(output)) output.kind = console::OutputKind::headphones;

  if (options_.session)
    for (const std::string& sentence :
         console::changedFiles(*session, std::filesystem::absolute(*options_.session).parent_path()))
      around_.tell(sentence);
  engine_ = std::make_unique<Engine>(
      EngineOptions{.folder = options_.session ? std::filesystem::absolute(*options_.session).parent_path()
                                               : std::filesystem::current_path(),
                    .session = *session,
                    .inputsAreLive = live,
                    .fadeIn = device.hasClock && !options_.freeRunning,
                    .takeFormat = options_.takeFormat});
  hardware_ = std::make_unique<Hardware>(*device_, *engine_, *keeper_);
  hardware_->begin(*session);
  commands_ = std::make_unique<Commands>(*engine_, *keeper_, options_.takeFolder, options_.presetFolders);
  commands_->setHardware(hardware_.get());
  // What nobody hears live is nobody's dose.
  dose_ = std::make_unique<DoseKeeper>(remembers && !options_.stateFolder.empty()
                                           ? options_.stateFolder / "dose.json"
                                           : std::filesystem::path());
  commands_->setDoses(dose_.get());
  lines_ = std::make_unique<LineReader>(around_.commandsFd);

  const auto format = device_->open(requestFor(*session), *engine_);
  if (!format) return format.error();
  tellWhatIsMissing(*session, *format);
  if (options_.recordTake) {
    const auto take = engine_->startTake(options_.takeFolder);
    if (!take) return take.error();
  }
  const EngineReport report = engine_->report();
  device_->reportLatency(report.directFrames, report.processedFrames);
  return device_->start();
}

devices::DeviceRequest Run::requestFor(const console::Session& session) const {
  devices::DeviceRequest request{.sampleRate = options_.sampleRate,
                                 .blockFrames = options_.blockFrames,
                                 .freeRunning = options_.freeRunning,
                                 .connect = options_.connect};
  const auto nameChannels = [](auto& names, const std::vector<int>& channels, const std::string& name) {
    for (std::size_t c = 0; c < channels.size(); ++c) {
      const auto index = static_cast<std::size_t>(channels[c]);
      if (names.size() < index) names.resize(index);
      names[index - 1] = channels.size() == 1 ? name : name + (c == 0 ? " left" : " right");
    }
  };
  for (const console::StripState& strip : session.strips)
    nameChannels(request.inputNames, strip.inputs, strip.name);
  for (const console::OutputState& output : session.outputs)
    nameChannels(request.outputNames, output.channels, output.name);
  if (session.talkbackInput) nameChannels(request.inputNames, {*session.talkbackInput}, "Talkback");
  request.inputs = static_cast<int>(request.inputNames.size());
  request.outputs = static_cast<int>(request.outputNames.size());
  request.sendNames = Engine::sendNames(session);
  request.returnNames = Engine::returnNames(session);
  const double rate = options_.sampleRate > 0.0 ? options_.sampleRate : device_->description().sampleRate;
  request.frameLimit = static_cast<FrameTime>(options_.seconds * rate + 0.5);
  return request;
}

void Run::tellWhatIsMissing(const console::Session& session, const devices::DeviceFormat& format) const {
  for (const console::StripState& strip : session.strips)
    for (const int input : strip.inputs)
      if (input > format.inputs)
        around_.tell(fmt::format("{} stays silent: it is on input {}, and {} has {}.", strip.name, input,
                                 device_->description().name, format.inputs));
  for (const console::OutputState& output : session.outputs)
    for (const int channel : output.channels)
      if (channel > format.outputs)
        around_.tell(fmt::format("{} is not heard: it is on output {}, and {} has {}.", output.name, channel,
                                 device_->description().name, format.outputs));
}

void Run::tellAndNote(const std::string& sentence) {
  engine_->note(sentence);
  around_.tell(sentence);
}

bool Run::isOver() const {
  if (around_.stopWanted && around_.stopWanted()) return true;
  if (commands_->wantsToQuit()) return true;
  const EngineReport report = engine_->report();
  return options_.seconds > 0.0 &&
         static_cast<double>(report.frames) >= options_.seconds * report.format.sampleRate;
}

Result<void> Run::loop() {
  int tick = 0;
  while (!isOver()) {
    if (lines_->isOpen())
      lines_->read(kTickMs, [this](std::string_view line) {
        const Json reply = commands_->execute(line);
        if (around_.reply) around_.reply(reply.dump());
      });
    if (device_->waitUntilEnded(Milliseconds{lines_->isOpen() ? 0.0 : kTickMs})) break;
    for (const std::string& sentence : engine_->service()) around_.tell(sentence);
    for (const std::string& sentence : hardware_->service()) around_.tell(sentence);
    commands_->service();
    if (auto saved = keeper_->saveIfDue(engine_->session()); !saved) around_.tell(saved.error().message);
    if (const auto problem = keeper_->takeHistoryProblem()) around_.tell(*problem);
    for (const std::string& sentence : dose_->service(*engine_)) tellAndNote(sentence);
    const EngineReport report = engine_->report();
    if (tick % 50 == 0) device_->reportLatency(report.directFrames, report.processedFrames);
    if (around_.drawMeters && tick++ % kTicksBetweenMeters == 0) around_.drawMeters(*engine_);
  }
  device_->stop();
  for (const std::string& sentence : engine_->service()) around_.tell(sentence);
  for (const std::string& sentence : dose_->service(*engine_)) tellAndNote(sentence);
  if (auto saved = dose_->save(); !saved) around_.tell(saved.error().message);
  auto closed = engine_->finishTake();
  if (auto saved = keeper_->saveIfChanged(engine_->session()); !saved) return saved;
  return closed;
}

int Run::exitCode() const {
  const EngineReport report = engine_->report();
  return report.lostFrames > 0 || report.xruns > 0 || report.bypassedBlocks > 0 || engine_->takes().hasFault()
             ? 1
             : 0;
}

}  // namespace gainstage::control
