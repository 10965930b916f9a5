#pragma once

#include <complex>
#include <span>
#include <vector>

/// Responses as spectra and back, for what is designed rather than heard: single precision inside (RealFft),
/// so within about -130 dB of the largest bin. [control]
namespace gainstage::dsp {

/// Bins from 0 Hz to half the rate, both included: size / 2 + 1.
using Spectrum = std::vector<std::complex<double>>;

/// Of a response, cut or filled up with silence to `size` frames: a power of two, 2..2^26.
Spectrum spectrumOf(std::span<const float> response, int size);

/// The 2 x (bins - 1) frames that have this spectrum.
std::vector<float> responseOf(const Spectrum& spectrum);

/// Of all causal responses with these magnitudes the one whose energy comes earliest: its phase is the
/// Hilbert transform of the magnitudes' logarithm, found through the cepstrum (Oppenheim & Schafer,
/// "Discrete-time signal processing", 3rd ed. 2010, chapter 13). Magnitudes below -140 dB of the largest
/// count as that. What the finite number of bins adds is least where the response is a fraction of it: a
/// sixteenth leaves 0.1 dB at a notch.
Spectrum minimumPhase(std::span<const double> magnitudes);

/// The response with the same magnitudes and minimum phase, as long as it was.
std::vector<float> minimumPhase(std::span<const float> response);

/// Frames by which the response is later than the one of minimum phase, found where the two resemble each
/// other most: what sets two microphones before one loudspeaker apart. 0 for silence.
int excessDelayFrames(std::span<const float> response);

}  // namespace gainstage::dsp
