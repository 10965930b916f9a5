#pragma once

#include <vector>

#include "core/units.h"

namespace gainstage::analog {

/// How a string sounds in one direction of its swing.
struct StringTone {
  double frequencyHz = 110.0;  ///< of the fundamental
  double inharmonicity = 0.0;  ///< B of f_k = k f_1 sqrt((1 + B k^2) / (1 + B)), 0..1e-3 (Fletcher 1964)
  double decayS = 6.0;         ///< time in which the fundamental falls by 60 dB
  double trebleDecayS = 1.0;   ///< the same near 4 kHz, shorter than decayS
};

/// A digital waveguide: one period of delay in a loop with a loss, a dispersion and a tuning filter.
/// Jaffe and Smith (1983), Karjalainen, Valimaki and Tolonen (1998).
class StringLoop {
 public:
  /// Room for frequencies from `lowestHz` on. [control]
  void prepare(double sampleRate, double lowestHz);

  /// From the next frame on; what sounds is kept, so let it be silent. [audio]
  void tune(const StringTone& tone) noexcept;

  /// [audio]
  void reset() noexcept;

  /// The wave that passes the point of excitation, `input` included. `damping` 0..1 is what comes round: 1
  /// leaves the string free, 0 stops it within a period. [audio]
  float next(float input, float damping) noexcept {
    const std::size_t size = line_.size();
    float wave = line_[read_];
    if (++read_ == size) read_ = 0;
    for (Allpass& stage : stages_) wave = stage.next(wave);
    lossState_ = lossGain_ * wave - lossPole_ * lossState_;
    const float out = input + damping * lossState_;
    line_[write_] = out;
    if (++write_ == size) write_ = 0;
    return out;
  }

 private:
  /// (c + 1/z) / (1 + c/z)
  struct Allpass {
    float coefficient = 0.0f;
    float state = 0.0f;
    float next(float in) noexcept {
      const float out = coefficient * in + state;
      state = in - coefficient * out;
      return out;
    }
  };

  double sampleRate_ = 0.0;
  std::vector<float> line_;
  std::size_t read_ = 0;
  std::size_t write_ = 0;
  Allpass stages_[3];  ///< two for dispersion, the last one tunes
  float lossGain_ = 0.0f;
  float lossPole_ = 0.0f;
  float lossState_ = 0.0f;
};

}  // namespace gainstage::analog
