#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <jack/jack.h>
#include <vector>

namespace gainstage::testing {

/// A sample that was not silence, by the server's own count of frames.
struct Arrival {
  std::uint32_t input = 0;
  std::uint32_t frame = 0;
  float value = 0.0f;
};

/// The audio side of an independent client: sends impulses at known frames, notes the frames at which
/// something arrives. Knows nothing of Gainstage.
struct PeerAudio {
  jack_client_t* client = nullptr;
  std::vector<jack_port_t*> inputs;
  std::vector<jack_port_t*> outputs;

  // A burst: `left` impulses, the next at `nextFrame`, then `step` frames apart.
  std::atomic<int> left{0};
  std::uint32_t nextFrame = 0;
  std::uint32_t step = 0;
  std::size_t output = 0;
  float value = 1.0f;

  std::atomic<std::uint32_t> cycleFrame{0};
  std::atomic<std::uint32_t> cycles{0};
  std::atomic<std::uint32_t> xruns{0};
  std::atomic<std::uint32_t> missed{0};  ///< cycles that came later than the one before had ended
  std::uint32_t expectedFrame = 0;
  /// The transport's frame less the server's clock in frames, in one cycle.
  std::atomic<double> transportAtClock0{0.0};
  /// Frames by which its own sources are late, and its own sinks.
  std::atomic<std::uint32_t> sourceLatency{0};
  std::atomic<std::uint32_t> sinkLatency{0};

  static constexpr float kThreshold = 1e-4f;
  std::array<Arrival, 65536> arrivals{};
  std::atomic<std::size_t> arrivalCount{0};

  int process(jack_nframes_t frames);
  void tellLatency(jack_latency_callback_mode_t mode) const;
};

}  // namespace gainstage::testing
