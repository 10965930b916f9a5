#pragma once

#include <algorithm>

#include "headphones/ceiling.h"
#include "support/audio.h"

namespace gainstage::headphones {

inline constexpr double kRate = 48000.0;
/// The ceiling's own default, -1 dBFS.
inline const float kDefault = Decibels{-1.0}.linear();

/// A setting from a frame on.
struct Change {
  FrameCount frame;
  float ceilingDbfs;
  bool on = true;
};

/// The signal through a ceiling prepared for `format`, changed at the frames given, in calls of `blocks`.
inline testing::Signal render(testing::Signal signal, const StreamFormat& format,
                              std::span<const FrameCount> blocks, std::span<const Change> changes = {}) {
  Ceiling ceiling;
  ceiling.prepare(format);
  FrameCount at = 0;
  testing::renderInPlace(signal, blocks, [&](AudioView io) {
    for (FrameCount done = 0; done < io.frames();) {
      FrameCount until = io.frames();
      for (const Change& change : changes) {
        if (change.frame == at + done) ceiling.setCeilingDbfs(change.ceilingDbfs), ceiling.setOn(change.on);
        if (change.frame > at + done) until = std::min(until, change.frame - at);
      }
      ceiling.process(io.frameRange(done, until - done));
      done = until;
    }
    at += io.frames();
  });
  return signal;
}

inline testing::Mono render(const testing::Mono& samples, std::span<const Change> changes = {}) {
  return render(testing::Signal{samples}, {kRate, 64},
                testing::splits(static_cast<FrameCount>(samples.size()), 64), changes)[0];
}

}  // namespace gainstage::headphones
