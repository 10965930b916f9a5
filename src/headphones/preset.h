#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/audio_file.h"
#include "formats/eq_file.h"

namespace gainstage::headphones {

/// A correction as its file describes it, at no particular rate.
struct Preset {
  std::string name;  ///< of the file, without its ending
  formats::EqFile eq;
  /// A preset that is an impulse response instead: 1 channel for both sides, 2 for left and right, or 4 (left
  /// to left, left to right, right to left, right to right).
  std::optional<formats::AudioData> response;
  double preampDb = 0.0;             ///< what is applied: the file's, or a safe one
  bool preampComputed = false;       ///< the file has none
  std::vector<std::string> remarks;  ///< sentences, the file's own included
};

/// Longest impulse response.
inline constexpr double kLongestResponseSeconds = 5.0;

/// Reads equaliser text and whatever audio libsndfile knows, told apart by what the file begins with. Without
/// a preamp of its own it gets one that takes its highest gain down to 0 dB, and a remark. One sentence for
/// what cannot be used. [control]
Result<Preset> loadPreset(const std::filesystem::path& file);
Result<Preset> makePreset(formats::EqFile eq, std::string name);  // [control]

/// Its gain at each of the frequencies (Hz, rising), preamp included: of an impulse response, the power mean
/// of its channels. [control]
std::vector<double> gainsDb(const Preset& preset, std::span<const double> frequenciesHz);

/// `count` frequencies from `lowest` to `highest`, each the same ratio above the last. [control]
std::vector<double> logFrequencies(double lowestHz, double highestHz, int count);

/// The highest gain between 10 Hz and 20 kHz, preamp included: 0 or less cannot clip a tone. [control]
double peakGainDb(const Preset& preset);

/// By how much pink noise becomes louder: its change of level weighted as in ITU-R BS.1770-4 (K-weighting).
/// To compare with and without at equal loudness, take this away again. [control]
double loudnessChangeDb(const Preset& preset);

}  // namespace gainstage::headphones
