#pragma once

#include <array>
#include <cstddef>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "dsp/biquad.h"

namespace gainstage::dsp {

/// Up to `sections` filter sections in a row, for 1 or 2 channels, in double precision. A new setting is
/// reached by moving the coefficients in equal steps for each frame over the ramp's length: all settings on
/// the way are stable (see BiquadCoefficients) and none of them steps. Sections that do nothing cost nothing,
/// and leave every bit as it is.
template <int sections>
class BiquadCascade {
 public:
  /// [control] `ramp`: time that a new setting takes to be heard whole.
  void prepare(const StreamFormat& format, Milliseconds ramp) noexcept {
    rampFrames_ = format.frames(ramp);
    reset();
  }

  /// [audio]
  void setTarget(int index, BiquadCoefficients target) noexcept {
    Section& section = sections_[static_cast<std::size_t>(index)];
    // On its way to or from doing nothing a section keeps its poles: that is then a crossfade with its input.
    if (target.isIdentity()) {
      target.decay = section.target.decay;
      target.b1 = section.target.b1;
      target.b2 = section.target.b2;
    }
    if (target == section.target) return;
    if (section.left == 0 && section.now.isIdentity()) {
      section.now.decay = target.decay;
      section.now.b1 = target.b1;
      section.now.b2 = target.b2;
      section.states = {};
    }
    section.target = target;
    section.left = rampFrames_;
    section.step = difference(target, section.now, 1.0 / rampFrames_);
  }

  /// Forgets all audio and jumps to the targets. [audio]
  void reset() noexcept {
    for (Section& section : sections_) {
      section.now = section.target;
      section.left = 0;
      section.states = {};
    }
  }

  /// Nothing is done and nothing is on its way. [audio]
  bool isIdentity() const noexcept {
    for (const Section& section : sections_)
      if (!section.isAsleep()) return false;
    return true;
  }

  /// In place, 1 or 2 channels, the same number from reset to reset. [audio]
  void process(AudioView io) noexcept {
    if (isIdentity()) return;
    for (FrameCount done = 0; done < io.frames();) {
      const FrameCount frames = std::min(kChunk, io.frames() - done);
      processChunk(io.frameRange(done, frames));
      done += frames;
    }
  }

 private:
  struct Section {
    BiquadCoefficients now, target, step;
    FrameCount left = 0;
    std::array<BiquadState, 2> states{};

    bool isAsleep() const noexcept { return left == 0 && now.isIdentity(); }
  };
  static constexpr FrameCount kChunk = 64;
  /// Frames of one channel, in double precision between the sections.
  using Chunk = std::array<double, static_cast<std::size_t>(kChunk)>;

  static BiquadCoefficients difference(const BiquadCoefficients& to, const BiquadCoefficients& from,
                                       double scale) noexcept {
    return {.decay = (to.decay - from.decay) * scale,
            .b1 = (to.b1 - from.b1) * scale,
            .b2 = (to.b2 - from.b2) * scale,
            .direct = (to.direct - from.direct) * scale,
            .c1 = (to.c1 - from.c1) * scale,
            .c2 = (to.c2 - from.c2) * scale};
  }

  void processChunk(AudioView io) noexcept {
    std::array<Chunk, 2> samples;
    const auto frames = static_cast<std::size_t>(io.frames());
    for (int c = 0; c < io.channels(); ++c)
      std::ranges::copy(io.channel(c), samples[static_cast<std::size_t>(c)].begin());

    std::array<Section*, sections> row{};
    std::size_t count = 0;
    const auto runRow = [&] {
      for (int c = 0; c < io.channels(); ++c)
        runSettled(row.data(), count, static_cast<std::size_t>(c), samples[static_cast<std::size_t>(c)],
                   frames);
      count = 0;
    };
    for (Section& section : sections_) {
      if (section.isAsleep()) continue;
      if (section.left == 0) {
        row[count++] = &section;
        continue;
      }
      runRow();
      runMoving(section, io.channels(), samples, frames);
    }
    runRow();

    for (int c = 0; c < io.channels(); ++c) {
      const Chunk& from = samples[static_cast<std::size_t>(c)];
      const std::span<float> to = io.channel(c);
      for (std::size_t n = 0; n < frames; ++n) to[n] = static_cast<float>(from[n]);
    }
  }

  // One section waits 9 cycles for its own last sample; three in one loop fill that wait.
  static void runSettled(Section* const* row, std::size_t count, std::size_t channel, Chunk& samples,
                         std::size_t frames) noexcept {
    while (count >= 3) {
      runTogether<3>(row, channel, samples, frames);
      row += 3;
      count -= 3;
    }
    if (count == 2) runTogether<2>(row, channel, samples, frames);
    if (count == 1) runTogether<1>(row, channel, samples, frames);
  }

  template <std::size_t together>
  static void runTogether(Section* const* row, std::size_t channel, Chunk& samples,
                          std::size_t frames) noexcept {
    std::array<BiquadCoefficients, together> coefficients;
    std::array<BiquadState, together> states;
    for (std::size_t i = 0; i < together; ++i) {
      coefficients[i] = row[i]->now;
      states[i] = row[i]->states[channel];
    }
    for (std::size_t n = 0; n < frames; ++n) {
      double x = samples[n];
      for (std::size_t i = 0; i < together; ++i) x = states[i].next(coefficients[i], x);
      samples[n] = x;
    }
    for (std::size_t i = 0; i < together; ++i) row[i]->states[channel] = states[i];
  }

  static void runMoving(Section& section, int channels, std::array<Chunk, 2>& samples,
                        std::size_t frames) noexcept {
    for (std::size_t n = 0; n < frames; ++n) {
      if (section.left > 0) {
        --section.left;
        advance(section);
      }
      for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
        samples[c][n] = section.states[c].next(section.now, samples[c][n]);
    }
  }

  static void advance(Section& section) noexcept {
    BiquadCoefficients& now = section.now;
    const BiquadCoefficients& step = section.step;
    now = section.left == 0 ? section.target
                            : BiquadCoefficients{.decay = now.decay + step.decay,
                                                 .b1 = now.b1 + step.b1,
                                                 .b2 = now.b2 + step.b2,
                                                 .direct = now.direct + step.direct,
                                                 .c1 = now.c1 + step.c1,
                                                 .c2 = now.c2 + step.c2};
  }

  FrameCount rampFrames_ = 1;
  std::array<Section, static_cast<std::size_t>(sections)> sections_{};
};

}  // namespace gainstage::dsp
