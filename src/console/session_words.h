#pragma once

#include <array>
#include <string>
#include <string_view>

#include "console/session.h"

/// The words that sessions and addresses use for what is not a declared parameter. [any thread]
namespace gainstage::console {

inline constexpr int kSessionVersion = 1;
/// Inputs and outputs of a device that a session can name.
inline constexpr int kMaxDeviceChannels = 64;

/// In the order of StripKind and OutputKind.
inline constexpr std::array<std::string_view, 3> kStripKindWords{"mic", "instrument", "line"};
inline constexpr std::array<std::string_view, 4> kOutputKindWords{"unknown", "headphones", "monitors",
                                                                  "line"};
/// SourceKind::direct and SourceKind::wet.
inline constexpr std::array<std::string_view, 2> kTapWords{"direct", "wet"};

/// Every strip twice, every return, the buses.
inline constexpr int kMaxSendsInMix = 2 * kMaxStrips + kMaxReturns + 3;

/// The sources that are not a strip or a return; no strip or return may have one of these for its id.
inline constexpr std::array<std::string_view, 3> kBusWords{"reverb", "metronome", "talkback"};
inline constexpr std::array kBusKinds{SourceKind::reverb, SourceKind::metronome, SourceKind::talkback};

/// How a session and its error sentences name a send's source: the strip's or return's id, or the bus.
inline std::string_view sourceWord(SourceKind kind, std::string_view source) noexcept {
  for (std::size_t i = 0; i < kBusKinds.size(); ++i)
    if (kBusKinds[i] == kind) return kBusWords[i];
  return source;
}

/// How an address names it: "gtr.wet", "gtr.direct", "daw", "reverb".
inline std::string sendAddress(SourceKind kind, std::string_view source) {
  std::string address(sourceWord(kind, source));
  if (kind == SourceKind::direct) address += ".direct";
  if (kind == SourceKind::wet) address += ".wet";
  return address;
}

}  // namespace gainstage::console
