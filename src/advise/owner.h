#pragma once

#include <optional>

#include "advise/wishes.h"

/// Who asks: what they record, listen on, own, where they play, what they would spend. [control]
namespace gainstage::advise {

/// As people say it.
struct OwnerWords {
  std::vector<std::string> record;  ///< "guitar", "voice", "voice:2", "drums"
  std::vector<std::string> listen;  ///< headphones by name, "loudspeakers"
  std::vector<std::string> own;     ///< gear by name, "guitar amplifier"
  std::string place = "home";       ///< home, flat, rehearsal, stage, travel
  std::optional<double> budget;
  std::string currency = "USD";
  double peakSpl = kPeakSpl;
};

/// What one word of `record` needs.
struct RecordedSource {
  std::string_view name;
  int microphones, instruments, lines;  ///< inputs of each kind
};
std::span<const RecordedSource> recordedSources() noexcept;
std::span<const std::string_view> places() noexcept;

struct Owner {
  OwnerWords words;
  int microphones = 0, instruments = 0, lines = 0;  ///< inputs needed at once
  std::vector<HeadphoneModel> headphones;
  bool hasLoudspeakers = false;
  bool ownsGuitarAmplifier = false;
  std::vector<const Product*> interfaces, amplifiers, ownMicrophones, pickups;
  std::vector<std::string> assumptions;  ///< "Scarlett 2i2: taken as the 4th Gen"

  int inputs() const noexcept { return microphones + instruments + lines; }
  /// A microphone of theirs needs 48 V.
  bool needsPhantom() const noexcept;
  /// What an interface must have for them.
  Wishes interfaceWishes(bool mustDriveHeadphones) const;
  /// And a headphone amplifier.
  Wishes amplifierWishes() const;
};

/// Looked up; names that nobody knows are refused, with the nearest. ErrorKind::usage.
Result<Owner> ownerFrom(const OwnerWords& words, const Catalogue& catalogue);

/// One product of a kind by its name; refused as above. Says what was assumed where several fit.
Result<const Product*> productNamed(Kind kind, std::string_view name, const Catalogue& catalogue,
                                    std::vector<std::string>& assumptions);
/// What can be plugged headphones into: an interface, an amplifier, or "computer".
Result<OutputModel> outputNamed(std::string_view name, const Catalogue& catalogue,
                                std::vector<std::string>& assumptions);

}  // namespace gainstage::advise
