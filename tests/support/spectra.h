#pragma once

#include <functional>
#include <span>

/// Spectra of long recordings, averaged over windows that overlap by half (Welch, IEEE Trans. Audio and
/// Electroacoustics 15, 1967).
namespace gainstage::testing {

/// Power of noise as a meter counts it: the integral of its density from 22 Hz to 22 kHz (or half the rate),
/// weighted by `gain` (of amplitude). In dB of full scale, where a sine of magnitude 1 is 0 dB.
double noiseDbfs(std::span<const float> samples, double sampleRate,
                 const std::function<double(double hz)>& gain = {});

/// What comes out over what goes in, dB, within a twelfth of an octave of `hz`: the cross spectrum over the
/// input's own, so that noise that is only in `out` counts for nothing.
double transferDb(std::span<const float> in, std::span<const float> out, double hz, double sampleRate);

}  // namespace gainstage::testing
