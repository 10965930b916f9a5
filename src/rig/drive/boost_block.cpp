#include "analog/pedals/boost.h"
#include "rig/blocks.h"
#include "rig/drive/pedal_block.h"

namespace gainstage::rig {
namespace {

struct BoostKind {
  using Model = analog::Boost;
  static constexpr std::size_t kKnobs = 3;
  static constexpr std::array kParameters{
      knob("gain", "Gain", 0.5f),
      knob("lowCut", "Low cut", 0.0f),
      knob("tone", "Tone", 1.0f),
      levelDecibels("levelDb", "Level", -40.0f, 20.0f, 0.0f),
      quality(),
  };
  static constexpr Milliseconds kTail{500.0};
  static constexpr double kLeastRate = 350e3;

  static const BlockDeclaration& declaration() noexcept { return kBoostBlock; }
  static Model make(std::span<const float>, double sampleRate) { return Model(sampleRate); }
  static Model::Knobs knobs(std::span<const float> at) {
    return {.gain = analog::audioTaper(at[0]),
            .lowCut = analog::audioTaper(at[1]),
            .tone = analog::audioTaper(at[2])};
  }
  static bool isOffline(std::span<const float> values) { return values[4] != 0.0f; }
};

}  // namespace

constinit const BlockDeclaration kBoostBlock{
    "boost", "Clean boost", BoostKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PedalBlock<BoostKind>>()); }};

}  // namespace gainstage::rig
