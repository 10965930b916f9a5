#pragma once

#include <random>
#include <string>
#include <vector>

#include "rig/rig.h"
#include "support/audio.h"
#include "support/files.h"

/// What the tests of blocks and rigs share.
namespace gainstage::rig {

/// A change of one parameter at one frame.
struct Change {
  FrameCount frame;
  ParameterIndex index;
  float value;
};

/// Anywhere between its minimum and maximum, along its scale.
inline float anyValue(const Parameter& parameter, std::mt19937& generator) {
  const double t = std::uniform_real_distribution<double>(0.0, 1.0)(generator);
  const double low = static_cast<double>(parameter.minimum), high = static_cast<double>(parameter.maximum);
  const double value =
      parameter.scale == Scale::logarithmic ? low * std::pow(high / low, t) : low + t * (high - low);
  return parameter.clamp(static_cast<float>(value));
}

inline bool movesWhileRunning(const Parameter& parameter) {
  return !parameter.structural && parameter.type != ParameterType::file;
}

/// A block on its own, made and prepared as a rig makes it.
class LoneBlock {
 public:
  LoneBlock(const BlockState& state, const StreamFormat& format, int channels,
            const std::filesystem::path& folder = {})
      : block_(state.declaration->create()), parameters_(state.declaration->parameters) {
    const auto set = [&](bool structuralOnly) {
      for (std::size_t i = 0; i < parameters_.size(); ++i)
        if (parameters_[i].type != ParameterType::file && (parameters_[i].structural || !structuralOnly))
          block_->set(static_cast<ParameterIndex>(i), state.values[i]);
    };
    for (std::size_t i = 0; i < parameters_.size(); ++i)
      if (!state.files[i].empty()) {
        const auto read = block_->setFile(static_cast<ParameterIndex>(i), folder / state.files[i]);
        EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().message);
      }
    set(true);
    const auto ready = block_->prepare(format, channels);
    EXPECT_TRUE(ready.ok());
    set(false);
    block_->reset();
  }

  Block& operator*() { return *block_; }
  Block* operator->() { return block_.get(); }

  /// All of the signal, split at the changes' frames as a console does; a second channel is added where the
  /// block makes one.
  testing::Signal render(testing::Signal io, FrameCount block, unsigned seed = 0,
                         const std::vector<Change>& changes = {}) {
    const auto total = static_cast<FrameCount>(io[0].size());
    io.resize(static_cast<std::size_t>(block_->outputChannels(static_cast<int>(io.size()))),
              testing::Mono(io[0].size(), 0.25f));  // what lies there before means nothing
    std::vector<FrameCount> lengths;
    std::vector<const Change*> due;
    FrameCount at = 0;
    auto next = changes.begin();
    for (FrameCount left : testing::splits(total, block, seed))
      while (left > 0) {
        while (next != changes.end() && next->frame <= at) ++next;
        const bool cut = next != changes.end() && next->frame > at && next->frame < at + left;
        const FrameCount frames = cut ? next->frame - at : left;
        lengths.push_back(frames);
        at += frames;
        left -= frames;
      }
    at = 0;
    next = changes.begin();
    testing::renderInPlace(io, lengths, [&](AudioView view) {
      for (; next != changes.end() && next->frame <= at; ++next) block_->set(next->index, next->value);
      block_->process(view);
      at += view.frames();
    });
    return io;
  }

 private:
  std::unique_ptr<Block> block_;
  std::span<const Parameter> parameters_;
};

/// The block's defaults, with values by id.
inline BlockState stateOf(std::string_view type,
                          std::initializer_list<std::pair<std::string_view, float>> values = {}) {
  const BlockDeclaration* declaration = findBlockDeclaration(type);
  BlockState state = makeBlockState(*declaration, std::string(type));
  for (const auto& [id, value] : values) state.values[indexOf(declaration->parameters, id).value()] = value;
  return state;
}

inline ParameterIndex indexIn(std::string_view type, std::string_view id) {
  return indexOf(findBlockDeclaration(type)->parameters, id).value();
}

}  // namespace gainstage::rig
