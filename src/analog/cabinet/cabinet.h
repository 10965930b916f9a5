#pragma once

#include <cstdint>
#include <vector>

#include "core/units.h"

namespace gainstage::analog {

enum class CabinetKind : std::uint8_t { open1x12, open2x12, closed4x12, bass8x10 };
enum class MicrophoneKind : std::uint8_t { dynamic, ribbon, condenser };

/// A loudspeaker cabinet on a floor and a microphone before one of its cones, pointing at the cone's centre.
struct CabinetSetup {
  CabinetKind cabinet = CabinetKind::closed4x12;
  MicrophoneKind microphone = MicrophoneKind::dynamic;
  double distanceCm = 3.0;    ///< of the microphone from the cone's centre, 2..200
  double angleDegrees = 0.0;  ///< off the cone's axis, to the side away from the other cones, 0..75
};

/// What the microphone gives for an impulse at the loudspeaker's terminals, 60 ms of it from the moment when
/// the nearest sound arrives. Each cone is of minimum phase; the sound of the other cones, from the cabinet's
/// edges and the floor, and from the back of an open one, comes as much later and softer as its path is
/// longer. 1 is the low-frequency level (above the resonance) of one cone at 3 cm. Rates of 8 kHz and above;
/// the same curve at each, within 0.3 dB up to 10 kHz where they hold that. [control]
std::vector<float> cabinetResponse(const CabinetSetup& setup, double sampleRate);

/// What changes in a recorded response when its microphone is moved along the axis of a 12 inch cone, from
/// one distance in cm to another: level, proximity effect, the near field, air. Of minimum phase, 60 ms of
/// it. [control]
std::vector<float> movedMicrophoneResponse(MicrophoneKind microphone, double fromCm, double toCm,
                                           double sampleRate);

}  // namespace gainstage::analog
