#pragma once

#include "rig/block.h"

/// Each kind of block there is, declared beside its code; blocks.cpp lists them.
namespace gainstage::rig {

extern const BlockDeclaration kGateBlock;
extern const BlockDeclaration kCompressorBlock;
extern const BlockDeclaration kEqBlock;
extern const BlockDeclaration kBoostBlock;
extern const BlockDeclaration kOverdriveBlock;
extern const BlockDeclaration kDistortionBlock;
extern const BlockDeclaration kFuzzBlock;
extern const BlockDeclaration kOctaveBlock;
extern const BlockDeclaration kWahBlock;
extern const BlockDeclaration kAutoWahBlock;
extern const BlockDeclaration kGraphicEqBlock;
extern const BlockDeclaration kCaptureBlock;
extern const BlockDeclaration kAmericanCleanBlock;
extern const BlockDeclaration kTweedBlock;
extern const BlockDeclaration kBritishCrunchBlock;
extern const BlockDeclaration kTopBoostBlock;
extern const BlockDeclaration kModernHighGainBlock;
extern const BlockDeclaration kBassAmplifierBlock;
extern const BlockDeclaration kCabinetBlock;
extern const BlockDeclaration kConvolutionBlock;
extern const BlockDeclaration kGainBlock;
extern const BlockDeclaration kDelayBlock;
extern const BlockDeclaration kReverbBlock;
extern const BlockDeclaration kTremoloBlock;
extern const BlockDeclaration kVibratoBlock;
extern const BlockDeclaration kChorusBlock;
extern const BlockDeclaration kFlangerBlock;
extern const BlockDeclaration kPhaserBlock;
extern const BlockDeclaration kRotaryBlock;
extern const BlockDeclaration kTunerBlock;
extern const BlockDeclaration kSplitBlock;
extern const BlockDeclaration kPitchShiftBlock;
extern const BlockDeclaration kHarmoniserBlock;

}  // namespace gainstage::rig
