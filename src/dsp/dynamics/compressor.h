#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/dynamics/compressor_law.h"
#include "dsp/dynamics/dynamics_kernels.h"
#include "dsp/filters/highpass.h"

namespace gainstage::dsp {

/// Feed-forward compressor: the level of each frame (the louder channel's: both are turned down alike) gives
/// a reduction in dB by CompressorLaw, the reduction is smoothed, and the signal multiplied. Smoothing in dB
/// behind the law makes attack and release the same at every level (Giannoulis et al. 2012, section 2.3, eq.
/// 16: branching, smooth). Attack and release are time constants: after them the reduction has gone 63.2 % (1
/// - 1/e) of its way in dB. Latency 0. 1 or 2 channels.
class Compressor {
 public:
  void prepare(const StreamFormat& format) noexcept;  // [control]

  void setThreshold(Decibels threshold) noexcept {
    thresholdDb_.setTarget(single(threshold));
  }  // [audio] -80..0
  /// dB in for a dB out above the threshold, 1..100. [audio]
  void setRatio(float ratio) noexcept { slope_.setTarget(1.0f - 1.0f / ratio); }
  /// Whole width, 0..40 dB. [audio]
  void setKnee(Decibels width) noexcept {
    kneeDb_.setTarget(std::max(single(width), CompressorLaw::kNarrowestKneeDb));
  }
  void setAttack(Milliseconds time) noexcept { attack_ = shareLeft(time); }         // [audio] 0.02..1000
  void setRelease(Milliseconds time) noexcept { release_ = shareLeft(time); }       // [audio] 1..10000
  void setMakeUp(Decibels gain) noexcept { makeUpGain_.setTarget(gain.linear()); }  // [audio]

  /// What the detector listens through: 12 dB per octave. The signal itself is not filtered. [audio]
  void setSidechainHighPassOn(bool on) noexcept { sidechain_.setOn(on); }
  void setSidechainHighPass(Hertz frequency) noexcept { sidechain_.setFrequency(frequency); }

  /// Forgets all audio and jumps to the settings. [audio]
  void reset() noexcept;

  /// In place. [audio]
  void process(AudioView io) noexcept;

  /// Of the last frame, 0 or more. [audio]
  float reductionDb() const noexcept { return reductionDb_; }

 private:
  static float single(Decibels decibels) noexcept { return static_cast<float>(decibels.value); }
  float shareLeft(Milliseconds time) const noexcept {
    return static_cast<float>(std::exp(-1.0 / (time.seconds() * sampleRate_)));
  }
  void detect(AudioView io, DynamicsChunk& key) noexcept;
  void smooth(const DynamicsChunk& attack, const DynamicsChunk& release, std::size_t frames,
              DynamicsChunk& reductionDb) noexcept;
  void processChunk(AudioView io) noexcept;

  double sampleRate_ = 48000.0;
  LinearRamp thresholdDb_{0.0f}, slope_{0.0f}, kneeDb_{CompressorLaw::kNarrowestKneeDb}, makeUpGain_{1.0f};
  float attack_ = 0.0f, release_ = 0.0f;  // share of the distance that is left after one frame
  HighPass sidechain_;
  float reductionDb_ = 0.0f;
};

}  // namespace gainstage::dsp
