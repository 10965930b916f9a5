#pragma once

#include <algorithm>

namespace gainstage::dsp {

/// How far a compressor turns a level down: level in, reduction out, both in dB. Giannoulis, Massberg and
/// Reiss, "Digital dynamic range compressor design", JAES 60(6), 2012, eq. 4, without its three cases: the
/// level above the knee's lower end, held within the knee, gives the parabola; what lies above the knee gives
/// the line.
struct CompressorLaw {
  float thresholdDb = 0.0f;
  float slope = 0.0f;   ///< 1 - 1 / ratio: dB of reduction for a dB above the threshold, 0..1
  float kneeDb = 0.0f;  ///< whole width, 0 or more

  /// No knee is narrower than this, for its parabola's sake: it is nowhere off by more than a thousandth of
  /// it.
  static constexpr float kNarrowestKneeDb = 0.01f;

  /// 0 or more. [any thread]
  float reductionDb(float levelDb) const noexcept {
    const float knee = std::max(kneeDb, kNarrowestKneeDb);
    const float over = levelDb - thresholdDb;
    const float inKnee = std::clamp(over + 0.5f * knee, 0.0f, knee);
    const float aboveKnee = std::max(over - 0.5f * knee, 0.0f);
    return slope * (inKnee * inKnee * (0.5f / knee) + aboveKnee);
  }
};

}  // namespace gainstage::dsp
