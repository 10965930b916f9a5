#include "dsp/convolver/convolver_head.h"

#include <algorithm>

namespace gainstage::dsp {

ConvolverHead::ConvolverHead(const Convolution& convolution, const PartitionRun* run)
    : pathsTo_(static_cast<std::size_t>(convolution.outputs)),
      sums_(convolution.outputs, kTileFloats),
      ready_(convolution.outputs, kBlock + kOverread),
      pathSum_(1, kBlock + kOverread) {
  if (run != nullptr) partitions_.emplace(convolution, *run);
  for (int input = 0; input < convolution.inputs; ++input) windows_.emplace_back(1, 2 * kBlock + kOverread);
  for (const ConvolutionPath& path : convolution.paths) {
    const auto& response = convolution.responses[static_cast<std::size_t>(path.response)];
    Path& added = pathsTo_[static_cast<std::size_t>(path.output)].emplace_back(Path{path.input, {}});
    std::copy_n(response.begin(), std::min<std::size_t>(response.size(), kDirectTaps),
                added.taps.begin() + kTapPadding);
  }
}

void ConvolverHead::reset() noexcept {
  for (AudioBuffer& window : windows_) window.view().clear();
  ready_.view().clear();
  if (partitions_) {
    partitions_->forget();
    partitions_->advance();
  }
  position_ = 0;
  olderDone_ = 1;
}

void ConvolverHead::take(int input, std::span<const float> frames) noexcept {
  std::ranges::copy(frames,
                    windows_[static_cast<std::size_t>(input)].channel(0).begin() + kBlock + position_);
}

void ConvolverHead::render(int output, std::span<const float* const> added, std::span<float> out) noexcept {
  const int frames = static_cast<int>(out.size());
  const auto& paths = pathsTo_[static_cast<std::size_t>(output)];
  if (paths.empty()) std::ranges::fill(out, 0.0f);
  float* sum = pathSum_.channel(0).data();
  const float* const before[] = {sum};
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const float* now =
        windows_[static_cast<std::size_t>(paths[i].input)].channel(0).data() + kBlock + position_;
    float* to = i + 1 == paths.size() ? out.data() : sum;
    steps_->direct(now, paths[i].taps.data() + kTapPadding, i == 0 ? added : before, frames, to);
  }
}

void ConvolverHead::advance(int frames) noexcept {
  position_ += frames;
  if (partitions_) multiplyOlder(1 + (partitions_->partitions() - 1) * position_ / kBlock);
  if (position_ == kBlock) finishBlock();
}

void ConvolverHead::multiplyOlder(int end) noexcept {
  if (end == olderDone_) return;
  for (int output = 0; output < sums_.channels(); ++output)
    partitions_->multiplyAdd(output, 0, olderDone_, end, olderDone_ > 1, sums_.channel(output).data());
  olderDone_ = end;
}

void ConvolverHead::finishBlock() noexcept {
  if (partitions_) {
    const float* twist = partitions_->transform().twist(0);
    for (std::size_t input = 0; input < windows_.size(); ++input) {
      const float* window = windows_[input].channel(0).data();
      transforms_->forwardTile(window, window + kBlock, 16, twist,
                               partitions_->newest(static_cast<int>(input), 0));
    }
    alignas(64) float earlier[kBlock];
    for (int output = 0; output < sums_.channels(); ++output) {
      float* sum = sums_.channel(output).data();
      partitions_->multiplyAdd(output, 0, 0, 1, partitions_->partitions() > 1, sum);
      transforms_->inverseTile(sum, twist, earlier, ready_.channel(output).data(), 16);
    }
    partitions_->advance();  // room for the block that begins; the older ones have moved on
    olderDone_ = 1;
  }
  for (AudioBuffer& window : windows_) {
    float* frames = window.channel(0).data();
    std::copy_n(frames + kBlock, kBlock, frames);
    std::fill_n(frames + kBlock, kBlock,
                0.0f);  // read over before it is written: nothing that is not finite stays
  }
  position_ = 0;
}

}  // namespace gainstage::dsp
