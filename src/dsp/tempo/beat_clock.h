#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/units.h"

namespace gainstage::dsp {

/// Says on which frame each beat falls. Beat k falls on round((k - b) x 60 x rate / tempo) frames after the
/// moment at which the position was b, computed anew for each beat: nothing adds up, so nothing drifts. That
/// moment is the last restart, change of tempo or call of follow().
class BeatClock {
 public:
  static constexpr double kSlowest = 1.0;  ///< beats per minute, for transports; sessions have 20..400
  static constexpr double kFastest = 1000.0;
  static constexpr double kFarthestBeat =
      1e9;  ///< nearly two years of the fastest: beyond, a clock is broken

  void prepare(double sampleRate) noexcept {  // [control]
    sampleRate_ = sampleRate;
    restart();
  }

  /// Beat 0 falls on the next frame. [audio]
  void restart() noexcept {
    anchorBeat_ = 0.0;
    framesSince_ = 0;
    nextBeat_ = 0;
  }

  /// From the next frame on; the position within the beat stays. [audio]
  void setTempo(double beatsPerMinute) noexcept {
    if (!(beatsPerMinute > 0.0)) return;
    const double tempo = std::clamp(beatsPerMinute, kSlowest, kFastest);
    if (tempo == beatsPerMinute_) return;
    anchorBeat_ = beat();
    framesSince_ = 0;
    beatsPerMinute_ = tempo;
  }

  /// Somebody else's clock says where the next frame is. Within 2 ms of where it was expected it is the same
  /// run: no beat comes twice or is left out because of its rounding. Else it is a leap, and the next beat is
  /// the first from there on. What is not a number or beyond kFarthestBeat is not heard. [audio]
  void follow(double beatAtNextFrame, double beatsPerMinute) noexcept {
    if (!(std::abs(beatAtNextFrame) < kFarthestBeat)) return;
    const double expected = beat();
    setTempo(beatsPerMinute);
    const double awaySeconds = std::abs(beatAtNextFrame - expected) * 60.0 / beatsPerMinute_;
    anchorBeat_ = beatAtNextFrame;
    framesSince_ = 0;
    if (awaySeconds > 0.002)
      nextBeat_ = static_cast<std::int64_t>(std::ceil(beatAtNextFrame - 0.5 / framesPerBeat()));
  }

  double beat() const noexcept {  // [audio] position at the next frame
    return anchorBeat_ + static_cast<double>(framesSince_) / framesPerBeat();
  }
  double tempo() const noexcept { return beatsPerMinute_; }     // [audio] beats per minute
  std::int64_t nextBeat() const noexcept { return nextBeat_; }  // [audio] which beat comes next
  FrameTime framesToNextBeat() const noexcept {                 // [audio] 0: on the next frame
    const double frames =
        (static_cast<double>(nextBeat_) - anchorBeat_) * 60.0 * sampleRate_ / beatsPerMinute_;
    return std::max<FrameTime>(std::llround(frames) - framesSince_, 0);
  }

  void takeBeat() noexcept { ++nextBeat_; }                             // [audio] the next beat has come
  void advance(FrameCount frames) noexcept { framesSince_ += frames; }  // [audio]

 private:
  double framesPerBeat() const noexcept { return 60.0 * sampleRate_ / beatsPerMinute_; }

  double sampleRate_ = 48000.0;
  double beatsPerMinute_ = 120.0;
  double anchorBeat_ = 0.0;    // position at the moment counted from
  FrameTime framesSince_ = 0;  // from that moment to the next frame
  std::int64_t nextBeat_ = 0;
};

}  // namespace gainstage::dsp
