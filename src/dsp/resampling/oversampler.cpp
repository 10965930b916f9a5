#include "dsp/resampling/oversampler.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace gainstage::dsp {
namespace {

// Of the base rate: 18 kHz at 44.1 kHz.
constexpr double kPassEdge = 18.0 / 44.1;

// Higher stages leave ever more room between what passes and its images: the fewest coefficients that keep
// -100 dB (100.2, 103, 103, 134, 164, 194).
constexpr std::array kAllPasses{6, 3, 2, 2, 2, 2};
// The shortest that keep -100 dB (102, 108, 105, 143, 180, 149).
constexpr std::array kHalves{33, 9, 5, 5, 5, 5};

double passEdge(int stage) { return kPassEdge / (2 << stage); }

}  // namespace

void Oversampler::prepare(int factor, Phase phase) {
  factor_ = factor;
  padding_ = 0;
  const int count = std::countr_zero(static_cast<unsigned>(factor));
  if (phase == Phase::minimum) {
    auto& stages = stages_.emplace<Stages<AllPassHalfBand>>();
    for (int s = 0; s < count; ++s)
      stages.up.emplace_back(passEdge(s), kAllPasses[static_cast<std::size_t>(s)]);
    stages.down = stages.up;
  } else {
    auto& stages = stages_.emplace<Stages<SymmetricHalfBand>>();
    int delay = 0;  // both ways, at the high rate
    for (int s = 0; s < count; ++s) {
      stages.up.emplace_back(passEdge(s), kHalves[static_cast<std::size_t>(s)], kChunk << s);
      delay += kHalves[static_cast<std::size_t>(s)] * (factor >> s);
    }
    stages.down = stages.up;
    padding_ = (factor - delay % factor) % factor;
  }
  padded_.assign(static_cast<std::size_t>(padding_ + kChunk * factor), 0.0);
}

FrameCount Oversampler::latencyFrames() const noexcept {
  const auto* const linear = std::get_if<Stages<SymmetricHalfBand>>(&stages_);
  if (linear == nullptr) return 0;
  int delay = padding_;
  for (std::size_t s = 0; s < linear->up.size(); ++s) delay += linear->up[s].half() * (factor_ >> s);
  return delay / factor_;
}

void Oversampler::reset() noexcept {
  const auto silence = [](auto& stages) {
    for (auto& stage : stages.up) stage.reset();
    for (auto& stage : stages.down) stage.reset();
  };
  if (auto* const minimum = std::get_if<Stages<AllPassHalfBand>>(&stages_)) silence(*minimum);
  if (auto* const linear = std::get_if<Stages<SymmetricHalfBand>>(&stages_)) silence(*linear);
  std::ranges::fill(padded_, 0.0);
}

/// From work_, which it spoils.
template <typename HalfBand>
void Oversampler::upChunk(std::vector<HalfBand>& stages, double* out, int frames) noexcept {
  double* from = work_.data();
  double* to = other_.data();
  if (stages.empty()) std::copy_n(from, frames, out);
  for (std::size_t s = 0; s < stages.size(); ++s) {
    stages[s].up(from, s + 1 == stages.size() ? out : to, frames << s);
    std::swap(from, to);
  }
}

/// To work_.
template <typename HalfBand>
void Oversampler::downChunk(std::vector<HalfBand>& stages, const double* in, int frames) noexcept {
  if (stages.empty()) std::copy_n(in, frames, work_.data());
  const double* from = in;
  for (std::size_t s = stages.size(); s-- > 0;) {
    double* const to = s % 2 == 0 ? work_.data() : other_.data();
    stages[s].down(from, to, frames << s);
    from = to;
  }
}

void Oversampler::up(std::span<const float> in, std::span<double> out) noexcept {
  for (std::size_t at = 0; at < in.size(); at += kChunk) {
    const std::span<const float> part = in.subspan(at, std::min<std::size_t>(kChunk, in.size() - at));
    const int frames = static_cast<int>(part.size());
    std::ranges::copy(part, work_.begin());
    double* const to = out.data() + at * static_cast<std::size_t>(factor_);
    if (auto* const minimum = std::get_if<Stages<AllPassHalfBand>>(&stages_))
      upChunk(minimum->up, to, frames);
    if (auto* const linear = std::get_if<Stages<SymmetricHalfBand>>(&stages_))
      upChunk(linear->up, to, frames);
  }
}

void Oversampler::down(std::span<const double> in, std::span<float> out) noexcept {
  for (std::size_t at = 0; at < out.size(); at += kChunk) {
    const std::span<float> part = out.subspan(at, std::min<std::size_t>(kChunk, out.size() - at));
    const int frames = static_cast<int>(part.size());
    const double* from = in.data() + at * static_cast<std::size_t>(factor_);
    if (auto* const minimum = std::get_if<Stages<AllPassHalfBand>>(&stages_))
      downChunk(minimum->down, from, frames);
    if (auto* const linear = std::get_if<Stages<SymmetricHalfBand>>(&stages_)) {
      std::copy_n(from, frames * factor_, padded_.data() + padding_);
      downChunk(linear->down, padded_.data(), frames);
      std::copy_n(padded_.data() + frames * factor_, padding_, padded_.data());
    }
    for (int n = 0; n < frames; ++n)
      part[static_cast<std::size_t>(n)] = static_cast<float>(work_[static_cast<std::size_t>(n)]);
  }
}

}  // namespace gainstage::dsp
