#include "analog/pedals/overdrive.h"
#include "rig/blocks.h"
#include "rig/drive/pedal_block.h"

namespace gainstage::rig {
namespace {

struct OverdriveKind {
  using Model = analog::Overdrive;
  static constexpr std::size_t kKnobs = 2;
  static constexpr std::array kParameters{
      knob("drive", "Drive", 0.4f),
      knob("tone", "Tone", 0.5f),
      levelDecibels("levelDb", "Level", -40.0f, 20.0f, -6.0f),
      quality(),
  };
  static constexpr Milliseconds kTail{500.0};
  static constexpr double kLeastRate = 700e3;

  static const BlockDeclaration& declaration() noexcept { return kOverdriveBlock; }
  static Model make(std::span<const float>, double sampleRate) { return Model(sampleRate); }
  static Model::Knobs knobs(std::span<const float> at) {
    return {.drive = analog::audioTaper(at[0]), .tone = static_cast<double>(at[1])};
  }
  static bool isOffline(std::span<const float> values) { return values[3] != 0.0f; }
};

}  // namespace

constinit const BlockDeclaration kOverdriveBlock{
    "overdrive", "Overdrive", OverdriveKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PedalBlock<OverdriveKind>>()); }};

}  // namespace gainstage::rig
