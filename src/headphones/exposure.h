#pragma once

#include <array>
#include <atomic>
#include <optional>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "headphones/a_weighting.h"
#include "headphones/dose.h"

namespace gainstage::headphones {

/// Listens to what leaves an output and tells how loud it is at the ear and what dose it makes, where the
/// level of full scale is known; elsewhere it does nothing. Each second counts as its louder ear's. What it
/// reads does not depend on how the stream is split.
class Exposure {
 public:
  void prepare(const StreamFormat& format) noexcept;  // [control]
  /// dB SPL of a full-scale sine, or not-a-number: unknown. [audio]
  void setFullScale(double dbSpl) noexcept;
  void process(ConstAudioView audio) noexcept;  // [audio] 1 or 2 channels

  /// Level of the louder ear, dB SPL, A-weighted, slow (1 s; IEC 61672-1:2013, 5.8); nothing where it is
  /// unknown or below 0 dB. [any thread]
  std::optional<double> levelDba() const noexcept;
  /// The whole dose since prepare(), in steps of a second. [any thread]
  Dose dose() const noexcept;

 private:
  static constexpr double kUnknown = 0.0;
  void endSecond() noexcept;

  struct Ear {
    AWeighting weighting;
    double slow = 0.0;  // mean squares re 20 uPa
    double sum = 0.0;   // of squares, this second's
  };
  std::array<Ear, 2> ears_{};
  double sampleRate_ = 48000.0;
  double slowShare_ = 0.0;
  double scale_ = kUnknown;  // from the square of a sample to the square of a pressure, re 20 uPa
  FrameCount secondFrames_ = 48000;
  FrameCount secondFrame_ = 0;
  Dose dose_;

  std::atomic<double> shownSlow_{0.0};
  std::atomic<double> shownSeconds_{0.0}, shownNiosh_{0.0}, shownWho_{0.0};
};

}  // namespace gainstage::headphones
