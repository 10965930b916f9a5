#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "devices/device.h"

namespace gainstage::devices {

/// The device that `--device` names: virtual[:FILE.json], file:IN.wav, jack[:SERVER]. Empty: the best that
/// answers, a JACK server or else virtual. ErrorKind::device: no such kind, or not in this build; usage: half
/// a name; file: its file cannot be used. Whether it can be opened shows open(). [control]
Result<std::unique_ptr<Device>> makeDevice(std::string_view wanted = {});

/// A line of what can be opened.
struct DeviceListing {
  std::string id;       ///< as --device takes it
  std::string name;     ///< for people
  std::string offers;   ///< in a sentence: channels, clock, what it is for
  bool answers = true;  ///< could be opened now
  int inputs = -1;      ///< most that it offers; -1: not known before it is opened
  int outputs = -1;
  bool hasClock = true;
  bool inputsAreLive = true;
};

/// What could be opened on this machine, the best that answers first. Starts nothing. [control]
std::vector<DeviceListing> listDevices();

}  // namespace gainstage::devices
