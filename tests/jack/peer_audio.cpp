#include <algorithm>
#include <cmath>
#include <jack/transport.h>

#include "peer.h"

namespace gainstage::testing {

int PeerAudio::process(jack_nframes_t frames) {
  const std::uint32_t start = jack_last_frame_time(client);
  if (cycles.load() > 0 && start != expectedFrame) ++missed;
  expectedFrame = start + frames;
  cycleFrame = start;
  jack_position_t position{};
  jack_transport_query(client, &position);
  jack_nframes_t unusedFrame = 0;
  jack_time_t startUs = 0, unusedUs = 0;
  float unusedPeriod = 0.0f;
  if (jack_get_cycle_times(client, &unusedFrame, &startUs, &unusedUs, &unusedPeriod) == 0)
    transportAtClock0 = position.frame - static_cast<double>(startUs) * 1e-6 * jack_get_sample_rate(client);
  ++cycles;

  for (std::size_t o = 0; o < outputs.size(); ++o) {
    auto* out = static_cast<float*>(jack_port_get_buffer(outputs[o], frames));
    std::fill_n(out, frames, 0.0f);
    if (o != output) continue;
    while (left.load() > 0 && nextFrame - start < frames) {
      out[nextFrame - start] = value;
      nextFrame += step;
      --left;
    }
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto* in = static_cast<const float*>(jack_port_get_buffer(inputs[i], frames));
    for (std::uint32_t n = 0; n < frames; ++n) {
      const std::size_t at = arrivalCount.load();
      if (std::abs(in[n]) < kThreshold || at == arrivals.size()) continue;
      arrivals[at] = {static_cast<std::uint32_t>(i), start + n, in[n]};
      arrivalCount = at + 1;
    }
  }
  return 0;
}

void PeerAudio::tellLatency(jack_latency_callback_mode_t mode) const {
  const std::uint32_t frames = mode == JackCaptureLatency ? sourceLatency : sinkLatency;
  jack_latency_range_t range{frames, frames};
  for (jack_port_t* port : mode == JackCaptureLatency ? outputs : inputs)
    jack_port_set_latency_range(port, mode, &range);
}

}  // namespace gainstage::testing
