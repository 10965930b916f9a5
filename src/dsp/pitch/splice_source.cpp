#include "dsp/pitch/splice_source.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

constexpr int kPositions = 256;      // of the kernel between two crossings; lines between them err by 5e-6
constexpr double kPass = 0.94;       // of half the rate: where the kernel is 6 dB down
constexpr double kKaiser = 8.0;      // sidelobes of -80 dB
constexpr double kWindowS = 0.03;    // over which likeness is taken
constexpr double kCompareS = 0.006;  // where it is refined
constexpr double kFastS = 0.002, kSlowS = 0.05;
constexpr float kOnset = 6.0f;        // 8 dB within some 2 ms
constexpr float kFaintest = 1e-8f;    // mean square, -80 dBFS
constexpr float kPreferLong = 0.01f;  // likeness that a jump may lack for being the longest: fewer are needed

double besselI0(double x) {
  double sum = 1.0, term = 1.0;
  for (int k = 1; term > 1e-12 * sum; ++k) {
    term *= (x / (2.0 * k)) * (x / (2.0 * k));
    sum += term;
  }
  return sum;
}

}  // namespace

void SpliceSource::prepare(const StreamFormat& format, int channels, FrameCount longestDelayFrames,
                           FrameCount longestSplice) {
  channels_ = channels;
  decimator_.prepare(format.sampleRate);
  correlation_.prepare(longestSplice / decimator_.factor() + 3, kWindowS * decimator_.rate());
  compared_ = format.frames(Milliseconds{kCompareS * 1e3});
  stride_ = std::max(decimator_.factor() / 4, 1);
  onsetLead_ = format.frames(Milliseconds{3.0}) + decimator_.latencyFrames();
  const std::size_t size =
      std::bit_ceil(static_cast<std::size_t>(longestDelayFrames + longestSplice + compared_) + 128);
  mask_ = size - 1;
  for (int c = 0; c < channels; ++c) rings_[static_cast<std::size_t>(c)].assign(2 * size, 0.0f);
  mono_.assign(size, 0.0f);
  kernel_.resize(kCrossings * kPositions + 2);
  for (std::size_t i = 0; i < kernel_.size(); ++i) {
    const double x = static_cast<double>(i) / kPositions, edge = x / kCrossings;
    const double sinc =
        i == 0 ? 1.0 : std::sin(std::numbers::pi * kPass * x) / (std::numbers::pi * kPass * x);
    const double window =
        edge < 1.0 ? besselI0(kKaiser * std::sqrt(1.0 - edge * edge)) / besselI0(kKaiser) : 0.0;
    kernel_[i] = static_cast<float>(kPass * sinc * window);
  }
  fastShare_ = static_cast<float>(1.0 / (kFastS * decimator_.rate()));
  slowShare_ = static_cast<float>(1.0 / (kSlowS * decimator_.rate()));
  reset();
}

void SpliceSource::reset() noexcept {
  decimator_.reset();
  correlation_.reset();
  for (auto& ring : rings_) std::ranges::fill(ring, 0.0f);
  std::ranges::fill(mono_, 0.0f);
  at_ = 0;
  now_ = 0;
  onset_ = -(std::int64_t{1} << 40);
  fast_ = slow_ = 0.0f;
  isRising_ = isOnset_ = false;
}

void SpliceSource::push(float left, float right) noexcept {
  at_ = (at_ + 1) & mask_;
  ++now_;
  isOnset_ = false;
  rings_[0][at_] = rings_[0][at_ + mask_ + 1] = left;
  if (channels_ == 2) rings_[1][at_] = rings_[1][at_ + mask_ + 1] = right;
  const float sum = channels_ == 2 ? 0.5f * (left + right) : left;
  mono_[at_] = sum;
  float decimated = 0.0f;
  if (!decimator_.push(sum, decimated)) return;
  correlation_.push(decimated);
  const float square = decimated * decimated;
  fast_ += fastShare_ * (square - fast_);
  slow_ += slowShare_ * (square - slow_);
  const bool rises = fast_ > kOnset * slow_ && fast_ > kFaintest;
  isOnset_ = rises && !isRising_;
  if (isOnset_) onset_ = now_ - onsetLead_;
  isRising_ = rises;
}

float SpliceSource::read(int channel, double delayFrames, float speed) const noexcept {
  const float scale = speed > 1.0f ? 1.0f / speed : 1.0f;
  const double whole = std::floor(delayFrames);
  const auto fraction = static_cast<float>(delayFrames - whole);
  const int reach = static_cast<int>(kCrossings / scale);
  // From the oldest frame to the newest; the point read lies `fraction` before the frame `whole` back.
  const float* const frames =
      rings_[static_cast<std::size_t>(channel)].data() +
      ((at_ - static_cast<std::size_t>(whole) - static_cast<std::size_t>(reach)) & mask_);
  float sum = 0.0f;
  for (int i = 0; i < 2 * reach; ++i) {
    const float place = std::abs(static_cast<float>(i - reach) + fraction) * scale * kPositions;
    const auto row = static_cast<std::size_t>(place);
    const float t = place - static_cast<float>(row);
    sum += frames[i] * (kernel_[row] + t * (kernel_[row + 1] - kernel_[row]));
  }
  return sum * scale;
}

SpliceSource::Splice SpliceSource::best(double least, double most, double delayFrames,
                                        bool backward) const noexcept {
  const double factor = decimator_.factor();
  const int from = std::max(static_cast<int>(std::ceil(least / factor)), 2);
  const int to = std::min(static_cast<int>(most / factor), correlation_.longestLag() - 1);
  int lag = to;
  float bestScore = -2.0f;
  for (int l = from; l <= to; ++l) {
    const float score = correlation_.at(l) + kPreferLong * static_cast<float>(l) / static_cast<float>(to);
    if (score > bestScore) {
      bestScore = score;
      lag = l;
    }
  }
  if (lag < 2) return {most, 0.0f};
  const double rough = static_cast<double>(correlation_.peakNear(lag).lag) * factor;
  const auto middle = static_cast<std::int64_t>(std::lround(rough));
  const auto here = static_cast<std::int64_t>(delayFrames);
  const auto at = [&](std::int64_t jump) { return likeness(here, backward ? here + jump : here - jump); };
  std::int64_t peak = middle;
  float high = at(middle);
  for (const int direction : {-1, 1})
    for (int step = 1; step <= 3; ++step)
      if (const float value = at(middle + direction * step); value > high) {
        high = value;
        peak = middle + direction * step;
      }
  const RunningCorrelation::Peak exact = cosinePeak(at(peak - 1), high, at(peak + 1));
  const double jump =
      std::clamp(static_cast<double>(peak) + static_cast<double>(exact.lag), 1.0, most + factor);
  return {jump, std::clamp(high, 0.0f, 1.0f)};
}

float SpliceSource::likeness(std::int64_t here, std::int64_t there) const noexcept {
  float product = 0.0f, energy = 1e-20f;
  for (std::int64_t n = 0; n < compared_; n += stride_) {
    const float a = mono(here + n), b = mono(there + n);
    product += a * b;
    energy += a * a + b * b;
  }
  return 2.0f * product / energy;
}

}  // namespace gainstage::dsp
