#pragma once

#include <complex>
#include <optional>

#include "analog/gear/input.h"

/// An electric guitar from its magnets to the input that it is plugged into. Beside analog/pickup.h, which
/// plays two of these parts as a filter, here are all of them: the coil's resistance, volume and tone pots,
/// cable, and any input. [any thread]
namespace gainstage::analog {

struct PassivePickup {
  double inductanceH = 2.4;
  double resistanceOhm = 6000.0;
  double capacitanceF = 120e-12;  ///< of the winding
  double eddyOhm = 0.0;           ///< losses across the coil (a cover, magnets), 0: none
};

/// Pots by the share of their track between wiper and the ground end, 0..1: 1 is full up.
struct GuitarControls {
  double volumeOhm = 250e3;  ///< 0: none, the pickup goes straight to the jack
  double volumeShare = 1.0;
  double toneOhm = 250e3;  ///< in series with toneF, before the volume pot; 0: none
  double toneShare = 1.0;
  double toneF = 22e-9;
};

struct GuitarCable {
  double metres = 3.0;
  double faradPerMetre = 100e-12;  ///< 60-170 pF/m are on the market
};

/// Parts between the string and the socket, and what hangs on the socket.
struct GuitarOutput {
  PassivePickup pickup;
  GuitarControls controls;
  GuitarCable cable;
  double inputOhm = 1e6;
  double inputF = 0.0;

  /// Volts at the input per volt that the string induces: Kirchhoff's laws on the ladder coil - tone - volume
  /// - cable, coil's capacitance and tone control across the volume pot's ends, cable and input across its
  /// wiper.
  std::complex<double> response(double hz) const noexcept;
  double responseDb(double hz) const noexcept;

  /// Impedance between the input's terminals, the input's own included.
  std::complex<double> impedance(double hz) const noexcept;
};

struct Resonance {
  double hz, heightDb;  ///< above the response at 100 Hz
};
/// The peak of the response from 200 Hz to 20 kHz, to 0.1 Hz; nothing where it does not rise by 0.01 dB.
std::optional<Resonance> resonance(const GuitarOutput& guitar) noexcept;

/// What another input impedance does at `hz` to the response, relative to 100 Hz and to `referenceOhm`, dB:
/// below 0 is treble lost.
double trebleChangeDb(const GuitarOutput& guitar, double hz, double referenceOhm = 1e6) noexcept;

/// Noise at the input, dBu: that of all resistances, 4 k T Re Z (Nyquist 1928, equation 1), and the
/// preamplifier's voltage and current noise, e and i |Z|. Nothing where the input's EIN is unknown. The
/// input's impedance is that of `input`.
std::optional<double> inputNoiseDbu(const GuitarOutput& guitar, const AnalogInput& input, NoiseBand band);

}  // namespace gainstage::analog
