#include "analog/pedals/distortion.h"
#include "rig/blocks.h"
#include "rig/drive/pedal_block.h"

namespace gainstage::rig {
namespace {

struct DistortionKind {
  using Model = analog::Distortion;
  static constexpr std::size_t kKnobs = 2;
  static constexpr std::array kParameters{
      knob("distortion", "Distortion", 0.5f),
      knob("filter", "Filter (dark)", 0.4f),
      levelDecibels("levelDb", "Level", -40.0f, 20.0f, 0.0f),
      quality(),
  };
  static constexpr Milliseconds kTail{1000.0};
  static constexpr double kLeastRate = 350e3;

  static const BlockDeclaration& declaration() noexcept { return kDistortionBlock; }
  static Model make(std::span<const float>, double sampleRate) { return Model(sampleRate); }
  static Model::Knobs knobs(std::span<const float> at) {
    return {.distortion = analog::audioTaper(at[0]), .filter = analog::audioTaper(at[1])};
  }
  static bool isOffline(std::span<const float> values) { return values[3] != 0.0f; }
};

}  // namespace

constinit const BlockDeclaration kDistortionBlock{
    "distortion", "Distortion", DistortionKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PedalBlock<DistortionKind>>()); }};

}  // namespace gainstage::rig
