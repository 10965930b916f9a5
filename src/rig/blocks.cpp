#include "rig/blocks.h"

#include <algorithm>
#include <array>

namespace gainstage::rig {
namespace {

// In the order of a usual chain.
// One to a line.
// clang-format off
constexpr auto kBlocks = std::to_array<const BlockDeclaration*>({
    &kTunerBlock,
    &kGateBlock,
    &kCompressorBlock,
    &kEqBlock,
    &kGraphicEqBlock,
    &kWahBlock,
    &kAutoWahBlock,
    &kBoostBlock,
    &kOverdriveBlock,
    &kDistortionBlock,
    &kFuzzBlock,
    &kOctaveBlock,
    &kAmericanCleanBlock,
    &kTweedBlock,
    &kBritishCrunchBlock,
    &kTopBoostBlock,
    &kModernHighGainBlock,
    &kBassAmplifierBlock,
    &kCaptureBlock,
    &kCabinetBlock,
    &kConvolutionBlock,
    &kPitchShiftBlock,
    &kHarmoniserBlock,
    &kVibratoBlock,
    &kChorusBlock,
    &kFlangerBlock,
    &kPhaserBlock,
    &kTremoloBlock,
    &kRotaryBlock,
    &kDelayBlock,
    &kReverbBlock,
    &kGainBlock,
    &kSplitBlock,
});
// clang-format on

}  // namespace

std::span<const BlockDeclaration* const> blockDeclarations() noexcept { return kBlocks; }

const BlockDeclaration* findBlockDeclaration(std::string_view type) noexcept {
  const auto found = std::ranges::find(kBlocks, type, &BlockDeclaration::type);
  return found == kBlocks.end() ? nullptr : *found;
}

}  // namespace gainstage::rig
