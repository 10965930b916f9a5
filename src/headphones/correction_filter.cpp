#include "headphones/correction_filter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "dsp/convolver/convolver_response.h"
#include "headphones/graphic_response.h"
#include "headphones/matched_sections.h"

namespace gainstage::headphones {
namespace {

constexpr Decibels kRungDown = 140_dB;
constexpr float kLoudest = 1e6f;  // +120 dBFS: no signal, and a square of it still fits the convolver

/// The sections, the preamp in the first of them.
std::vector<dsp::MovingBiquad> sectionsOf(const Preset& preset, double gain, double rateHz) {
  std::vector<dsp::MovingBiquad> sections;
  const auto add = [&](const dsp::BiquadCoefficients& coefficients) {
    dsp::MovingBiquad& section = sections.emplace_back();
    section.now = section.target = coefficients;
  };
  for (const formats::EqFilter& filter : preset.eq.filters)
    for (const EqSection& section : matchedSections(filter, preset.eq.sampleRateHz, rateHz))
      add(section.coefficients());
  if (gain != 1.0 && sections.empty()) add({});
  if (gain != 1.0) {
    dsp::BiquadCoefficients& first = sections.front().now;
    first.direct *= gain;
    first.c1 *= gain;
    first.c2 *= gain;
    sections.front().target = first;
  }
  return sections;
}

/// Which response leads from where to where, of 1, 2 or 4, for 1 or 2 channels.
std::vector<dsp::ConvolutionPath> pathsFor(int responses, int channels) {
  if (channels == 1) return {{0, 0, 0}};
  if (responses == 1) return {{0, 0, 0}, {1, 1, 0}};
  if (responses == 2) return {{0, 0, 0}, {1, 1, 1}};
  return {{0, 0, 0}, {0, 1, 1}, {1, 0, 2}, {1, 1, 3}};
}

bool isSilent(AudioView io, FrameCount frame) noexcept {
  for (int c = 0; c < io.channels(); ++c)
    if (io.channel(c)[static_cast<std::size_t>(frame)] != 0.0f) return false;
  return true;
}

void clean(AudioView io) noexcept {
  for (int c = 0; c < io.channels(); ++c)
    for (float& sample : io.channel(c)) sample = std::abs(sample) <= kLoudest ? sample : 0.0f;
}

}  // namespace

Result<std::unique_ptr<CorrectionFilter>> CorrectionFilter::make(const Preset& preset,
                                                                 const StreamFormat& format, int channels) {
  std::unique_ptr<CorrectionFilter> made(new CorrectionFilter());
  made->channels_ = channels;
  made->sections_ = sectionsOf(preset, std::pow(10.0, preset.preampDb / 20.0), format.sampleRate);
  std::vector<std::vector<float>> responses;
  if (preset.response) {
    const auto& file = *preset.response;
    auto converted = dsp::convertResponse(file.audio, file.sampleRate, format.sampleRate);
    if (!converted) return converted.error();
    for (int c = 0; c < converted->channels(); ++c) {
      const auto taps = converted->channel(c);
      responses.emplace_back(taps.begin(), taps.end());
    }
  } else if (!preset.eq.graphic.empty()) {
    responses.push_back(graphicResponse(preset.eq.graphic, format.sampleRate));
  }
  if (!responses.empty()) {
    dsp::Convolution convolution{.inputs = channels,
                                 .outputs = channels,
                                 .responses = {responses.begin(), responses.end()},
                                 .paths = pathsFor(static_cast<int>(responses.size()), channels)};
    made->taps_ = static_cast<FrameCount>(convolution.taps());
    made->convolver_.emplace();
    made->convolver_->prepare(convolution);
  }
  made->ringFrames_ = std::max(made->taps_, 1);
  for (const dsp::MovingBiquad& section : made->sections_)
    made->ringFrames_ += dsp::ringFrames(section.now, kRungDown);
  made->reset();
  return made;
}

void CorrectionFilter::reset() noexcept {
  for (dsp::MovingBiquad& section : sections_) section.reset();
  if (convolver_) convolver_->reset();
  silentFrames_ = ringFrames_;
}

void CorrectionFilter::run(AudioView io) noexcept {
  dsp::processInRow(sections_, io);
  if (convolver_) convolver_->process(io, io);
}

void CorrectionFilter::process(AudioView io) noexcept {
  clean(io);
  for (FrameCount done = 0; done < io.frames();) {
    const AudioView rest = io.frameRange(done, io.frames() - done);
    done += silentFrames_ >= ringFrames_ ? sleep(rest) : work(rest);
  }
}

/// Frames up to the first that is not silent.
FrameCount CorrectionFilter::sleep(AudioView io) noexcept {
  FrameCount frames = 0;
  while (frames < io.frames() && isSilent(io, frames)) ++frames;
  if (frames < io.frames()) silentFrames_ = 0;
  return frames;
}

/// Frames up to where it falls asleep: only looked for, frame by frame, where that may lie within this call.
FrameCount CorrectionFilter::work(AudioView io) noexcept {
  FrameCount frames = io.frames();
  if (silentFrames_ + frames < ringFrames_) {
    FrameCount silent = 0;
    while (silent < frames && isSilent(io, frames - 1 - silent)) ++silent;
    silentFrames_ = silent == frames ? silentFrames_ + silent : silent;
  } else {
    for (frames = 0; frames < io.frames() && silentFrames_ < ringFrames_; ++frames)
      silentFrames_ = isSilent(io, frames) ? silentFrames_ + 1 : 0;
  }
  run(io.frameRange(0, frames));
  if (silentFrames_ >= ringFrames_) reset();
  return frames;
}

}  // namespace gainstage::headphones
