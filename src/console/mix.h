#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "console/source.h"
#include "console/strip_levels.h"
#include "core/audio_buffer.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/dynamics/level_guard.h"

namespace gainstage::console {

/// What solo does to an output; the words of soloMode.
enum class SoloMode : std::uint8_t { inPlace, listen, ignore };

/// What the output adds to the level of each path that ends there.
struct MixLevels {
  float outputDb = 0.0f;           ///< level, dim and what the correction does to loudness
  std::array<float, 2> sidesDb{};  ///< left and right: balance
  bool liveHold = false;           ///< live inputs are kept away from this output
  SoloMode soloMode = SoloMode::inPlace;
};

/// One output's mix: a send from every source. Costs what is audible and no more; sources are added in their
/// row's order, so that the sum is the same to the bit whatever happened before.
class Mix {
 public:
  static constexpr Milliseconds kRamp = 20_ms;

  explicit Mix(const StreamFormat& format);  // [control]

  void set(SourceIndex source, SendParameter parameter, float value) noexcept;  // [audio]

  /// Takes over levels that changed: of one source, or of all. [audio]
  void update(SourceIndex source, const StripLevels* strips, const ConsoleLevels& console,
              const MixLevels& output) noexcept;
  void updateAll(const StripLevels* strips, const ConsoleLevels& console, const MixLevels& output) noexcept;

  /// Jumps to all targets, for a start from silence. [audio; or control before processing]
  void snap() noexcept;

  /// Adds every audible source to `out` (2 x frames). `sources[s]` is where source s plays: two channel
  /// pointers at the first frame, the same one twice for a mono source, or nullptr where there is none.
  /// [audio]
  struct Source {
    const float* left = nullptr;
    const float* right = nullptr;
  };
  void process(const Source* sources, AudioView out) noexcept;

  bool isListed(SourceIndex source) const noexcept { return bit(listed_, source); }
  bool isAudible(SourceIndex source) const noexcept { return bit(audible_, source); }

 private:
  struct Send {
    float levelDb = kOffDb;
    float levelGain = 0.0f;
    float panLeft = 1.0f;
    float panRight = 1.0f;
    bool mute = false;
    bool postFader = true;
    LinearRamp left{0.0f};
    LinearRamp right{0.0f};
    std::array<dsp::LevelGuard, 2> guards;  // of left and right

    bool isGuardIdle() const noexcept { return guards[0].isIdle() && guards[1].isIdle(); }
  };
  using Bits = std::array<std::uint64_t, (kSourceCount + 63) / 64>;
  static bool bit(const Bits& bits, SourceIndex s) noexcept { return (bits[s / 64] >> (s % 64)) & 1u; }
  static void setBit(Bits& bits, SourceIndex s, bool on) noexcept;
  template <typename Visit>
  static void forEach(const Bits& bits, Visit&& visit) noexcept;

  void processGuarded(Send& send, const Source& source, AudioView out) noexcept;

  std::vector<Send> sends_;
  Bits listed_{};   // level not off, or on its way there
  Bits audible_{};  // something of it is heard now
  Bits guarded_{};  // a raise is being held back
  AudioBuffer gains_;
};

}  // namespace gainstage::console
