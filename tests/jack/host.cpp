// The JACK device with the smallest client there is, for tests: what comes in goes out, in the same callback.
// `jack_host SERVER JSON` with the DeviceRequest as JSON; then one command a line on standard input, one JSON
// object for each reply and each event. Ends at "quit" or on SIGINT.
#include <atomic>
#include <chrono>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <signal.h>
#include <sstream>
#include <sys/signalfd.h>
#include <unistd.h>

#include "devices/jack/jack_device.h"
#include "support/trap.h"

namespace gainstage::devices {
namespace {

using Json = nlohmann::json;

void say(const Json& json) {
  static std::mutex mutex;  // replies and events come from two threads
  const std::lock_guard lock(mutex);
  std::cout << json.dump() << std::endl;
}

/// outputs = inputs + returns, sends = inputs, channel by channel.
class PassThrough final : public DeviceClient {
 public:
  void formatChanged(const DeviceFormat& format) override {
    say({{"format", true}, {"rate", format.sampleRate}, {"most", format.blockFrames}});
    most_ = format.blockFrames;
    rate_ = format.sampleRate;
  }

  void process(const DeviceBlock& block) noexcept override {
    if (block.frames > most_ || block.inputs.frames() != block.frames) ++broken_;
    if (blocks_ > 0) jumped_ += block.frame - nextFrame_;
    nextFrame_ = block.frame + block.frames;
    ++blocks_;
    block.outputs.clear();
    block.sends.clear();
    copy(block.inputs, block.outputs);
    copy(block.inputs, block.sends);
    for (int c = 0; c < std::min(block.outputs.channels(), block.returns.channels()); ++c)
      for (FrameCount n = 0; n < block.frames; ++n)
        block.outputs.channel(c)[static_cast<std::size_t>(n)] +=
            block.returns.channel(c)[static_cast<std::size_t>(n)];
    frame_ = block.frame;
    frames_ = block.frames;
    budgetNs_ = block.budgetNs;
    ++(block.freewheel ? freewheeled_ : paced_);
    const Transport& transport = block.transport;
    ++(transport.rolling ? rolled_ : halted_);
    if (transport.valid) {
      // One figure, so that a reader never pairs one callback's beat with another's clock.
      beatAtClock0_ =
          transport.beat - static_cast<double>(block.clockNs) * 1e-9 * transport.beatsPerMinute / 60.0;
      beatsPerMinute_ = transport.beatsPerMinute;
      beatsPerBar_ = transport.beatsPerBar;
    }
    transportValid_ = transport.valid;
    stallIfAsked();
  }

  void deviceEvent(DeviceEvent event, std::int64_t frames) override {
    static constexpr const char* names[] = {"lostFrames", "gone", "back", "formatChanged", "ended"};
    say({{"event", names[static_cast<int>(event)]}, {"frames", frames}});
  }

  Json counts() const {
    return {{"counts", true},
            {"blocks", blocks_.load()},
            {"frame", frame_.load()},
            {"frames", frames_.load()},
            {"budgetNs", budgetNs_.load()},
            {"broken", broken_.load()},
            {"jumped", jumped_.load()},
            {"freewheeled", freewheeled_.load()},
            {"paced", paced_.load()},
            {"rolled", rolled_.load()},
            {"halted", halted_.load()},
            {"transport",
             {{"valid", transportValid_.load()},
              {"beatAtClock0", beatAtClock0_.load()},
              {"beatsPerMinute", beatsPerMinute_.load()},
              {"beatsPerBar", beatsPerBar_.load()}}}};
  }

  /// The next callback takes so long.
  void stall(std::chrono::milliseconds time) { stallNs_ = std::chrono::nanoseconds(time).count(); }

 private:
  void stallIfAsked() noexcept {
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(stallNs_.exchange(0));
    while (std::chrono::steady_clock::now() < until) {
    }
  }

  FrameCount most_ = 0;
  double rate_ = 0.0;
  FrameTime nextFrame_ = 0;
  std::atomic<std::int64_t> blocks_{0}, frame_{0}, budgetNs_{0}, jumped_{0}, stallNs_{0};
  std::atomic<int> frames_{0}, broken_{0};
  std::atomic<int> freewheeled_{0}, paced_{0}, rolled_{0}, halted_{0};
  std::atomic<double> beatAtClock0_{0.0}, beatsPerMinute_{0.0}, beatsPerBar_{0.0};
  std::atomic<bool> transportValid_{false};
};

DeviceRequest requestFrom(const Json& json) {
  DeviceRequest request;
  request.blockFrames = json.value("block", 0);
  request.frameLimit = json.value("frameLimit", FrameTime{0});
  request.inputs = json.value("inputs", 0);
  request.outputs = json.value("outputs", 0);
  request.inputNames = json.value("inputNames", std::vector<std::string>());
  request.outputNames = json.value("outputNames", std::vector<std::string>());
  request.sendNames = json.value("sendNames", std::vector<std::string>());
  request.returnNames = json.value("returnNames", std::vector<std::string>());
  request.sendIsDirect = json.value("sendIsDirect", std::vector<bool>());
  request.connect = json.value("connect", true);
  return request;
}

void obey(Device& device, PassThrough& client, const std::string& line) {
  std::istringstream words(line);
  std::string verb;
  words >> verb;
  if (verb == "counts") {
    say(client.counts());
  } else if (verb == "latency") {
    FrameCount direct = 0, processed = 0;
    words >> direct >> processed;
    device.reportLatency(direct, processed);
    say({{"latency", true}});
  } else if (verb == "deviceLatency") {
    say({{"deviceLatency", {device.inputLatencyFrames(), device.outputLatencyFrames()}}});
  } else if (verb == "wait") {
    double ms = 0.0;
    words >> ms;
    say({{"ended", device.waitUntilEnded({ms})}});
  } else if (verb == "stall") {
    int ms = 0;
    words >> ms;
    client.stall(std::chrono::milliseconds(ms));
  } else if (verb == "stop") {
    device.stop();
    say({{"stopped", true}});
  } else if (verb == "start") {
    const auto started = device.start();
    say({{"started", started.ok()}, {"message", started ? "" : started.error().message}});
  }
}

/// False at the end of standard input, and once `interrupted` can be read.
bool readLine(std::string& line, int interrupted) {
  line.clear();
  for (char byte = 0; byte != '\n'; line += byte) {
    pollfd ready[] = {{0, POLLIN, 0}, {interrupted, POLLIN, 0}};
    if (::poll(ready, 2, -1) <= 0 || ready[1].revents != 0 || ::read(0, &byte, 1) != 1) return false;
  }
  line.pop_back();
  return true;
}

}  // namespace
}  // namespace gainstage::devices

int main(int argc, char** argv) {
  using namespace gainstage::devices;
  if (argc != 3) return 2;
  gainstage::testing::armTrap();
  // Before there are other threads, so that none of them takes the signal.
  sigset_t interrupts;
  ::sigemptyset(&interrupts);
  ::sigaddset(&interrupts, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &interrupts, nullptr);
  const int interrupted = ::signalfd(-1, &interrupts, SFD_CLOEXEC);

  PassThrough client;
  const auto device = makeJackDevice(argv[1]);
  const auto format = device->open(requestFrom(Json::parse(argv[2])), client);
  if (!format) {
    say({{"error", format.error().message}, {"kind", static_cast<int>(format.error().kind)}});
    return static_cast<int>(format.error().kind);
  }
  say({{"opened", true},
       {"id", device->description().id},
       {"rate", format->sampleRate},
       {"block", format->blockFrames},
       {"inputs", format->inputs},
       {"outputs", format->outputs}});
  if (const auto started = device->start(); !started) return 4;
  say({{"started", true}});
  std::string line;
  while (readLine(line, interrupted) && line != "quit") obey(*device, client, line);
  return 0;
}
