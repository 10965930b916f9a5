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
  transportAhead = position.frame - start;
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

}  // namespace gainstage::testing
