#include "devices/jack/jack_latency.h"

#include <algorithm>
#include <span>

namespace gainstage::devices::jack {
namespace {

/// The widest range over the ports that are connected: an open port leads nowhere and has no delay to count.
jack_latency_range_t rangeOver(std::span<jack_port_t* const> ports, jack_latency_callback_mode_t mode) {
  jack_latency_range_t whole{0, 0};
  bool first = true;
  for (jack_port_t* port : ports) {
    if (jack_port_connected(port) == 0) continue;
    jack_latency_range_t range{0, 0};
    jack_port_get_latency_range(port, mode, &range);
    whole = {first ? range.min : std::min(whole.min, range.min), std::max(whole.max, range.max)};
    first = false;
  }
  return whole;
}

void set(jack_port_t* port, jack_latency_callback_mode_t mode, jack_latency_range_t range) {
  jack_port_set_latency_range(port, mode, &range);
}

}  // namespace

bool JackLatency::setAdded(FrameCount direct, FrameCount processed) noexcept {
  const bool isNews = direct_.exchange(direct) != direct;
  return processed_.exchange(processed) != processed || isNews;
}

void JackLatency::answer(jack_latency_callback_mode_t mode, const JackPorts& ports) noexcept {
  measure(ports);  // before: who sees a port's new range may ask for the figure that it follows from
  const auto direct = static_cast<jack_nframes_t>(direct_.load());
  const auto processed = static_cast<jack_nframes_t>(processed_.load());
  if (mode == JackCaptureLatency) {
    // A mix holds direct and processed sound: from the least that lies before an output to the most.
    const jack_latency_range_t before = rangeOver(ports.inputPorts(), mode);
    const jack_latency_range_t mixed{before.min + direct, before.max + std::max(direct, processed)};
    for (jack_port_t* port : ports.outputPorts()) set(port, mode, mixed);
    for (std::size_t i = 0; i < ports.sendPorts().size(); ++i) {
      const bool isDirect = i < sendIsDirect_.size() && sendIsDirect_[i];
      set(ports.sendPorts()[i], mode,
          isDirect ? jack_latency_range_t{before.min + direct, before.max + direct} : mixed);
    }
  } else {
    // Sends are left out: what another program does with them is not on the way to an ear.
    const jack_latency_range_t after = rangeOver(ports.outputPorts(), mode);
    for (jack_port_t* port : ports.inputPorts())
      set(port, mode, {after.min + direct, after.max + std::max(direct, processed)});
    for (jack_port_t* port : ports.returnPorts()) set(port, mode, {after.min + direct, after.max + direct});
  }
}

void JackLatency::measure(const JackPorts& ports) noexcept {
  beforeInputs_ = static_cast<FrameCount>(rangeOver(ports.inputPorts(), JackCaptureLatency).max);
  afterOutputs_ = static_cast<FrameCount>(rangeOver(ports.outputPorts(), JackPlaybackLatency).max);
}

}  // namespace gainstage::devices::jack
