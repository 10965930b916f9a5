#include "analog/pedals/wah.h"
#include "rig/blocks.h"
#include "rig/drive/pedal_block.h"

namespace gainstage::rig {
namespace {

struct WahKind {
  using Model = analog::Wah;
  static constexpr std::size_t kKnobs = 1;
  static constexpr std::array kParameters{
      knob("pedal", "Pedal", 0.5f),
      levelDecibels("levelDb", "Level", -40.0f, 20.0f, 0.0f),
      quality(),
  };
  static constexpr Milliseconds kTail{300.0};
  static constexpr double kLeastRate = 170e3;

  static const BlockDeclaration& declaration() noexcept { return kWahBlock; }
  static Model make(std::span<const float>, double sampleRate) { return Model(sampleRate); }
  static Model::Knobs knobs(std::span<const float> at) { return {.pedal = static_cast<double>(at[0])}; }
  static bool isOffline(std::span<const float> values) { return values[2] != 0.0f; }
};

}  // namespace

constinit const BlockDeclaration kWahBlock{
    "wah", "Wah", WahKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PedalBlock<WahKind>>()); }};

}  // namespace gainstage::rig
