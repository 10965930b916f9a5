#pragma once

#include <array>
#include <cstdint>

#include "analog/gear/converter.h"
#include "analog/gear/headphone.h"
#include "analog/gear/headphone_amplifier.h"
#include "analog/simulation/converter_simulation.h"
#include "analog/simulation/magnitude_filter.h"
#include "core/audio_view.h"

namespace gainstage::analog {

/// A headphone output as its maker built it, at full volume, with what hangs on it.
struct OutputDesign {
  Converter converter;
  HeadphoneAmplifier amplifier;  ///< of no gain known: 0 dB
  Headphone headphone;
  std::uint32_t seed = 1;
};

/// From samples to volts across the drivers of a headphone, one or two: converter, its noise, the amplifier's
/// gain, noise and voltage limit, the load that its impedance makes of the response, its current limit, and
/// what a shared return lets through to the other side. Each part is the equation in analog/gear. Latency:
/// the converter's.
class OutputSimulation {
 public:
  /// Allocates, and begins at rest. [control]
  void prepare(double sampleRate, const OutputDesign& design, int channels);
  FrameCount latencyFrames() const noexcept { return sides_[0].converter.latencyFrames(); }  // [any thread]
  /// 1 or 2 channels of samples in, as many of volts out; the same number of frames, any. [audio]
  void process(ConstAudioView samples, AudioView volts) noexcept;

 private:
  struct Side {
    OutputConverter converter;
    WhiteNoise noise;
  };
  /// What of an unloaded voltage is across the load.
  struct Load {
    bool isFilter = false;
    double share = 1.0;
    MagnitudeFilter filter;
    void prepare(double sampleRate, const Impedance& headphone, double sourceOhm);
    void process(std::span<double> io) noexcept;
  };
  void processChunk(ConstAudioView samples, AudioView volts) noexcept;

  int channels_ = 2;
  std::array<Side, 2> sides_;
  std::array<Load, 2> loads_;  // of a pair that shares a return: of its middle and its sides
  bool sharesReturn_ = false;
  double gain_ = 1.0;
  double noiseV_ = 0.0;     // RMS, unloaded
  double mostV_ = 0.0;      // peak, unloaded
  double mostLoadV_ = 0.0;  // peak across the load, which its current limit allows
};

}  // namespace gainstage::analog
