#pragma once

#include <optional>

namespace gainstage::devices {

/// What an output, or a pair of them, gives, and the headphone on it. What is not known has no value.
struct OutputGear {
  int firstChannel = 1;  ///< counted from 1
  int channels = 2;
  std::optional<double> fullScaleDbu;  ///< of a full-scale sine, unloaded, below any limit
  std::optional<double> outputImpedanceOhm;
  std::optional<double> headphoneOhm;     ///< at 1 kHz
  std::optional<double> headphoneDbPerV;  ///< dB SPL at 1 kHz of 1 V RMS
};

}  // namespace gainstage::devices
