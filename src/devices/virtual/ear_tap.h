#pragma once

#include <memory>
#include <vector>

#include "core/audio_buffer.h"
#include "devices/output_sink.h"
#include "devices/virtual/virtual_stages.h"

namespace gainstage::devices {

/// In what the ear is told.
enum class EarUnit {
  volts,   ///< across each driver
  pascals  ///< of sound, where the headphone's sensitivity is known; else silence
};

/// Passes on what is played, and tells another sink what the headphones make of it: as many channels as the
/// device has outputs, silent where no headphone hangs.
class EarTap final : public OutputSink {
 public:
  /// `played` may be null. [control]
  EarTap(std::vector<OutputStage> stages, std::shared_ptr<OutputSink> played, std::shared_ptr<OutputSink> ear,
         EarUnit unit);
  void formatChanged(const DeviceFormat& format) override;
  bool write(ConstAudioView outputs, FrameTime frame) noexcept override;

 private:
  std::vector<OutputStage> stages_;
  std::vector<std::unique_ptr<analog::OutputSimulation>> simulations_;  // null: on channels that are not open
  std::shared_ptr<OutputSink> played_, ear_;
  EarUnit unit_;
  AudioBuffer heard_;
};

}  // namespace gainstage::devices
