#pragma once

#include <chrono>
#include <jack/jack.h>
#include <optional>
#include <string>
#include <vector>

#include "devices/jack/jack_ports.h"

namespace gainstage::devices::jack {

/// A connection as it is remembered: by names, which outlive a server and our own client's name.
struct Cord {
  std::string own;   ///< short name: "input_1"
  std::string peer;  ///< full name: "system:capture_1"
  bool operator==(const Cord&) const = default;
};

/// Remembers what was connected, by whomever, and connects it again on a server that came back.
class Patchbay {
 public:
  using Clock = std::chrono::steady_clock;

  /// Owes the physical capture and playback ports, in order. [control, nothing owed yet]
  void owePhysical(jack_client_t* client, const JackPorts& ports);

  /// Takes in what is connected now. [control or device thread]
  void observe(jack_client_t* client, const JackPorts& ports, Clock::time_point now);

  /// The client is gone: everything remembered is owed. A server that shuts down pulls cords on its way out,
  /// so those that were pulled in its last second count too. [control or device thread]
  void oweAll(Clock::time_point now);

  /// Connects what is owed and whose other end is there. [control or device thread]
  void connectOwed(jack_client_t* client);

  bool owes() const noexcept;  // [control or device thread]

 private:
  struct Remembered {
    Cord cord;
    bool owed = false;
    std::optional<Clock::time_point> pulledAt;
  };
  void owe(Cord cord);

  std::vector<Remembered> cords_;
};

}  // namespace gainstage::devices::jack
