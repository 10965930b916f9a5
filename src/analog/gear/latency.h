#pragma once

#include <string_view>
#include <vector>

/// From the string, or the mouth, to the ear. [any thread]
namespace gainstage::analog {

/// Every part of the way; what a path has not is 0.
struct LatencyPath {
  double sampleRate = 48000.0;
  double metresToMicrophone = 0.0;  ///< air before a microphone
  double wirelessInMs = 0.0;        ///< instrument or microphone by radio
  double inputFilterFrames = 0.0;   ///< of the converter (converter.h)
  double inputTransportMs = 0.0;    ///< bus and driver, beyond the blocks
  int blockFrames = 64;             ///< 0: monitored by the interface itself, without the computer
  int blocks = 2;  ///< periods of the buffer: one is being filled, the others wait to be played
  double processingFrames = 0.0;  ///< of effects
  double outputTransportMs = 0.0;
  double outputFilterFrames = 0.0;
  double wirelessOutMs = 0.0;  ///< headphones by radio (wireless.h)
  double metresToEar = 0.0;    ///< from a loudspeaker
  double celsius = 20.0;
};

struct LatencyPart {
  std::string_view name;
  double ms;
};

/// What each part adds, in the sound's order; those of 0 are left out. A block in costs its frames, since the
/// first of them waits for the last; the way out costs blocks - 1 of them.
std::vector<LatencyPart> latencyParts(const LatencyPath& path);
double totalMs(const std::vector<LatencyPart>& parts) noexcept;

}  // namespace gainstage::analog
