#include <algorithm>

#include "core/realtime.h"
#include "devices/jack/jack_link.h"
#include "devices/jack/jack_transport.h"

/// The audio thread's half of a JackLink.
namespace gainstage::devices::jack {
namespace {

struct CycleTimes {
  std::uint32_t frame = 0;    ///< the server's count at the first frame
  std::int64_t startUs = -1;  ///< the server's time of the first frame; -1: unknown
  std::int64_t nextUs = -1;   ///< and of the first frame of the next cycle
};

CycleTimes cycleTimes(jack_client_t* client) noexcept {
  jack_nframes_t frame = 0;
  jack_time_t startUs = 0, nextUs = 0;
  float periodUs = 0.0f;
  if (jack_get_cycle_times(client, &frame, &startUs, &nextUs, &periodUs) != 0)
    return {.frame = jack_last_frame_time(client)};
  return {frame, static_cast<std::int64_t>(startUs), static_cast<std::int64_t>(nextUs)};
}

/// Time that is left until the next cycle, in ns. At least a quarter of the period: where the server's own
/// wake-up came late, nothing that a client leaves out would have helped.
std::int64_t timeLeftNs(std::int64_t nextUs, std::int64_t periodNs) noexcept {
  if (nextUs < 0) return periodNs;
  const auto leftNs = (nextUs - static_cast<std::int64_t>(jack_get_time())) * 1000;
  return std::clamp(leftNs, periodNs / 4, periodNs);
}

}  // namespace

void JackLink::process(jack_nframes_t serverFrames) noexcept {
  const auto frames = static_cast<FrameCount>(serverFrames);
  stream_.cycles.fetch_add(1, std::memory_order_relaxed);
  ports_.fetch(serverFrames);
  RealtimeScope realtime;
  const bool mayEnter = stream_.gate.tryEnter();
  if (mayEnter && !stream_.news.ended) {
    deliver(frames);
    stream_.news.ended = stream_.frameLimit > 0 && stream_.clock.next() >= stream_.frameLimit;
  } else {
    ports_.outputs(frames).clear();
    ports_.sends(frames).clear();
  }
  if (mayEnter) stream_.gate.leave();
}

void JackLink::deliver(FrameCount frames) noexcept {
  const double rate = stream_.sampleRate;
  const CycleTimes times = cycleTimes(client_);
  const FrameTime lost = stream_.clock.advance(times.frame, times.startUs, frames, rate);
  if (lost > 0) stream_.news.lostFrames += lost;
  const auto nsOf = [rate](FrameCount count) { return static_cast<std::int64_t>(1e9 * count / rate); };
  jack_position_t position{};
  const jack_transport_state_t state = jack_transport_query(client_, &position);
  // PipeWire hands a timebase master's bars and beats on a cycle late (0.3.65 as well as 1.4), its frame in
  // time.
  const Transport transport = later(fromJack(state, position, rate), isPipeWire_ ? frames : 0, rate);

  DeviceBlock block;
  block.freewheel = stream_.freewheel.load(std::memory_order_relaxed);
  for (FrameCount at = 0; at < frames; at += block.frames) {
    block.frames = std::min(stream_.mostFrames, frames - at);
    block.inputs = ports_.inputs(frames).frameRange(at, block.frames);
    block.returns = ports_.returns(frames).frameRange(at, block.frames);
    block.outputs = ports_.outputs(frames).frameRange(at, block.frames);
    block.sends = ports_.sends(frames).frameRange(at, block.frames);
    block.frame = stream_.clock.frame() + at;
    // The cycle begins when its last frame has come in, by the monotonic clock that both servers use.
    block.clockNs = times.startUs > 0 ? times.startUs * 1000 - nsOf(frames - at - block.frames) : 0;
    block.budgetNs =
        block.freewheel ? 0 : timeLeftNs(times.nextUs, nsOf(frames)) * block.frames / (frames - at);
    block.transport = later(transport, at, rate);
    stream_.client.process(block);
  }
}

}  // namespace gainstage::devices::jack
