#pragma once

#include <memory>

#include "core/audio_buffer.h"
#include "headphones/correction.h"
#include "headphones/loudness_match.h"
#include "headphones/safe_blend.h"

namespace gainstage::headphones {

/// What a correction does to levels.
struct CorrectionLevels {
  double pinkDb = 0.0;   ///< to pink noise's loudness
  double highest = 1.0;  ///< gain of the third of an octave that it raises most, 20 Hz to 20 kHz
  double lowest = 1.0;   ///< and of the one that it lowers most
};
/// Thirds of an octave: what the ear sums into one loudness; a notch of a twentieth of that is not heard as
/// one. [control]
CorrectionLevels correctionLevels(const Preset& preset);

/// A filter with what has to be known of it. Made and freed by the control thread.
struct PreparedCorrection {
  std::unique_ptr<CorrectionFilter> filter;  ///< nullptr: none
  CorrectionLevels levels;
};

/// A listener's correction, and the plain signal beside it to compare with: as loud as the corrected one
/// (LoudnessMatch), or as it came in. On and off blends in 30 ms, more slowly where a third of an octave
/// would become louder by more than 6 dB faster than 20 dB per second. Without a filter it is bit-exact and
/// costs nothing, and so is the plain signal where it is not matched. Latency 0. The same bits however the
/// stream is split.
class ComparedCorrection {
 public:
  void prepare(const StreamFormat& format, int channels);  // [control]

  /// Takes the filter out of `prepared`. [audio; or control before processing]
  void install(PreparedCorrection& prepared) noexcept;
  /// See Correction. [audio]
  std::unique_ptr<CorrectionFilter> takeRetired() noexcept { return correction_.takeRetired(); }
  void setOn(bool on) noexcept;            // [audio] default on
  void setMatched(bool matched) noexcept;  // [audio] default on

  /// What the filter that was installed last makes of pink noise's loudness, in dB, for who guards a path's
  /// level. The blend guards itself; plain and not matched, nothing changes. [audio]
  float loudnessDb() const noexcept { return loudnessDb_; }
  /// Jumps to what was asked for last. [audio; or control before processing]
  void reset() noexcept;
  void process(AudioView io) noexcept;  // [audio] in place

 private:
  bool isIdle() const noexcept { return !hasFilter_ && correction_.isIdle() && match_.isUnity(); }
  void blend(bool snap) noexcept;
  void mix(AudioView plain, ConstAudioView corrected) noexcept;

  Correction correction_;
  LoudnessMatch match_;
  SafeBlend blend_;  // 0: plain, 1: corrected
  CorrectionLevels levels_;
  float loudnessDb_ = 0.0f;
  bool hasFilter_ = false;
  bool on_ = true;
  bool matched_ = true;
  AudioBuffer corrected_;
};

}  // namespace gainstage::headphones
