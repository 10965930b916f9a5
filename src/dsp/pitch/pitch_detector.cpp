#include "dsp/pitch/pitch_detector.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

constexpr double kWindowPeriods = 0.925;  // of the lowest note: the correlation's window
constexpr double kNoteS = 0.5;            // the most of a note that is looked at
constexpr double kAttackS = 0.012;        // of a note, left out
constexpr double kFineEveryS = 0.02;
constexpr double kDcHz = 4.0;
constexpr int kLagsPerFrame = 8;
constexpr float kClear = 0.8f;        // below that it is not one note
constexpr float kFaintest = 1e-9f;    // mean square: -90 dBFS
constexpr float kFirstEnough = 0.9f;  // of the best peak's height: then the shorter period is meant
constexpr double kSameNote = 0.02;    // coarse and fine agree
constexpr float kOnset = 4.0f;        // 6 dB within some 10 ms

}  // namespace

void PitchDetector::prepare(const StreamFormat& format, Hertz lowest) {
  lowestHz_ = lowest.value;
  decimator_.prepare(format.sampleRate);
  rate_ = decimator_.rate();
  correlation_.prepare(static_cast<int>(rate_ / lowestHz_) + 2, kWindowPeriods / lowestHz_ * rate_);
  history_.assign(std::bit_ceil(static_cast<std::size_t>((kNoteS + 3.0 * kFineEveryS) * rate_) + 64), 0.0f);
  dcPole_ = static_cast<float>(1.0 - 2.0 * std::numbers::pi * kDcHz / rate_);
  fastShare_ = static_cast<float>(1.0 / (0.01 * rate_));
  slowShare_ = static_cast<float>(1.0 / (0.1 * rate_));
  reset();
}

void PitchDetector::reset() noexcept {
  decimator_.reset();
  correlation_.reset();
  partials_ = {};
  std::ranges::fill(history_, 0.0f);
  now_ = noteBegan_ = fineDue_ = 0;
  dcIn_ = dcOut_ = fast_ = slow_ = 0.0f;
  isRising_ = isPastZeroLag_ = false;
  scanLag_ = 0;
  peakCount_ = 0;
  region_ = {};
  scanned_[0] = scanned_[1] = 0.0f;
  inharmonicity_ = 0.0;
  unsteady_ = 0;
  coarse_ = pitch_ = {};
}

void PitchDetector::analyse(float sample) noexcept {
  dcOut_ = sample - dcIn_ + dcPole_ * dcOut_;
  dcIn_ = sample;
  history_[static_cast<std::size_t>(now_) & (history_.size() - 1)] = dcOut_;
  ++now_;
  correlation_.push(dcOut_);
  watchOnset(dcOut_);
  scan();
  if (const auto result = partials_.advance(fineSteps_, history_)) take(*result);
  if (now_ >= fineDue_ && !partials_.isBusy()) startFine();
}

void PitchDetector::watchOnset(float sample) noexcept {
  const float square = sample * sample;
  fast_ += fastShare_ * (square - fast_);
  slow_ += slowShare_ * (square - slow_);
  const bool rises = fast_ > kOnset * slow_ && fast_ > kFaintest;
  if (rises && !isRising_) noteBegan_ = now_;
  isRising_ = rises;
}

void PitchDetector::scan() noexcept {
  for (int i = 0; i < kLagsPerFrame; ++i) {
    const float value = correlation_.at(scanLag_);
    // The peak is the middle one of three.
    if (!isPastZeroLag_) {
      isPastZeroLag_ = value < 0.0f;
    } else if (value > 0.0f || scanned_[1] > 0.0f) {
      if (scanned_[1] > region_.middle && scanned_[1] >= scanned_[0] && scanned_[1] >= value)
        region_ = {scanLag_ - 1, scanned_[0], scanned_[1], value};
      if (value <= 0.0f && region_.lag > 0) {
        if (peakCount_ < peaks_.size()) peaks_[peakCount_++] = region_;
        region_ = {};
      }
    }
    scanned_[0] = scanned_[1];
    scanned_[1] = value;
    if (++scanLag_ <= correlation_.longestLag()) continue;
    if (region_.lag > 0 && peakCount_ < peaks_.size()) peaks_[peakCount_++] = region_;
    chooseFromScan();
    scanLag_ = 0;
    isPastZeroLag_ = false;
    peakCount_ = 0;
    region_ = {};
    scanned_[0] = scanned_[1] = 0.0f;
    return;
  }
}

void PitchDetector::chooseFromScan() noexcept {
  const auto peakAt = [&](std::size_t i) {
    const Peak& peak = peaks_[i];
    const RunningCorrelation::Peak exact = cosinePeak(peak.before, peak.middle, peak.after);
    return RunningCorrelation::Peak{static_cast<float>(peak.lag) + exact.lag, exact.value};
  };
  float best = 0.0f;
  for (std::size_t i = 0; i < peakCount_; ++i) best = std::max(best, peakAt(i).value);
  coarse_ = {0.0f, best};
  if (best < kClear || correlation_.power() < kFaintest) {
    pitch_ = {0.0f, best};
    inharmonicity_ = 0.0;
    return;
  }
  std::size_t first = 0;
  while (peakAt(first).value < kFirstEnough * best) ++first;
  double period = static_cast<double>(peakAt(first).lag);
  // Twice, four times ... the period says the same ever more exactly.
  double times = 2.0;
  for (std::size_t i = first + 1; i < peakCount_; ++i) {
    const auto lag = static_cast<double>(peakAt(i).lag);
    if (lag < (times - 0.25) * period) continue;
    if (lag > (times + 0.25) * period) break;
    period = lag / times;
    times *= 2.0;
  }
  const double hz = rate_ / period;
  if (hz < lowestHz_ || hz > kHighestHz) return;
  coarse_.hz = static_cast<float>(hz);
  if (pitch_.hz > 0.0f && std::abs(hz / static_cast<double>(pitch_.hz) - 1.0) > kSameNote) pitch_.hz = 0.0f;
  pitch_.clarity = best;
}

void PitchDetector::startFine() noexcept {
  fineDue_ = now_ + static_cast<std::int64_t>(kFineEveryS * rate_);
  if (coarse_.hz <= 0.0f) return;
  const auto most = static_cast<std::int64_t>(kNoteS * rate_);
  const std::int64_t first = std::max(noteBegan_ + static_cast<std::int64_t>(kAttackS * rate_), now_ - most);
  const double guess = static_cast<double>(pitch_.hz > 0.0f ? pitch_.hz : coarse_.hz) / rate_;
  if (!partials_.begin(std::max<std::int64_t>(first, 0), now_, guess,
                       pitch_.hz > 0.0f ? inharmonicity_ : 0.0))
    return;
  fineSteps_ = partials_.length() / static_cast<int>(kFineEveryS * rate_) + 1;
}

void PitchDetector::take(const Partials::Result& result) noexcept {
  constexpr double kUnsteady = 0.3;  // rad
  if (result.unsteadiness > kUnsteady) {
    // The note changed on the way, or glides: the later half of what was looked at is nearer to now.
    const std::int64_t seen = std::min(now_ - noteBegan_, static_cast<std::int64_t>(kNoteS * rate_));
    noteBegan_ = now_ - seen / 2;
    if (++unsteady_ > 3) pitch_ = {coarse_.hz, coarse_.clarity};
    return;
  }
  unsteady_ = 0;
  const double hz = result.pitch * rate_;
  if (hz < lowestHz_ || hz > kHighestHz) return;
  pitch_ = {static_cast<float>(hz), coarse_.clarity};
  inharmonicity_ = result.inharmonicity;
}

}  // namespace gainstage::dsp
