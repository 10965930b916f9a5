#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace gainstage::headphones {

/// What must be known to tell how loud a listener hears an output: the headphone, the output it hangs on,
/// and where a knob of the hardware stands. What is not known has no value.
struct ListeningGear {
  std::optional<double> sensitivityDbPerV;   ///< headphone, dB SPL at 1 kHz for 1 V RMS across it
  std::optional<double> sensitivityDbPerMw;  ///< the same for 1 mW, where the other is not known
  std::optional<double> impedanceOhm;        ///< headphone, at 1 kHz
  std::optional<double> fullScaleDbu;        ///< output, unloaded, knob fully up: level of a full-scale sine
  std::optional<double> outputImpedanceOhm;  ///< output
  std::optional<double> knobDb;              ///< 0 or less: what the knob takes away; 0 where there is none
  bool operator==(const ListeningGear&) const = default;
};

/// dB SPL (RMS, 1 kHz, one ear) of a full-scale sine; nothing where any figure is missing. Its peaks are
/// 3.01 dB higher. Sensitivity is a figure for 1 kHz: where the headphone's response differs, so does what is
/// heard. [any thread]
std::optional<double> fullScaleDbSpl(const ListeningGear& gear) noexcept;

/// What is missing for that, in words: "the headphone's sensitivity". [control]
std::vector<std::string_view> missingFigures(const ListeningGear& gear);

/// Sample value whose peak is `peakDbSpl`, in dBFS. [any thread]
inline double dbfsOfPeak(double peakDbSpl, double fullScaleDbSpl) noexcept {
  return peakDbSpl - fullScaleDbSpl - 3.010299956639812;
}

}  // namespace gainstage::headphones
