#pragma once

#include <vector>

#include "analog/cabinet/cabinet.h"
#include "core/result.h"
#include "rig/cabinets/impulse_response.h"

namespace gainstage::rig {

/// Recorded responses count as taken from here: where guitar cabinets usually are.
inline constexpr double kRecordedAtCm = 3.0;
/// More than any cabinet's; longer ones are rooms.
inline constexpr double kLongestCabinetSeconds = 3.0;

/// A microphone's response at the session's rate, beginning with its sound.
struct CabinetResponse {
  std::vector<float> taps;
  int delayFrames = 0;  ///< of the sound's arrival after the first tap: see dsp::excessDelayFrames
  double metres = 0.0;  ///< of the microphone from the cone
};

/// Of a built-in cabinet. [control]
CabinetResponse makeCabinetResponse(const analog::CabinetSetup& setup, double sampleRate);

/// Of a file: its first channel, converted to the session's rate, without the silence before (a millionth of
/// its energy, -60 dB) and after (-80 dB) it, its microphone moved from kRecordedAtCm to where the setup says
/// (whose cabinet and angle do not matter). [control]
Result<CabinetResponse> makeCabinetResponse(const ImpulseResponse& file, const analog::CabinetSetup& setup,
                                            double sampleRate);

/// Turns it into its equivalent of minimum phase. [control]
void makeMinimumPhase(CabinetResponse& response);

/// Scales it so that pink noise leaves as loud as it came. [control]
void makeLevel(CabinetResponse& response, double sampleRate);

/// Puts silence before one of the two, so that their sounds arrive apart by what the microphones' distances
/// differ, and the earlier tap stays the first. [control]
void align(CabinetResponse& a, CabinetResponse& b, double sampleRate);

}  // namespace gainstage::rig
