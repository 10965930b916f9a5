#include "jack/server.h"

#include <fcntl.h>
#include <filesystem>
#include <sched.h>
#include <signal.h>
#include <stdexcept>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace gainstage::testing {
namespace {

using namespace std::chrono_literals;

/// Whether this user may run threads in real time; servers and clients then lose fewer cycles.
bool mayRunRealtime() {
  bool may = false;
  std::thread([&may] {
    sched_param priority{};
    priority.sched_priority = 10;
    may = ::pthread_setschedparam(::pthread_self(), SCHED_FIFO, &priority) == 0;
  }).join();
  return may;
}

// As little as a JACK client needs: nodes, links, metadata, and one sink that plays to nobody.
constexpr const char* kPipeWireConfiguration = R"(
context.properties = {
    core.daemon = true
    core.name = pipewire-0
    support.dbus = false
    default.clock.rate = RATE
    default.clock.allowed-rates = [ 44100 48000 ]
    default.clock.quantum = BLOCK
    default.clock.min-quantum = BLOCK
    default.clock.max-quantum = 1024
}
context.spa-libs = {
    audio.convert.* = audioconvert/libspa-audioconvert
    support.* = support/libspa-support
}
context.modules = [
    { name = libpipewire-module-rt args = { rt.prio = 10 } flags = [ ifexists nofail ] }
    { name = libpipewire-module-protocol-native }
    { name = libpipewire-module-metadata }
    { name = libpipewire-module-spa-node-factory }
    { name = libpipewire-module-client-node }
    { name = libpipewire-module-access }
    { name = libpipewire-module-adapter }
    { name = libpipewire-module-link-factory }
]
context.objects = [
    { factory = metadata args = { metadata.name = default } }
    { factory = spa-node-factory args = { factory.name = support.node.driver node.name = Dummy-Driver
        node.group = pipewire.dummy priority.driver = 20000 } }
    { factory = spa-node-factory args = { factory.name = support.node.driver node.name = Freewheel-Driver
        node.group = pipewire.freewheel priority.driver = 19000 node.freewheel = true } }
    { factory = adapter args = { factory.name = support.null-audio-sink node.name = speakers
        media.class = Audio/Sink audio.position = [ FL FR ] object.linger = true
        adapter.auto-port-config = { mode = dsp monitor = true position = preserve } } }
]
)";

std::string withNumber(std::string text, const std::string& word, int number) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word))
    text.replace(at, word.size(), std::to_string(number));
  return text;
}

}  // namespace

JackdLease::JackdLease() {
  const auto file = std::filesystem::temp_directory_path() / (std::string(kName) + ".lock");
  lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0 || ::flock(lock_, LOCK_EX) != 0) throw std::runtime_error("cannot lock " + file.string());
}

JackdLease::~JackdLease() { ::close(lock_); }

JackServer::~JackServer() {
  if (process_ && process_->isRunning()) kill(SIGTERM);
}

std::unique_ptr<Server> makeServer(const std::string& kind, ServerFormat format) {
  if (kind == "jackd") return std::make_unique<JackServer>(format);
  return std::make_unique<PipeWireServer>(format);
}

std::string reasonToSkip(const std::string& kind) {
  for (const std::string& needed : {kind, std::string(kind == "pipewire" ? "pw-jack" : kind)})
    if (!hasProgram(needed)) return needed + " is not installed";
  return {};
}

PipeWireServer::~PipeWireServer() {
  if (process_ && process_->isRunning()) kill(SIGTERM);
}

void JackServer::start() {
  std::vector<std::string> command{"jackd", "-n", name()};
  if (mayRunRealtime())
    command.insert(command.end(), {"-R", "-P", "10"});
  else
    command.push_back("-r");
  const auto option = [&](const char* name, int value) {
    command.insert(command.end(), {name, std::to_string(value)});
  };
  command.insert(command.end(), {"-d", "dummy"});
  option("-r", format_.sampleRate);
  option("-p", format_.blockFrames);
  option("-C", format_.capturePorts);
  option("-P", format_.playbackPorts);
  // Another user's server may be the default one, and a reservation over D-Bus has nothing to reserve here.
  process_ = std::make_unique<Child>(command, Environment{{"JACK_NO_AUDIO_RESERVATION", "1"}},
                                     folder_ / "jackd.log");
}

void JackServer::kill(int signalNumber) {
  process_->signal(signalNumber);
  process_->waitForEnd();
}

void PipeWireServer::start() {
  std::string text = withNumber(kPipeWireConfiguration, "RATE", format_.sampleRate);
  text = withNumber(std::move(text), "BLOCK", format_.blockFrames);
  const auto configuration = writeFile(folder_ / "pipewire.conf", text);
  process_ = std::make_unique<Child>(std::vector<std::string>{"pipewire", "-c", configuration}, environment(),
                                     folder_ / "pipewire.log");
}

void PipeWireServer::kill(int signalNumber) {
  process_->signal(signalNumber);
  process_->waitForEnd();
}

Environment PipeWireServer::environment() const {
  const std::string folder = folder_.path();
  return {{"XDG_RUNTIME_DIR", folder},
          {"PIPEWIRE_RUNTIME_DIR", folder},
          {"DBUS_SESSION_BUS_ADDRESS", "disabled:"},
          {"JACK_NO_START_SERVER", "1"}};
}

}  // namespace gainstage::testing
