#include "dsp/convolver/convolver_tail.h"

#include <algorithm>

namespace gainstage::dsp {
namespace {

// Nanoseconds for 64 points, as measured with 512-bit vectors: only their ratios matter, to spread the work
// evenly.
constexpr std::int64_t kPassCost = 8;
constexpr std::int64_t kTileCost = 35;
constexpr std::int64_t kProductCost = 8;

}  // namespace

ConvolverTail::ConvolverTail(const Convolution& convolution, const PartitionRun& run)
    : partitions_(convolution, run), frames_(run.frames) {
  for (int input = 0; input < convolution.inputs; ++input) spectra_.emplace_back(1, 2 * frames_);
  for (int output = 0; output < convolution.outputs; ++output) results_.emplace_back(1, 2 * frames_);
  for (AudioBuffer& heard : heard_) heard = AudioBuffer(convolution.outputs, frames_ + kOverread);

  const int passes = partitions_.transform().passes();
  for (int pass = 0; pass < passes; ++pass)
    phases_.push_back({Step::forward, pass, kPassCost * convolution.inputs});
  phases_.push_back(
      {Step::tiles, 0,
       kTileCost * (convolution.inputs + convolution.outputs) +
           kProductCost * run.partitions * static_cast<std::int64_t>(convolution.paths.size())});
  for (int pass = passes - 1; pass >= 0; --pass)
    phases_.push_back({Step::inverse, pass, kPassCost * convolution.outputs});
  for (const Phase& phase : phases_) totalCost_ += phase.itemCost * partitions_.transform().tiles();
}

void ConvolverTail::reset() noexcept {
  partitions_.forget();
  block_ = 0;
  position_ = 0;
  working_ = false;
  audible_ = false;
}

void ConvolverTail::advance(int frames, const AudioBuffer& ring) noexcept {
  position_ += frames;
  if (working_) work(totalCost_ * position_ / frames_, ring);
  if (position_ == frames_) beginBlock();
}

void ConvolverTail::beginBlock() noexcept {
  ++block_;
  position_ = 0;
  audible_ = working_;
  working_ = true;
  partitions_.advance();
  phase_ = 0;
  item_ = 0;
  done_ = 0;
}

void ConvolverTail::work(std::int64_t target, const AudioBuffer& ring) noexcept {
  const int items = partitions_.transform().tiles();
  while (done_ < target) {
    const Phase& phase = phases_[phase_];
    const std::int64_t wanted = (target - done_ + phase.itemCost - 1) / phase.itemCost;
    const int count = static_cast<int>(std::min<std::int64_t>(wanted, items - item_));
    run(phase, item_, count, ring);
    done_ += count * phase.itemCost;
    item_ += count;
    if (item_ == items) {
      item_ = 0;
      ++phase_;
    }
  }
}

void ConvolverTail::run(const Phase& phase, int first, int count, const AudioBuffer& ring) noexcept {
  const PartitionTransform& transform = partitions_.transform();
  const int points = transform.points();
  const float* roots = phase.step == Step::tiles ? nullptr : transform.roots(phase.pass);
  switch (phase.step) {
    case Step::forward:
      for (std::size_t input = 0; input < spectra_.size(); ++input) {
        float* data = spectra_[input].channel(0).data();
        if (phase.pass > 0) {
          steps_->forward(data, transform.span(phase.pass), roots, first, count);
          continue;
        }
        const float* frames = ring.channel(static_cast<int>(input)).data();
        const std::int64_t mask = ring.frames() - 1;
        const float* earlier = frames + (((block_ - 2) * frames_) & mask);
        const float* later = frames + (((block_ - 1) * frames_) & mask);
        steps_->forwardFirst(earlier, later, points, roots, first, count, data);
      }
      break;
    case Step::tiles:
      runTiles(first, count);
      break;
    case Step::inverse:
      for (std::size_t output = 0; output < results_.size(); ++output) {
        float* data = results_[output].channel(0).data();
        if (phase.pass > 0)
          steps_->inverse(data, transform.span(phase.pass), roots, first, count);
        else
          steps_->inverseLast(data, points, roots, first, count,
                              heard_[(block_ + 1) & 1].channel(static_cast<int>(output)).data());
      }
      break;
  }
}

void ConvolverTail::runTiles(int first, int count) noexcept {
  const PartitionTransform& transform = partitions_.transform();
  alignas(64) float sum[kTileFloats];
  for (int tile = first; tile < first + count; ++tile) {
    const float* twist = transform.twist(tile);
    for (std::size_t input = 0; input < spectra_.size(); ++input) {
      const float* re = spectra_[input].channel(0).data() + tile * kTileFloats;
      steps_->forwardTile(re, re + 16, 32, twist, partitions_.newest(static_cast<int>(input), tile));
    }
    for (std::size_t output = 0; output < results_.size(); ++output) {
      partitions_.multiplyAdd(static_cast<int>(output), tile, 0, partitions_.partitions(), false, sum);
      float* re = results_[output].channel(0).data() + tile * kTileFloats;
      steps_->inverseTile(sum, twist, re, re + 16, 32);
    }
  }
}

}  // namespace gainstage::dsp
