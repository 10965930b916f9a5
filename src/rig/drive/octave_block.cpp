#include "analog/pedals/octave.h"
#include "rig/blocks.h"
#include "rig/drive/pedal_block.h"

namespace gainstage::rig {
namespace {

struct OctaveKind {
  using Model = analog::Octave;
  static constexpr std::size_t kKnobs = 2;
  static constexpr std::array kParameters{
      knob("drive", "Drive", 0.5f),
      knob("octave", "Octave", 1.0f),
      levelDecibels("levelDb", "Level", -40.0f, 20.0f, -6.0f),
      quality(),
  };
  static constexpr Milliseconds kTail{500.0};
  static constexpr double kLeastRate = 350e3;

  static const BlockDeclaration& declaration() noexcept { return kOctaveBlock; }
  static Model make(std::span<const float>, double sampleRate) { return Model(sampleRate); }
  static Model::Knobs knobs(std::span<const float> at) {
    return {.drive = analog::audioTaper(at[0]), .octave = static_cast<double>(at[1])};
  }
  static bool isOffline(std::span<const float> values) { return values[3] != 0.0f; }
};

}  // namespace

constinit const BlockDeclaration kOctaveBlock{
    "octave", "Octave fuzz", OctaveKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PedalBlock<OctaveKind>>()); }};

}  // namespace gainstage::rig
