#pragma once

#include <array>
#include <cstddef>

#include "dsp/filters/biquad_cascade.h"

namespace gainstage::dsp {

/// Runs sections over a few frames two at a time, each in one half of a vector: the two channels of one
/// section, or for one channel the first and the second half of the row, the second half some frames behind.
/// [audio]
class BiquadRow {
 public:
  /// `samples`: frames x channels, interleaved, changed in place.
  BiquadRow(int channels, double* samples, std::size_t frames) noexcept
      : channels_(channels), samples_(samples), frames_(frames) {}

  /// At the end of the row; runs those before once as many have come as run best together. [audio]
  void add(MovingBiquad& section) noexcept {
    row_[count_++] = &section;
    if (count_ == (channels_ == 2 ? kTogether : 2 * kTogether)) run();
  }
  void run() noexcept;  // [audio]

 private:
  // A section waits 9 cycles for its own last frame; three fill that wait with their 21 products, two a
  // cycle.
  static constexpr std::size_t kTogether = 3;

  int channels_;
  double* samples_;
  std::size_t frames_;
  std::array<MovingBiquad*, 2 * kTogether> row_{};
  std::size_t count_ = 0;
};

}  // namespace gainstage::dsp
