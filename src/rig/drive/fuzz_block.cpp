#include "analog/pedals/fuzz.h"
#include "rig/blocks.h"
#include "rig/drive/pedal_block.h"

namespace gainstage::rig {
namespace {

constexpr std::array<std::string_view, 2> kTransistors{"germanium", "silicon"};

struct FuzzKind {
  using Model = analog::Fuzz;
  static constexpr std::size_t kKnobs = 3;
  static constexpr std::array kParameters{
      knob("fuzz", "Fuzz", 0.8f),
      knob("guitarVolume", "Guitar's volume", 1.0f),
      knob("bias", "Bias", 0.4f),
      levelDecibels("levelDb", "Level", -40.0f, 30.0f, 10.0f),
      structural(choice("transistors", "Transistors", kTransistors)),
      quality(),
  };
  static constexpr Milliseconds kTail{1000.0};
  static constexpr double kLeastRate = 350e3;

  static const BlockDeclaration& declaration() noexcept { return kFuzzBlock; }
  static Model make(std::span<const float> values, double sampleRate) {
    return {values[4] == 0.0f ? Model::Transistors::germanium : Model::Transistors::silicon, sampleRate};
  }
  static Model::Knobs knobs(std::span<const float> at) {
    return {.fuzz = static_cast<double>(at[0]),
            .guitarVolume = analog::audioTaper(at[1]),
            .bias = static_cast<double>(at[2])};
  }
  static bool isOffline(std::span<const float> values) { return values[5] != 0.0f; }
};

}  // namespace

constinit const BlockDeclaration kFuzzBlock{
    "fuzz", "Fuzz", FuzzKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<PedalBlock<FuzzKind>>()); }};

}  // namespace gainstage::rig
