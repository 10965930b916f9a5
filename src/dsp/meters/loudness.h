#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "dsp/filters/biquad.h"

namespace gainstage::dsp {

/// Loudness of 1 or 2 channels per ITU-R BS.1770-4 (2015) Annex 1, at any rate. Gated blocks are sorted into
/// a histogram, so that an hour needs no more memory than a second.
class Loudness {
 public:
  void prepare(const StreamFormat& format, int channels) noexcept;  // [control, stopped]
  void process(ConstAudioView audio) noexcept;                      // [audio] as many channels as prepared
  void reset() noexcept;                                            // [control, stopped]

  /// LUFS of all since reset(), gated; nothing while no block has passed the gates. [any thread]
  std::optional<double> integratedLufs() const noexcept;

  /// LUFS of the last 400 ms, or nothing for silence. [any thread]
  std::optional<double> momentaryLufs() const noexcept;

 private:
  // From the absolute gate at -70 LUFS to +30 LUFS. Energies are summed in each bin, so that only the place
  // of the relative gate is rounded to a bin.
  static constexpr double kAbsoluteGateLufs = -70.0;
  static constexpr double kBinsPerLu = 20.0;
  static constexpr std::size_t kBins = 2000;
  struct Bin {
    std::atomic<std::uint32_t> blocks{0};
    std::atomic<double> energy{0.0};
  };
  struct Channel {
    BiquadState shelf, highpass;
  };

  template <std::size_t channels>
  double weighAndSum(ConstAudioView audio) noexcept;
  void endHop() noexcept;
  void sortIn(double energy) noexcept;
  std::optional<double> gatedLufs() const noexcept;

  BiquadCoefficients shelf_, highpass_;
  int channels_ = 1;
  std::array<Channel, 2> filters_{};
  FrameCount hopFrames_ = 4800;
  FrameCount hopLeft_ = 4800;
  double hopSum_ = 0.0;
  std::array<double, 4> hops_{};  // mean squares of the last 400 ms, weighted and summed over channels
  int hopsSeen_ = 0;
  std::atomic<double> momentary_{0.0};
  std::array<Bin, kBins> bins_{};
  /// Odd while a block is being sorted in: who reads meanwhile reads again.
  std::atomic<std::uint32_t> version_{0};
};

}  // namespace gainstage::dsp
