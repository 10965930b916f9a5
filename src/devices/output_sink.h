#pragma once

#include "core/audio_view.h"
#include "devices/device.h"

namespace gainstage::devices {

/// Takes what a device without hardware has been given to play; without one it is dropped.
class OutputSink {
 public:
  virtual ~OutputSink() = default;
  /// [control or device thread, no write() meanwhile] As DeviceClient::formatChanged, and after it.
  virtual void formatChanged(const DeviceFormat& format) = 0;
  /// outputs x frames from the device's frame `frame` on, in order; lost frames leave a gap. False: no more
  /// is wanted, and the device ends. May wait where the device is free-running. [audio, outside the
  /// RealtimeScope]
  virtual bool write(ConstAudioView outputs, FrameTime frame) noexcept = 0;
};

}  // namespace gainstage::devices
