#pragma once

#include <optional>

#include "analog/gear/noise.h"

/// A converter, to or from digital. 0 dBFS is the level of the largest sine (AES17). [any thread]
namespace gainstage::analog {

struct Converter {
  double fullScaleDbu = 16.0;             ///< the sine that is 0 dBFS, on its analogue side
  std::optional<double> dynamicRangeDba;  ///< 0 dBFS above A-weighted noise (AES17)
  int bits = 24;                          ///< of its samples, 8..32
  bool dithered = true;                   ///< triangular, 2 LSB from end to end
  double filterDelayFrames = 0.0;         ///< group delay of its interpolating or decimating filter
  double driftPpm = 0.0;                  ///< its clock above its nominal rate
  double jitterSeconds = 0.0;             ///< of its clock, RMS, uncorrelated from frame to frame
};

/// dBFS of a level at its analogue side.
double dbfsFromDbu(const Converter& converter, double levelDbu) noexcept;
double dbuFromDbfs(const Converter& converter, double levelDbfs) noexcept;

/// Noise of rounding to `bits`, flat to half the rate, dBFS: -(6.02 bits + 1.76); triangular dither, which
/// makes it independent of the signal, triples its power, 4.77 dB (Lipshitz, Wannamaker and Vanderkooy,
/// "Quantization and dither: a theoretical survey", JAES 40(5), 1992). 16 bits: -98.1 and -93.3
/// dBFS.
double quantizationNoiseDbfs(int bits, bool dithered) noexcept;

/// Noise, dBFS as the band counts it: the analogue side's (nothing known: none) and the rounding's, the share
/// of it that falls into the band at this rate.
double converterNoiseDbfs(const Converter& converter, NoiseBand band, double sampleRate) noexcept;

/// Signal-to-noise of a full-scale sine which a clock's jitter allows, dB: -20 log10(2 pi f tj) (Kester,
/// "Converting oscillator phase noise to time jitter", MT-008, Analog Devices, figure 2). 1 ns at 10
/// kHz: 84.0 dB. Infinite without jitter.
double jitterSnrDb(double hz, double jitterSeconds) noexcept;

/// Delay of its filter.
double filterDelayMs(const Converter& converter, double sampleRate) noexcept;

/// Frames by which a clock is ahead of a true one after so long: rate x seconds x ppm / 10^6.
double driftFrames(double driftPpm, double seconds, double sampleRate) noexcept;

}  // namespace gainstage::analog
