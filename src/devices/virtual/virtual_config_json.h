#pragma once

#include "core/result.h"
#include "devices/virtual/virtual_config.h"

namespace gainstage::devices {

/// Reads the description of a virtual interface, a JSON object; what it leaves out stays as VirtualConfig has
/// it. Paths are relative to the description's folder.
///
///     {"name": "Rehearsal", "sampleRate": 48000, "blockFrames": 64, "outputs": 4,
///      "inputs": [{"source": "guitar", "seed": 1, "gainDb": 0}, {"source": "voice"},
///                 {"source": "file", "path": "voice.wav", "channel": 1, "loop": true, "gainDb": 0},
///                 {"source": "tone", "frequencyHz": 440, "levelDbfs": -20},
///                 {"source": "noise", "levelDbfs": -40, "seed": 1}, {"source": "silence"}],
///      "purpose": "headphones", "inputsAreLive": false, "freeRunning": false, "periods": 0,
///      "faults": {"driftPpm": 20, "blockSeed": 1, "lost": [{"atFrame": 48000, "frames": 128}],
///                 "unplug": [{"atFrame": 96000, "backAtFrame": 144000}],
///                 "format": [{"atFrame": 192000, "sampleRate": 44100, "blockFrames": 128}]}}
///
/// Without backAtFrame it is gone for good. Anything else is refused with its path, what was expected and the
/// nearest known name. ErrorKind::file. [control]
Result<VirtualConfig> readVirtualConfig(const std::filesystem::path& file);

}  // namespace gainstage::devices
