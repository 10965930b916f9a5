#include "analog/gear/latency.h"

#include <algorithm>
#include <numeric>

#include "analog/gear/air.h"

namespace gainstage::analog {

std::vector<LatencyPart> latencyParts(const LatencyPath& path) {
  const double frameMs = 1e3 / path.sampleRate;
  std::vector<LatencyPart> parts = {
      {"air before the microphone", airDelayMs(path.metresToMicrophone, path.celsius)},
      {"wireless to the interface", path.wirelessInMs},
      {"input converter's filter", path.inputFilterFrames * frameMs},
      {"input bus and driver", path.inputTransportMs},
      {"input buffer", path.blockFrames * frameMs},
      {"processing", path.processingFrames * frameMs},
      {"output buffer", path.blockFrames * std::max(path.blocks - 1, 0) * frameMs},
      {"output bus and driver", path.outputTransportMs},
      {"output converter's filter", path.outputFilterFrames * frameMs},
      {"wireless to the ear", path.wirelessOutMs},
      {"air to the ear", airDelayMs(path.metresToEar, path.celsius)},
  };
  std::erase_if(parts, [](const LatencyPart& part) { return part.ms == 0.0; });
  return parts;
}

double totalMs(const std::vector<LatencyPart>& parts) noexcept {
  return std::accumulate(parts.begin(), parts.end(), 0.0,
                         [](double sum, const LatencyPart& part) { return sum + part.ms; });
}

}  // namespace gainstage::analog
