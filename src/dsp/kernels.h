#pragma once

#include <span>

#include "core/audio_view.h"
#include "core/ramp.h"

/// Vector loops over whole blocks, at run time for the widest vectors that the machine has. Every one gives
/// the same bits on every machine and however a stream is split. Spans of one call have equal lengths and do
/// not overlap, unless in and out are the very same. [any thread]
namespace gainstage::dsp {

/// out += in * gain
void addScaled(std::span<const float> in, float gain, std::span<float> out) noexcept;

/// out = in * gain
void copyScaled(std::span<const float> in, float gain, std::span<float> out) noexcept;

/// out += in * gain.next(), frame by frame. Takes the short way where the ramp is settled; silent ones cost
/// nothing.
void addScaled(std::span<const float> in, LinearRamp& gain, std::span<float> out) noexcept;

/// out = in * gain.next(), frame by frame.
void copyScaled(std::span<const float> in, LinearRamp& gain, std::span<float> out) noexcept;

/// A send: a source of 1 or 2 channels into 2. One channel goes to both sides; of two, the first goes to the
/// left.
void addStereo(ConstAudioView in, LinearRamp& left, LinearRamp& right, AudioView out) noexcept;

/// Largest magnitude; not-a-number or infinite where a sample is. 0 for no samples.
float peak(std::span<const float> samples) noexcept;

/// No sample is infinite or not a number.
bool allFinite(std::span<const float> samples) noexcept;

}  // namespace gainstage::dsp
