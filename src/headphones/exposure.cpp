#include "headphones/exposure.h"

#include <algorithm>
#include <cmath>

namespace gainstage::headphones {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;
constexpr double kSlowSeconds = 1.0;

}  // namespace

void Exposure::prepare(const StreamFormat& format) noexcept {
  sampleRate_ = format.sampleRate;
  ears_.fill(Ear{.weighting = AWeighting(sampleRate_)});
  slowShare_ = 1.0 - std::exp(-1.0 / (kSlowSeconds * sampleRate_));
  secondFrames_ = format.frames(1_s);
  secondFrame_ = 0;
}

void Exposure::setFullScale(double dbSpl) noexcept {
  if (secondFrame_ > 0) endSecond();  // each level counts for as long as it held
  // A full-scale sine has a mean square of 1/2.
  const double scale = std::isfinite(dbSpl) ? 2.0 * std::pow(10.0, dbSpl / 10.0) : kUnknown;
  for (Ear& ear : ears_) {
    if (scale_ == kUnknown) ear.weighting.reset();
    ear.slow = scale_ == kUnknown ? 0.0 : ear.slow * (scale / scale_);
  }
  scale_ = scale;
  if (scale_ == kUnknown) shownSlow_.store(0.0, kRelaxed);
}

void Exposure::process(ConstAudioView audio) noexcept {
  if (scale_ == kUnknown) return;
  for (FrameCount done = 0; done < audio.frames();) {
    const FrameCount frames = std::min(audio.frames() - done, secondFrames_ - secondFrame_);
    for (int c = 0; c < audio.channels(); ++c) {
      Ear ear = ears_[static_cast<std::size_t>(c)];
      for (const float sample :
           audio.channel(c).subspan(static_cast<std::size_t>(done), static_cast<std::size_t>(frames))) {
        const double weighted = ear.weighting.next(sample);
        const double square = scale_ * weighted * weighted;
        ear.slow += slowShare_ * (square - ear.slow);
        ear.sum += square;
      }
      ears_[static_cast<std::size_t>(c)] = ear;
    }
    done += frames;
    secondFrame_ += frames;
    if (secondFrame_ == secondFrames_) endSecond();
  }
  shownSlow_.store(std::max(ears_[0].slow, ears_[1].slow), kRelaxed);
}

void Exposure::endSecond() noexcept {
  const double meanSquare = std::max(ears_[0].sum, ears_[1].sum) / secondFrame_;
  const double seconds = secondFrame_ / sampleRate_;
  secondFrame_ = 0;
  for (Ear& ear : ears_) ear.sum = 0.0;
  if (!std::isfinite(meanSquare)) {
    for (Ear& ear : ears_) ear = {.weighting = AWeighting(sampleRate_)};
    return;
  }
  const double levelDba = 10.0 * std::log10(std::max(meanSquare, 1e-12));
  dose_ += {.seconds = seconds, .niosh = nioshDose(levelDba, seconds), .who = whoDose(levelDba, seconds)};
  shownSeconds_.store(dose_.seconds, kRelaxed);
  shownNiosh_.store(dose_.niosh, kRelaxed);
  shownWho_.store(dose_.who, kRelaxed);
}

std::optional<double> Exposure::levelDba() const noexcept {
  const double slow = shownSlow_.load(kRelaxed);
  if (!(slow >= 1.0)) return std::nullopt;
  return 10.0 * std::log10(slow);
}

Dose Exposure::dose() const noexcept {
  return {.seconds = shownSeconds_.load(kRelaxed),
          .niosh = shownNiosh_.load(kRelaxed),
          .who = shownWho_.load(kRelaxed)};
}

}  // namespace gainstage::headphones
