#pragma once

#include <cstdint>

#include "console/session.h"

namespace gainstage::console {

/// Everything that a mix can take from, counted in one row: strips direct, strips wet, returns, then the
/// three of the console.
using SourceIndex = std::uint16_t;

inline constexpr SourceIndex kFirstWet = kMaxStrips;
inline constexpr SourceIndex kFirstReturn = 2 * kMaxStrips;
inline constexpr SourceIndex kReverbSource = kFirstReturn + kMaxReturns;
inline constexpr SourceIndex kMetronomeSource = kReverbSource + 1;
inline constexpr SourceIndex kTalkbackSource = kReverbSource + 2;
inline constexpr int kSourceCount = kTalkbackSource + 1;

constexpr bool isStripSource(SourceIndex source) noexcept { return source < kFirstReturn; }
constexpr int stripOf(SourceIndex source) noexcept { return source % kMaxStrips; }
constexpr bool isWet(SourceIndex source) noexcept { return source >= kFirstWet && source < kFirstReturn; }

/// Whether what a microphone hears can be in it, so that the first-sound rules apply.
constexpr bool mayBeLive(SourceIndex source) noexcept {
  return isStripSource(source) || source == kReverbSource || source == kTalkbackSource;
}

/// `slot`: of the strip or return; of no meaning for the others.
constexpr SourceIndex sourceIndex(SourceKind kind, int slot) noexcept {
  switch (kind) {
    case SourceKind::direct:
      return static_cast<SourceIndex>(slot);
    case SourceKind::wet:
      return static_cast<SourceIndex>(kFirstWet + slot);
    case SourceKind::streamReturn:
      return static_cast<SourceIndex>(kFirstReturn + slot);
    case SourceKind::reverb:
      return kReverbSource;
    case SourceKind::metronome:
      return kMetronomeSource;
    case SourceKind::talkback:
      return kTalkbackSource;
  }
  return kTalkbackSource;
}

}  // namespace gainstage::console
