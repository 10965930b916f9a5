#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "neural/network.h"

namespace gainstage::neural {

/// What a file says about itself. Empty or nullopt: it does not say, or says what cannot be (see `remarks`).
struct CaptureMetadata {
  std::string format;                ///< "NAM 0.7.0", "keras"
  std::string architecture;          ///< "WaveNet", "LSTM", "SlimmableContainer", "LSTM, dense" ...
  std::optional<double> sampleRate;  ///< Hz; what does not say was made at 48000
  std::optional<double> loudnessDb;  ///< of the output for a normed input, dB (LUFS for all that it matters)
  std::optional<double> inputLevelDbu;   ///< a 1 kHz sine at 0 dBFS peak was so many dBu at the gear's input
  std::optional<double> outputLevelDbu;  ///< and what came out at 0 dBFS
  std::optional<double> gain;            ///< how much it distorts, 0..1
  std::string name, modeledBy, gearType, gearMake, gearModel, toneType, date;
  std::optional<double> error;       ///< training's error-to-signal ratio
  std::vector<std::string> remarks;  ///< a sentence for whatever is missing or implausible
};

/// A capture file, read and checked. Immutable.
struct CaptureFile {
  Network network;
  CaptureMetadata metadata;
  std::string hash;  ///< SHA-256 of the file
  std::vector<double>
      sizeSteps;  ///< sizes in 0..1 from which on another network plays, rising; empty: one size
  double sampleRate() const { return metadata.sampleRate.value_or(48000.0); }
};

/// Reads a .nam (0.5.0 to 0.7.x) or AIDA-X / RTNeural keras file; which one it is, its content says. Errors
/// are of kind file and name file and place. [control]
Result<std::shared_ptr<const CaptureFile>> readCaptureFile(const std::filesystem::path& path);

/// The same for text already read; `name` stands for the file in errors. [control]
Result<std::shared_ptr<const CaptureFile>> readCapture(std::string_view text, std::string_view name);

}  // namespace gainstage::neural
