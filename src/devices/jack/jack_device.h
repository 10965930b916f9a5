#pragma once

#include <memory>
#include <string>

#include "devices/device.h"

namespace gainstage::devices {

/// A client of a JACK server: jackd, or PipeWire through its own libjack. An empty name means the server that
/// libjack takes by default. A block size that is asked for is set on the server, and set back at the end;
/// with none asked for, the server is left as it is. A server that dies is waited for, and the session goes
/// on there with the same ports and connections. [control]
std::unique_ptr<Device> makeJackDevice(std::string serverName = {});

/// Whether such a server runs and takes clients; never starts one. [control]
bool jackServerAnswers(const std::string& serverName);

}  // namespace gainstage::devices
