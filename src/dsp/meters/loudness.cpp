#include "dsp/meters/loudness.h"

#include <algorithm>
#include <cmath>

#include "dsp/filters/k_weighting.h"

namespace gainstage::dsp {
namespace {

// BS.1770-4 Annex 1, eq. 2 and 4.
double lufs(double energy) { return -0.691 + 10.0 * std::log10(energy); }

constexpr double kRelativeGateLu = -10.0;
constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

void Loudness::prepare(const StreamFormat& format, int channels) noexcept {
  shelf_ = kWeightingShelf(format.sampleRate);
  highpass_ = kWeightingHighPass(format.sampleRate);
  hopFrames_ = format.frames(Milliseconds{100.0});
  channels_ = channels;
  reset();
}

void Loudness::reset() noexcept {
  filters_ = {};
  hopLeft_ = hopFrames_;
  hopSum_ = 0.0;
  hops_ = {};
  hopsSeen_ = 0;
  momentary_.store(0.0, kRelaxed);
  for (Bin& bin : bins_) {
    bin.blocks.store(0, kRelaxed);
    bin.energy.store(0.0, kRelaxed);
  }
}

void Loudness::process(ConstAudioView audio) noexcept {
  for (FrameCount done = 0; done < audio.frames();) {
    const FrameCount frames = std::min(audio.frames() - done, hopLeft_);
    const ConstAudioView part = audio.frameRange(done, frames);
    hopSum_ += channels_ == 2 ? weighAndSum<2>(part) : weighAndSum<1>(part);
    done += frames;
    hopLeft_ -= frames;
    if (hopLeft_ == 0) endHop();
  }
}

// Side by side, as each channel waits for its own last frame.
template <std::size_t channels>
double Loudness::weighAndSum(ConstAudioView audio) noexcept {
  const BiquadCoefficients shelf = shelf_, highpass = highpass_;
  std::array<Channel, channels> filters;
  std::array<double, channels> sums{};
  std::array<const float*, channels> rows;
  for (std::size_t c = 0; c < channels; ++c) {
    filters[c] = filters_[c];
    rows[c] = audio.channel(static_cast<int>(c)).data();
  }
  for (FrameCount n = 0; n < audio.frames(); ++n)
    for (std::size_t c = 0; c < channels; ++c) {
      const double sample = static_cast<double>(rows[c][n]);
      const double weighted = filters[c].highpass.next(highpass, filters[c].shelf.next(shelf, sample));
      sums[c] += weighted * weighted;
    }
  double sum = 0.0;
  for (std::size_t c = 0; c < channels; ++c) {
    filters_[c] = filters[c];
    sum += sums[c];
  }
  return sum;
}

void Loudness::endHop() noexcept {
  std::ranges::rotate(hops_, hops_.begin() + 1);
  hops_.back() = hopSum_ / hopFrames_;
  hopSum_ = 0.0;
  hopLeft_ = hopFrames_;
  ++hopsSeen_;
  if (!std::isfinite(hops_.back())) {  // what was not a number is forgotten, in the filters as well
    filters_ = {};
    hopsSeen_ = 0;
  }
  if (hopsSeen_ < static_cast<int>(hops_.size())) return;
  hopsSeen_ = static_cast<int>(hops_.size());

  const double energy = (hops_[0] + hops_[1] + hops_[2] + hops_[3]) / 4.0;
  momentary_.store(energy, kRelaxed);
  sortIn(energy);
}

// Each store releases the odd version before it, and each load of gatedLufs() acquires: a reader that meets
// any part of a new block finds the version changed.
void Loudness::sortIn(double energy) noexcept {
  const double position = (lufs(energy) - kAbsoluteGateLufs) * kBinsPerLu;
  if (!(position > 0.0)) return;
  Bin& bin = bins_[std::min(static_cast<std::size_t>(position), kBins - 1)];
  const std::uint32_t version = version_.load(kRelaxed);
  version_.store(version + 1, kRelaxed);
  bin.blocks.store(bin.blocks.load(kRelaxed) + 1, std::memory_order_release);
  bin.energy.store(bin.energy.load(kRelaxed) + energy, std::memory_order_release);
  version_.store(version + 2, std::memory_order_release);
}

std::optional<double> Loudness::integratedLufs() const noexcept {
  // Blocks are sorted in ten times a second, each in nanoseconds: a second try is rare.
  for (;;) {
    const std::uint32_t version = version_.load(std::memory_order_acquire);
    if (version % 2 != 0) continue;
    const std::optional<double> value = gatedLufs();
    if (version_.load(kRelaxed) == version) return value;
  }
}

std::optional<double> Loudness::gatedLufs() const noexcept {
  const auto meanFrom = [this](std::size_t first) {
    double energy = 0.0;
    std::uint64_t blocks = 0;
    for (std::size_t i = first; i < kBins; ++i) {
      energy += bins_[i].energy.load(std::memory_order_acquire);
      blocks += bins_[i].blocks.load(std::memory_order_acquire);
    }
    return blocks == 0 ? 0.0 : energy / static_cast<double>(blocks);
  };
  const double ungated = meanFrom(0);
  if (ungated <= 0.0) return std::nullopt;
  const double gate = (lufs(ungated) + kRelativeGateLu - kAbsoluteGateLufs) * kBinsPerLu;
  return lufs(meanFrom(static_cast<std::size_t>(std::max(0.0, std::ceil(gate)))));
}

std::optional<double> Loudness::momentaryLufs() const noexcept {
  const double energy = momentary_.load(kRelaxed);
  if (energy <= 0.0) return std::nullopt;
  return lufs(energy);
}

}  // namespace gainstage::dsp
