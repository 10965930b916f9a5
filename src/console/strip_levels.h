#pragma once

namespace gainstage::console {

/// What a strip says to every send that takes from it. Read by the mixes, written by the runtime. [audio]
struct StripLevels {
  float trimDb = 0.0f;
  float preampDb = 0.0f;  ///< of the device's own preamp
  float faderDb = 0.0f;
  float faderGain = 1.0f;  ///< linear; 0 where the fader is off
  float rigDb = 0.0f;      ///< what the rig's level parameters add up to
  float duckDb = 0.0f;     ///< taken back because it howls
  float duckGain = 1.0f;
  bool mute = false;
  bool solo = false;
  bool present = false;  ///< false while it leaves, and where there is none
};

/// What all mixes have in common.
struct ConsoleLevels {
  bool anySolo = false;
  float talkbackDb = 0.0f;  ///< what talkback takes from everything else
  float talkbackGain = 1.0f;
};

}  // namespace gainstage::console
