#include "devices/jack/jack_link.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <thread>

#include "devices/jack/jack_library.h"

namespace gainstage::devices::jack {
namespace {

/// How long jackd may take from the first word of its end to the last: 2 ms as a rule, 32 ms on a busy
/// machine. One that hangs meanwhile says nothing more either: a thread that waits for its words can be
/// cancelled.
constexpr std::chrono::seconds kLongestDeath{5};

int countPhysical(jack_client_t* client, unsigned long flags) {
  const char** names = jack_get_ports(client, nullptr, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | flags);
  int count = 0;
  while (names != nullptr && names[count] != nullptr) ++count;
  jack_free(names);
  return std::max(count, 2);
}

JackStream& streamOf(void* argument) { return *static_cast<JackStream*>(argument); }

}  // namespace

PortPlan completed(PortPlan plan, jack_client_t* client) {
  if (plan.inputs == 0) plan.inputs = countPhysical(client, JackPortIsOutput);
  if (plan.outputs == 0) plan.outputs = countPhysical(client, JackPortIsInput);
  return plan;
}

Result<std::unique_ptr<JackLink>> JackLink::open(const std::string& serverName, PortPlan& plan,
                                                 JackStream& stream) {
  auto client = openClient(serverName);
  if (!client) return client.error();
  std::unique_ptr<JackLink> link(new JackLink(*client, stream));
  plan = completed(std::move(plan), *client);
  link->setCallbacks();
  if (auto added = link->ports_.add(plan); !added) return added.error();
  link->tellNames();
  link->setBlockSize();
  return link;
}

JackLink::JackLink(jack_client_t* client, JackStream& stream)
    : client_(client),
      stream_(stream),
      ports_(client),
      isPipeWire_(std::string_view(jack_get_version_string()).find("PipeWire") != std::string_view::npos) {
  stream_.news.gone = false;
}

JackLink::~JackLink() {
  bool isAlive = !stream_.news.gone;
  if (isAlive) {
    giveBlockSizeBack();
    isAlive = jack_deactivate(client_) == 0;
    ports_.remove();
  }
  // Asked again, as it may have died in between.
  if (!isAlive || stream_.news.gone) listener_.waitForEnd(kLongestDeath);
  jack_client_close(client_);
}

Result<void> JackLink::activate() {
  if (jack_activate(client_) == 0) return {};
  return Error{ErrorKind::device, "The JACK server went away while Gainstage joined it: start it again."};
}

void JackLink::updateLatencies() {
  if (!isPipeWire_) {
    jack_recompute_total_latencies(client_);
    return;
  }
  // Told from here: libjack of PipeWire (0.3.65) runs what waits in its queue when a range is set, and where
  // that is another callback, it waits for ever for the lock of the one it is in. Setting the ranges that are
  // known already does nothing, so this asks for no further answer.
  stream_.latency.answer(JackCaptureLatency, ports_);
  stream_.latency.answer(JackPlaybackLatency, ports_);
}

bool JackLink::isRunningAfterAll() {
  // PipeWire 0.3.65 says so after every error, "unknown resource" for one when somebody unplugs a cord at the
  // wrong moment. jackd means it.
  if (!isPipeWire_) return false;
  const std::chrono::duration<double> periods(4.0 * blockFrames() / stream_.sampleRate);
  const auto some = std::max<std::chrono::duration<double>>(periods, std::chrono::milliseconds(50));
  std::this_thread::sleep_for(some);  // what had begun by then may end
  const std::uint32_t before = stream_.cycles;
  // Ten times as long: a busy machine may keep everybody from running for a while.
  for (int i = 0; i < 10 && stream_.cycles == before; ++i) std::this_thread::sleep_for(some);
  return stream_.cycles != before;
}

void JackLink::tellNames() {
  static constexpr const char* kTypes[] = {"text/plain", "text/plain;charset=utf-8"};
  const auto now = std::chrono::steady_clock::now();
  if (namesToTry_ > 0) {
    namesToTry_ = ports_.tellNames(kTypes[0], false) ? 0 : namesToTry_ - 1;
    tellAgainAt_ = now + tellAgainAfter_;
  } else if (isPipeWire_ && namesToRepeat_ > 0 && now >= tellAgainAt_) {
    // PipeWire (0.3.65) passes over programs that have not confirmed yet that they know of the port, which a
    // busy machine makes them do late; and its libjack does not send again what has not changed.
    ports_.tellNames(kTypes[(namesToRepeat_ + 1) % 2], true);
    --namesToRepeat_;
    tellAgainAt_ = now + (tellAgainAfter_ *= 2);
  }
}

void JackLink::setBlockSize() {
  const FrameCount wanted = stream_.wantedBlockFrames;
  if (wanted <= 0 || wanted == blockFrames()) return;
  blockBefore_ = blockFrames();
  jack_set_buffer_size(client_, static_cast<jack_nframes_t>(wanted));
}

/// Other programs get the block size back that they had, unless somebody changed it again since.
void JackLink::giveBlockSizeBack() {
  if (blockBefore_ > 0 && blockFrames() == stream_.wantedBlockFrames)
    jack_set_buffer_size(client_, static_cast<jack_nframes_t>(blockBefore_));
}

void JackLink::setCallbacks() {
  // PipeWire skips a cycle of ours while one of these runs, and stops for ever where one calls back into it:
  // none does more than note what happened, but for the latencies, which jackd wants at once.
  jack_set_process_callback(
      client_,
      [](jack_nframes_t frames, void* link) {
        static_cast<JackLink*>(link)->process(frames);
        return 0;
      },
      this);
  jack_set_latency_callback(
      client_,
      [](jack_latency_callback_mode_t mode, void* link) {
        auto& self = *static_cast<JackLink*>(link);
        if (!self.isPipeWire_) return self.stream_.latency.answer(mode, self.ports_);
        self.stream_.news.latencyChanged = true;
        self.stream_.news.wake();
      },
      this);
  jack_on_shutdown(
      client_,
      [](void* stream) {
        streamOf(stream).news.gone = true;
        streamOf(stream).news.wake();
      },
      &stream_);
  // PipeWire calls this one on the audio thread.
  jack_set_xrun_callback(
      client_,
      [](void* stream) {
        ++streamOf(stream).news.xruns;
        return 0;
      },
      &stream_);
  jack_set_buffer_size_callback(
      client_,
      [](jack_nframes_t frames, void* stream) {
        streamOf(stream).news.blockFrames = frames;
        streamOf(stream).news.wake();
        return 0;
      },
      &stream_);
  jack_set_sample_rate_callback(
      client_,
      [](jack_nframes_t rate, void* argument) {
        JackStream& stream = streamOf(argument);
        // No callback may bring sound of the new rate to a client prepared for the old one.
        if (stream.sampleRate != 0.0 && stream.sampleRate != rate) stream.gate.shut();
        stream.news.sampleRate = rate;
        stream.news.wake();
        return 0;
      },
      &stream_);
  jack_set_freewheel_callback(
      client_,
      [](int starting, void* argument) {
        JackStream& stream = streamOf(argument);
        stream.freewheel = starting != 0;
        stream.clock.resync();
      },
      &stream_);
  // jackd calls these on its listening thread, for our own ports as soon as the client is active.
  const auto noteGraph = [](void* argument) {
    auto& self = *static_cast<JackLink*>(argument);
    if (!self.isPipeWire_) self.listener_.noteStart();
    self.stream_.news.graphChanged = true;
    self.stream_.news.wake();
  };
  jack_set_port_connect_callback(
      client_, [](jack_port_id_t, jack_port_id_t, int, void* link) { decltype(noteGraph){}(link); }, this);
  jack_set_port_registration_callback(
      client_, [](jack_port_id_t, int, void* link) { decltype(noteGraph){}(link); }, this);
}

}  // namespace gainstage::devices::jack
