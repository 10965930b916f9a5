#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "dsp/filters/biquad.h"

namespace gainstage::dsp {

/// A filter section of 1 or 2 channels on its way from one setting to another.
struct MovingBiquad {
  BiquadCoefficients now, target, step;
  FrameCount left = 0;  ///< frames until target
  std::array<BiquadState, 2> states{};

  bool isAsleep() const noexcept { return left == 0 && now.isIdentity(); }  // [audio]

  /// In `frames` equal steps, from wherever it is. [audio]
  void setTarget(BiquadCoefficients to, FrameCount frames) noexcept;
  /// Forgets all audio and jumps to the target. [audio]
  void reset() noexcept;
};

/// The sections one after the other, in place, 1 or 2 channels. [audio]
void processInRow(std::span<MovingBiquad> sections, AudioView io) noexcept;

/// Filter sections in a row, for 1 or 2 channels, in double precision. A new setting is reached by moving the
/// coefficients in equal steps for each frame over the ramp's length: all settings on the way are stable (see
/// BiquadCoefficients) and none of them steps. Sections that do nothing cost nothing, and leave every bit as
/// it is. The same bits on every machine and however the stream is split.
template <int sections>
class BiquadCascade {
 public:
  /// [control] `ramp`: time that a new setting takes to be heard whole.
  void prepare(const StreamFormat& format, Milliseconds ramp) noexcept {
    rampFrames_ = format.frames(ramp);
    reset();
  }
  void setTarget(int index, const BiquadCoefficients& target) noexcept {  // [audio]
    sections_[static_cast<std::size_t>(index)].setTarget(target, rampFrames_);
  }
  /// Forgets all audio and jumps to the targets. [audio]
  void reset() noexcept {
    for (MovingBiquad& section : sections_) section.reset();
  }
  /// Nothing is done and nothing is on its way. [audio]
  bool isIdentity() const noexcept {
    for (const MovingBiquad& section : sections_)
      if (!section.isAsleep()) return false;
    return true;
  }
  /// In place, 1 or 2 channels, the same number from reset to reset. [audio]
  void process(AudioView io) noexcept {
    if (!isIdentity()) processInRow(sections_, io);
  }

 private:
  FrameCount rampFrames_ = 1;
  std::array<MovingBiquad, static_cast<std::size_t>(sections)> sections_{};
};

}  // namespace gainstage::dsp
