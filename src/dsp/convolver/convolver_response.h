#pragma once

#include <span>

#include "core/audio_buffer.h"
#include "core/result.h"

/// What is done to an impulse response before it is convolved with. [control]
namespace gainstage::dsp {

/// The same response for a stream of another rate: the gain at every frequency up to 0.45 of the lower rate
/// stays within 0.05 dB. The low-pass that this takes is of minimum phase: one of linear phase would begin
/// before the response does, and what begins before frame 0 would be lost (up to 3 dB near the band's edge
/// for a response that begins at once, as cabinets do). All is heard 4 frames of the lower rate later (0.1
/// ms), room for the filter's rise; equal rates change nothing. Rates in Hz, any above 0.
Result<AudioBuffer> convertResponse(const AudioBuffer& response, double fromRate, double toRate);

/// By how much the response changes the power of pink noise from 50 Hz to 10 kHz: every octave counts alike,
/// roughly as it does in music and to the ear. 0 for silence.
double pinkPowerGain(std::span<const float> response, double rate);

/// Frames until no more than `fall` (below 0 dB) of the response's energy is still to come; 0 for silence.
FrameTime framesUntilEnergyFallsTo(std::span<const float> response, Decibels fall);

}  // namespace gainstage::dsp
