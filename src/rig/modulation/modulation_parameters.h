#pragma once

#include "core/audio_view.h"
#include "rig/block.h"
#include "rig/parameters.h"
#include "rig/time/note_values.h"

/// The parameters that modulation blocks share. [any thread]
namespace gainstage::rig {

/// How often a swing comes round.
constexpr Parameter modulationRate(float minimum, float maximum, float value) {
  Parameter parameter = hertz("rateHz", "Rate", minimum, maximum, value);
  parameter.rampMs = 200.0f;
  return parameter;
}

/// Instead of it, a note of the session's tempo.
constexpr Parameter modulationNote() { return noteValue("Rate as a note, instead"); }

/// How often a swing comes round by both of these.
struct SyncedRate {
  float hertz;
  int note = 0;
  double beatsPerMinute = kUsualTempo;

  /// Within the range of the rate's own parameter. [any thread]
  Hertz now(const Parameter& rate) const noexcept {
    const auto seconds = noteSeconds(note, beatsPerMinute);
    return {static_cast<double>(rate.clamp(seconds ? static_cast<float>(1.0 / *seconds) : hertz))};
  }
};

/// A length of delay, or how far it swings. It glides, since a leap would click and a quick glide would
/// whistle.
constexpr Parameter sweptMilliseconds(std::string_view id, std::string_view name, float minimum,
                                      float maximum, float value) {
  Parameter parameter = milliseconds(id, name, minimum, maximum, value, 200.0f);
  if (minimum == 0.0f) parameter.scale = Scale::linear;
  return parameter;
}

/// Makes two channels of one, and has the second swing ahead of the first.
constexpr Parameter stereo(bool value) { return structural(toggle("stereo", "Stereo", value)); }
constexpr Parameter spread(float value) {
  return {.id = "spreadDegrees",
          .name = "Right ahead of left",
          .unit = "degrees",
          .maximum = 180.0f,
          .defaultValue = value,
          .structural = true};
}

/// How a block with both of these lays out its channels.
struct StereoSpread {
  bool stereo = false;
  double degrees = 0.0;

  int outputChannels(int channels) const noexcept { return stereo ? 2 : channels; }  // [any thread]
  double turns() const noexcept { return stereo ? degrees / 360.0 : 0.0; }           // [any thread]
  void fillRight(AudioView io, int channels) const noexcept {                        // [audio]
    if (stereo && channels == 1) std::ranges::copy(io.channel(0), io.channel(1).begin());
  }
};

}  // namespace gainstage::rig
