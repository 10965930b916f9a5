#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/result.h"
#include "core/units.h"

namespace gainstage::dsp {

class LowpassKernel;

/// The filters of a conversion between two whole rates, one for each place that an output can have between
/// two inputs. Immutable, shared. With to / from = steps / stride in lowest terms, output m lies at input
/// m stride / steps.
class RateTable {
 public:
  /// Bands are those of conversionBands(). An error (usage) where a rate is no whole number of Hz within
  /// 8..384 kHz, or the filters would take more than 16 MiB. Some ms. [control]
  static Result<std::shared_ptr<const RateTable>> make(double fromRate, double toRate);

  /// The tables of a way there and of the way back, which have one kernel. As make(). [control]
  struct BothWays {
    std::shared_ptr<const RateTable> there, back;
  };
  static Result<BothWays> makeBothWays(double fromRate, double toRate);

  int steps() const noexcept { return steps_; }
  int stride() const noexcept { return stride_; }
  int taps() const noexcept { return taps_; }  ///< a multiple of kTapMultiple
  /// By how much the filters look ahead, in 1/steps of an input frame: what they delay by.
  std::int64_t delay() const noexcept { return delay_; }
  const float* filter(int step) const noexcept {
    return filters_.data() + static_cast<std::ptrdiff_t>(step) * taps_;
  }

  static constexpr int kTapMultiple = 16;

 private:
  RateTable() = default;
  static Result<std::shared_ptr<const RateTable>> make(double fromRate, double toRate,
                                                       const LowpassKernel& kernel);

  int steps_ = 1, stride_ = 1, taps_ = 0;
  std::int64_t delay_ = 0;
  std::vector<float> filters_;  // steps x taps, oldest sample first
};

/// One channel from one rate to another, as a stream: within 0.045 dB over the passband, images and aliases
/// below -91.5 dB. The same bits however the stream is split.
class RateConverter {
 public:
  /// [control] Calls bring at most `maxInputs` frames, and leave at most `slack` inputs waiting.
  void prepare(std::shared_ptr<const RateTable> table, FrameCount maxInputs, FrameCount slack = 0);

  /// To after endless silence. The first output's newest sample is input frame `first` / steps, counted from
  /// the next input; negative ones, from -slack on, lie in the silence. [audio; or control]
  void reset(std::int64_t first) noexcept;

  /// Takes all of `in` and gives as many frames as it has inputs for, or as `out` holds: the others come with
  /// the next call. Returns how many. [audio]
  FrameCount process(std::span<const float> in, std::span<float> out) noexcept;

 private:
  std::shared_ptr<const RateTable> table_;
  std::vector<float> inputs_;
  FrameCount slack_ = 0;
  FrameCount held_ = 0;   // of inputs_
  FrameCount start_ = 0;  // of the next output's filter in inputs_
  int step_ = 0;          // that filter
};

}  // namespace gainstage::dsp
