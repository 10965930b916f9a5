#pragma once

#include "analog/cabinet/cabinet.h"
#include "analog/cabinet/sound_field.h"

namespace gainstage::analog {

/// How much of a microphone's signal is the air's velocity along its axis, the rest being pressure: 0 hears
/// all round, 0.5 is a cardioid, 1 a figure of eight. [any thread]
double gradientShare(MicrophoneKind kind) noexcept;

/// What the capsule takes of a field, pointing along `axis` (of length 1, away from the source). Near a
/// source the velocity outweighs the pressure, so the proximity effect is in it, for every path as its own
/// distance has it.
std::complex<double> capsuleSignal(MicrophoneKind kind, const SoundField& field, const Point& axis) noexcept;

/// Magnitude of the rest, as the response far away straight ahead: a stage dynamic with its lows drawn in
/// against proximity and its presence peak at 6 kHz; a ribbon that falls from 10 kHz on; a condenser that is
/// flat.
double microphoneMagnitude(MicrophoneKind kind, Hertz frequency) noexcept;

}  // namespace gainstage::analog
