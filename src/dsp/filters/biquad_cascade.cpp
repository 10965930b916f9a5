#include "dsp/filters/biquad_cascade.h"

#include <algorithm>

#include "dsp/filters/biquad_lanes.h"

namespace gainstage::dsp {
namespace {

constexpr FrameCount kChunk = 64;

/// `scale` (to - from)
BiquadCoefficients difference(const BiquadCoefficients& to, const BiquadCoefficients& from,
                              double scale) noexcept {
  return {.decay = (to.decay - from.decay) * scale,
          .b1 = (to.b1 - from.b1) * scale,
          .b2 = (to.b2 - from.b2) * scale,
          .direct = (to.direct - from.direct) * scale,
          .c1 = (to.c1 - from.c1) * scale,
          .c2 = (to.c2 - from.c2) * scale};
}

void takePoles(BiquadCoefficients& to, const BiquadCoefficients& from) noexcept {
  to.decay = from.decay;
  to.b1 = from.b1;
  to.b2 = from.b2;
}

void finishRamps(std::span<MovingBiquad> sections) noexcept {
  for (MovingBiquad& section : sections)
    if (section.left == 1) {
      section.left = 0;
      section.now = section.target;
    }
}

/// Frames for which every section that moves keeps moving, its last frame excepted: there it has arrived.
FrameCount framesAlike(std::span<const MovingBiquad> sections, FrameCount most) noexcept {
  for (const MovingBiquad& section : sections)
    if (section.left > 0) most = std::min(most, section.left - 1);
  return most;
}

}  // namespace

void MovingBiquad::setTarget(BiquadCoefficients to, FrameCount frames) noexcept {
  // On its way to or from doing nothing a section keeps its poles: that is then a crossfade with its input.
  if (to.isIdentity()) takePoles(to, target);
  if (to == target) return;
  if (isAsleep()) {
    takePoles(now, to);
    states = {};
  }
  target = to;
  left = frames;
  step = difference(target, now, 1.0 / frames);
}

void MovingBiquad::reset() noexcept {
  now = target;
  left = 0;
  states = {};
}

void processInRow(std::span<MovingBiquad> sections, AudioView io) noexcept {
  for (FrameCount done = 0; done < io.frames();) {
    finishRamps(sections);
    const FrameCount frames = framesAlike(sections, std::min(kChunk, io.frames() - done));
    const AudioView part = io.frameRange(done, frames);
    done += frames;
    std::array<double, 2 * static_cast<std::size_t>(kChunk)> samples;
    const auto channels = static_cast<std::size_t>(io.channels());
    for (std::size_t c = 0; c < channels; ++c) {
      const std::span<const float> from = part.channel(static_cast<int>(c));
      for (std::size_t n = 0; n < from.size(); ++n) samples[n * channels + c] = static_cast<double>(from[n]);
    }
    BiquadRow row(io.channels(), samples.data(), static_cast<std::size_t>(frames));
    for (MovingBiquad& section : sections)
      if (!section.isAsleep()) row.add(section);
    row.run();
    for (std::size_t c = 0; c < channels; ++c) {
      const std::span<float> to = part.channel(static_cast<int>(c));
      for (std::size_t n = 0; n < to.size(); ++n) to[n] = static_cast<float>(samples[n * channels + c]);
    }
  }
}

}  // namespace gainstage::dsp
