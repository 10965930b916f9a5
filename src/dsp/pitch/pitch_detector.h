#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/stream_format.h"
#include "dsp/pitch/decimator.h"
#include "dsp/pitch/partials.h"
#include "dsp/pitch/running_correlation.h"

namespace gainstage::dsp {

/// What one note's pitch is. See Partials for what that means where partials are not harmonic.
struct Pitch {
  float hz = 0.0f;       ///< 0: none is heard
  float clarity = 0.0f;  ///< 0..1: how much a period resembles the one before
};

/// Listens to one channel for one note of 20 Hz to 2 kHz. Two stages: the period within a percent, as soon as
/// two of them were heard, from a running correlation; then the pitch within a fraction of a cent from the
/// phases of its partials over up to half a second of the note, never across its attack. Work is the same
/// in every frame, give or take; the same bits however the stream is split.
class PitchDetector {
 public:
  static constexpr double kLowestHz = 18.5, kHighestHz = 2200.0;

  /// Nothing below `lowest` is found; what is, is found some two of its periods after it began. [control]
  void prepare(const StreamFormat& format, Hertz lowest = {kLowestHz});
  void reset() noexcept;  // [audio]

  /// [audio]
  void push(float sample) noexcept {
    float decimated = 0.0f;
    if (decimator_.push(sample, decimated)) analyse(decimated);
  }

  Pitch pitch() const noexcept { return pitch_; }  // [audio] the fine one
  /// The period's, there some 100 ms sooner. [audio]
  Pitch coarsePitch() const noexcept { return coarse_; }
  /// B of the stiff string, where a note was heard long enough; else 0. [audio]
  double inharmonicity() const noexcept { return inharmonicity_; }

 private:
  struct Peak {
    int lag = 0;
    float before = 0.0f, middle = 0.0f, after = 0.0f;
  };

  void analyse(float sample) noexcept;
  void watchOnset(float sample) noexcept;
  void scan() noexcept;
  void chooseFromScan() noexcept;
  void startFine() noexcept;
  void take(const Partials::Result& result) noexcept;

  double rate_ = 12000.0, lowestHz_ = kLowestHz;
  Decimator decimator_;
  RunningCorrelation correlation_;
  Partials partials_;
  std::vector<float> history_;
  std::int64_t now_ = 0;        // decimated frames heard
  std::int64_t noteBegan_ = 0;  // of those

  float dcIn_ = 0.0f, dcOut_ = 0.0f, dcPole_ = 0.0f;
  float fast_ = 0.0f, slow_ = 0.0f, fastShare_ = 0.0f, slowShare_ = 0.0f;
  bool isRising_ = false;

  int scanLag_ = 0;
  bool isPastZeroLag_ = false;
  float scanned_[2] = {0.0f, 0.0f};  // the last two values
  std::array<Peak, 128> peaks_{};
  std::size_t peakCount_ = 0;
  Peak region_{};  // the best of the positive region under way

  int fineSteps_ = 1;
  std::int64_t fineDue_ = 0;
  double inharmonicity_ = 0.0;
  int unsteady_ = 0;
  Pitch coarse_, pitch_;
};

}  // namespace gainstage::dsp
