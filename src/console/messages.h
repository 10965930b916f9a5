#pragma once

#include <cstdint>

#include "console/source.h"
#include "core/units.h"

/// What travels between the control thread and the audio thread. Both directions are bounded queues of plain
/// values.
namespace gainstage::console {

/// A command's frame that means: at the start of the next callback.
inline constexpr FrameTime kNow = -1;

enum class CommandKind : std::uint8_t {
  setStrip,           // slot, parameter, value
  setRigLevel,        // slot, value: dB that the rig's level parameters add up to
  setPreampLevel,     // slot, value: dB that the device's preamp gives
  holdStrip,          // slot, value: 1 keeps its input away
  holdTalkback,       // value: likewise
  setBlock,           // slot, object: the rig meant, index: block, parameter, value
  setBlockOn,         // slot, object: the rig meant, index: block, value
  setSend,            // slot: output, index: source, parameter, value
  setOutput,          // slot, parameter, value
  setFullScale,       // slot: output, value: dB SPL of full scale, or not-a-number
  setLiveHold,        // slot: output, value: 1 keeps live inputs away
  setReverb,          // parameter, value
  setMetronome,       // parameter, value
  setTalkback,        // parameter, value
  setTalkbackInput,   // value: device input counted from 0, or -1
  setTempo,           // parameter, value
  panic,              // value: 1 mutes every output at once, 0 lets them fade in again
  installStrip,       // slot, object: Strip
  removeStrip,        // slot
  installRig,         // slot, object: Rig
  installOutput,      // slot, object: Output
  removeOutput,       // slot
  installCorrection,  // slot: output, object: PreparedCorrection
  installLooper,      // slot, object: Looper; the strip's first
  loop,               // slot, index: a LoopAction
};

struct Command {
  FrameTime frame = kNow;
  CommandKind kind = CommandKind::setStrip;
  std::uint8_t slot = 0;
  std::uint16_t index = 0;
  ParameterIndex parameter = 0;
  float value = 0.0f;
  void* object = nullptr;
};

enum class NoticeKind : std::uint8_t {
  retiredStrip,       // slot, object: to be freed
  retiredRig,         // slot, object
  retiredOutput,      // slot, object
  retiredLooper,      // slot, object
  retiredCorrection,  // object: PreparedCorrection, its filter taken out
  retiredFilter,      // object: CorrectionFilter
  blocksBypassed,     // slot, object: the rig, bits: its blocks whose output was not finite
  inputNotFinite,     // slot
  rigShed,            // slot: too little time for it
  rigRestored,        // slot
  howlDucked,         // slot, value: Hz
  howlOver,           // slot
};

struct Notice {
  NoticeKind kind = NoticeKind::retiredStrip;
  std::uint8_t slot = 0;
  FrameTime frame = 0;
  float value = 0.0f;
  std::uint64_t bits = 0;
  void* object = nullptr;
};

}  // namespace gainstage::console
