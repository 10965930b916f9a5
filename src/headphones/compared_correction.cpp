#include "headphones/compared_correction.h"

#include <algorithm>
#include <cmath>

namespace gainstage::headphones {

CorrectionLevels correctionLevels(const Preset& preset) {
  constexpr int kPerThird = 8;
  // Half a third more at both ends, so that every band is whole.
  const double widening = std::exp2(1.0 / 6.0);
  const auto frequencies =
      logFrequencies(20.0 / widening, 20000.0 * widening, static_cast<int>(31 * kPerThird) + 1);
  const auto gains = gainsDb(preset, frequencies);
  CorrectionLevels levels{.pinkDb = loudnessChangeDb(preset), .highest = 0.0, .lowest = 1e9};
  for (std::size_t first = 0; first + kPerThird < gains.size(); ++first) {
    double power = 0.0;
    for (std::size_t i = 0; i <= kPerThird; ++i) power += std::pow(10.0, gains[first + i] / 10.0);
    const double gain = std::sqrt(power / (kPerThird + 1));
    levels.highest = std::max(levels.highest, gain);
    levels.lowest = std::min(levels.lowest, gain);
  }
  levels.lowest = std::max(levels.lowest, 1e-3);  // what is 60 dB down counts as silent
  return levels;
}

void ComparedCorrection::prepare(const StreamFormat& format, int channels) {
  correction_.prepare(format, channels);
  match_.prepare(format);
  blend_.prepare(format);
  corrected_ = AudioBuffer(channels, format.maxFrames);
  reset();
}

void ComparedCorrection::install(PreparedCorrection& prepared) noexcept {
  hasFilter_ = prepared.filter != nullptr;
  levels_ = hasFilter_ ? prepared.levels : CorrectionLevels{};
  correction_.install(std::move(prepared.filter));
  loudnessDb_ = on_ || matched_ ? static_cast<float>(levels_.pinkDb) : 0.0f;
  match_.begin(levels_.pinkDb);
  blend(false);
}

void ComparedCorrection::setOn(bool on) noexcept {
  on_ = on;
  blend(false);
}

void ComparedCorrection::setMatched(bool matched) noexcept {
  matched_ = matched;
  match_.setOn(matched);
  blend(false);
}

void ComparedCorrection::blend(bool snap) noexcept {
  const double plain = match_.gain();
  blend_.setRange(levels_.highest / plain, plain / levels_.lowest);
  blend_.setTarget(on_);
  if (snap) blend_.snap();
}

void ComparedCorrection::reset() noexcept {
  correction_.reset();
  match_.reset();
  blend(true);
}

void ComparedCorrection::process(AudioView io) noexcept {
  if (isIdle()) return;
  for (FrameCount done = 0; done < io.frames();) {
    const FrameCount frames = std::min(io.frames() - done, match_.framesToHop());
    const AudioView part = io.frameRange(done, frames), corrected = corrected_.view(frames);
    copy(part, corrected);
    correction_.process(corrected);
    match_.process(part, corrected);
    mix(part, corrected);
    match_.endHop(!blend_.isAt(true));
    done += frames;
  }
}

void ComparedCorrection::mix(AudioView plain, ConstAudioView corrected) noexcept {
  if (blend_.isAt(false)) return;
  if (blend_.isAt(true)) return copy(corrected, plain);
  for (FrameCount n = 0; n < plain.frames(); ++n) {
    const float share = blend_.next();
    const auto at = static_cast<std::size_t>(n);
    for (int c = 0; c < plain.channels(); ++c) {
      float& sample = plain.channel(c)[at];
      const float other = corrected.channel(c)[at];
      if (share == 1.0f)
        sample = other;
      else if (share > 0.0f)
        sample += share * (other - sample);
    }
  }
}

}  // namespace gainstage::headphones
