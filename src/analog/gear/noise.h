#pragma once

#include <functional>

/// Noise: how much of it a resistor makes, and how much of it a meter counts. [any thread]
namespace gainstage::analog {

/// J/K, exact since the SI of 2019 (BIPM, The International System of Units, 9th edition, table 1).
inline constexpr double kBoltzmann = 1.380649e-23;
/// 20 °C, where gear stands.
inline constexpr double kRoomKelvin = 293.15;
/// What data sheets measure noise over.
inline constexpr double kNoiseFromHz = 22.0, kNoiseToHz = 22000.0;

/// How noise is counted between 22 Hz and 22 kHz, the band of analysers and data sheets: all alike, or
/// A-weighted.
enum class NoiseBand { flat, aWeighted };

/// IEC 61672-1:2013, annex E, equation E.6: 0 dB at 1 kHz, -19.1 dB at 100 Hz, -2.5 dB at 10 kHz.
double aWeightingDb(double hz) noexcept;

/// Width of the rectangle that lets as much white noise pass: 21,978 Hz flat, 12,669 Hz A-weighted.
double noiseBandwidthHz(NoiseBand band) noexcept;

/// A level of white noise as another meter counts it: A-weighted is 2.39 dB less than flat.
double convertNoiseDb(double levelDb, NoiseBand from, NoiseBand to) noexcept;

/// Volts per root hertz of a resistor: sqrt(4 k T R) (Nyquist, "Thermal agitation of electric charge in
/// conductors", Phys. Rev. 32, 1928, equation 1). 1.56 nV for 150 ohm.
double thermalNoiseDensity(double ohm, double kelvin = kRoomKelvin) noexcept;

/// The same over a bandwidth, in volts RMS: sqrt(4 k T R B).
double thermalNoiseVolts(double ohm, double bandwidthHz, double kelvin = kRoomKelvin) noexcept;

/// And in dBu over a meter's band.
double thermalNoiseDbu(double ohm, NoiseBand band) noexcept;

/// Volts RMS of noise whose density (V per root Hz) changes over frequency, as a meter counts it: the root of
/// the integral of density^2 A^2. Simpson's rule on 400 steps of log frequency: white noise within 0.001 dB.
double integratedNoiseVolts(const std::function<double(double hz)>& density, NoiseBand band);

}  // namespace gainstage::analog
