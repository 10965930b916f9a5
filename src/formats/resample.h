#pragma once

#include "core/audio_buffer.h"
#include "core/result.h"

namespace gainstage::formats {

/// The same audio at another rate, by libsoxr at its very high quality (28 bits; linear phase). Aligned: what
/// stands at time t still does; frames x toRate / fromRate long, rounded to the nearest and at least 1. An
/// impulse response keeps its shape as a signal: to keep its gain as a filter, scale it by fromRate / toRate.
/// Rates of 8..384 kHz. [control]
Result<AudioBuffer> resample(const AudioBuffer& audio, double fromRate, double toRate);

}  // namespace gainstage::formats
