#pragma once

namespace gainstage::analog {

/// A capacitor by the trapezoidal rule, as a conductance to a source that remembers: i = siemens v - source.
struct Capacitor {
  double siemens = 1.0;  ///< 2 C / h
  double source = 0.0;

  void set(double farads, double sampleRate) noexcept { siemens = 2.0 * farads * sampleRate; }
  void reset(double volts = 0.0) noexcept { source = siemens * volts; }
  void charge(double volts) noexcept { source = 2.0 * siemens * volts - source; }
};

/// A capacitor behind a resistance (its own branch from a node to another): i = siemens (v - source).
struct SeriesCapacitor {
  double ohms = 1.0;     ///< h / (2 C)
  double siemens = 1.0;  ///< 1 / (R + ohms)
  double source = 0.0;

  void set(double farads, double resistance, double sampleRate) noexcept {
    ohms = 0.5 / (farads * sampleRate);
    siemens = 1.0 / (resistance + ohms);
  }
  void reset(double volts = 0.0) noexcept { source = volts; }
  void charge(double amperes) noexcept { source += 2.0 * ohms * amperes; }
};

}  // namespace gainstage::analog
