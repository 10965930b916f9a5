#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include "rig/parameters.h"

/// Times as notes of the session's tempo. [any thread]
namespace gainstage::rig {

/// "off", then notes from four bars of four beats down to a thirty-second; "." dotted, "T" triplet.
inline constexpr std::array<std::string_view, 21> kNoteValues{
    "off",  "4/1",  "2/1", "1/1.", "1/1",   "1/1T", "1/2.",  "1/2",   "1/2T", "1/4.", "1/4",
    "1/4T", "1/8.", "1/8", "1/8T", "1/16.", "1/16", "1/16T", "1/32.", "1/32", "1/32T"};

constexpr Parameter noteValue(std::string_view name) { return choice("sync", name, kNoteValues); }

/// Seconds of a choice of kNoteValues; nothing where it is off.
constexpr std::optional<double> noteSeconds(int choice, double beatsPerMinute) noexcept {
  if (choice <= 0) return std::nullopt;
  const double beat = 60.0 / beatsPerMinute;
  if (choice < 3) return beat * (choice == 1 ? 16.0 : 8.0);
  constexpr std::array kShares{1.5, 1.0, 2.0 / 3.0};
  const int place = choice - 3;
  return beat * 4.0 / (1 << place / 3) * kShares[static_cast<std::size_t>(place % 3)];
}

}  // namespace gainstage::rig
