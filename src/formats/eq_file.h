#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

/// Equaliser settings as other programs write them: AutoEq's ParametricEQ.txt, FixedBandEQ.txt and
/// GraphicEQ.txt, Equalizer APO's configuration, Room EQ Wizard's filter lists. docs/headphones.md says what
/// is understood.
namespace gainstage::formats {

enum class EqFilterType : std::uint8_t {
  peak,
  lowShelf,
  highShelf,
  lowPass,
  highPass,
  bandPass,
  notch,
  allPass
};

/// What a file writes for each type, in their order.
inline constexpr std::array<std::string_view, 8> kEqFilterWords{"PK",  "LSC", "HSC", "LPQ",
                                                                "HPQ", "BP",  "NO",  "AP"};

/// Of the audio EQ cookbook, at the file's rate. Bandwidths and slopes are turned into Q, corner frequencies
/// into centres, whatever the file gives.
struct EqFilter {
  EqFilterType type = EqFilterType::peak;
  double frequencyHz = 1000.0;  ///< 1 Hz up to half the file's rate; of a shelf: where it has half its gain
  double gainDb = 0.0;          ///< -60..60; of peaks and shelves
  double q = 0.7071;            ///< 0.01..1000

  bool operator==(const EqFilter&) const = default;
};

/// A point of a curve.
struct EqPoint {
  double frequencyHz = 0.0, gainDb = 0.0;

  bool operator==(const EqPoint&) const = default;
};

/// What every file's filters are made for unless it says otherwise: AutoEq's and Equalizer APO's usual rate.
inline constexpr double kEqFileRateHz = 44100.0;
inline constexpr int kMostEqFilters = 64;
inline constexpr int kMostEqPoints = 2048;
inline constexpr std::int64_t kMostEqFileBytes = 1 << 20;

struct EqFile {
  std::optional<double> preampDb;       ///< sum of its Preamp lines, -100..40 dB; none: it has none
  double sampleRateHz = kEqFileRateHz;  ///< that its filters are made for: "# Sample rate: 48000 Hz"
  std::vector<EqFilter> filters;        ///< those that are on, at most kMostEqFilters
  int filtersOff = 0;
  std::vector<EqPoint> graphic;      ///< by rising frequency; straight in dB over log frequency in between
  std::vector<std::string> remarks;  ///< sentences: what was read in a way that somebody might not expect
};

/// One sentence with `name`, line and what to do for what cannot be understood: an unknown word (the nearest
/// known is offered), a number that is none or out of range, filters over the limit, no filter at all, bytes
/// that are no text. ErrorKind::file. [control]
Result<EqFile> parseEqFile(std::string_view text, std::string_view name);

/// The same for a file. [control]
Result<EqFile> readEqFile(const std::filesystem::path& path);

/// The same settings as text in AutoEq's ParametricEQ.txt form (or GraphicEQ where it has points), which
/// parseEqFile and Equalizer APO read. Numbers are rounded to 0.01 dB, 0.1 Hz and 0.001 of Q. [control]
std::string toText(const EqFile& eq);

}  // namespace gainstage::formats
