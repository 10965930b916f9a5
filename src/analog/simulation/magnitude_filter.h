#pragma once

#include <functional>
#include <span>
#include <vector>

namespace gainstage::analog {

/// A passive part's response as a filter of the same magnitude at every frequency to half the rate, and of
/// minimum phase, which what coils, capacitors and loads make of a voltage has in life: a finite response, as
/// long as its tail is above -90 dB, designed through the cepstrum. Within 0.02 dB of the magnitude it was
/// given, for resonances from 20 Hz. Latency 0.
class MagnitudeFilter {
 public:
  static constexpr int kChunk = 256;      ///< most frames of one call
  static constexpr int kLongest = 16384;  ///< frames of response

  /// `magnitude`: linear, for frequencies in Hz from 0 on; above 0. Allocates. [control]
  void prepare(double sampleRate, const std::function<double(double hz)>& magnitude);
  void reset() noexcept;  // [audio]

  /// In place, 1 to kChunk frames. The same bits however the stream is split. [audio]
  void process(std::span<double> io) noexcept;

  std::span<const double> response() const noexcept { return taps_; }  // [any thread]

 private:
  std::vector<double> taps_;
  std::vector<double> past_;  // taps - 1 frames, then those of the call
};

}  // namespace gainstage::analog
