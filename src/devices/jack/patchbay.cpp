#include "devices/jack/patchbay.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <span>

namespace gainstage::devices::jack {
namespace {

using namespace std::chrono_literals;

constexpr auto kLastBreath = 1s;

struct FreeNames {
  void operator()(const char** names) const { jack_free(names); }
};
using Names = std::unique_ptr<const char*[], FreeNames>;

std::vector<std::string> toStrings(const Names& names) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; names && names[i] != nullptr; ++i) strings.emplace_back(names[i]);
  return strings;
}

std::vector<Cord> connectedNow(jack_client_t* client, const JackPorts& ports) {
  std::vector<Cord> cords;
  for (const auto& group : {ports.inputPorts(), ports.outputPorts(), ports.sendPorts(), ports.returnPorts()})
    for (jack_port_t* port : group)
      for (std::string& peer : toStrings(Names(jack_port_get_all_connections(client, port))))
        cords.push_back({jack_port_short_name(port), std::move(peer)});
  return cords;
}

}  // namespace

void Patchbay::owePhysical(jack_client_t* client, const JackPorts& ports) {
  const auto oweInOrder = [&](std::span<jack_port_t* const> own, unsigned long peerFlags) {
    const auto peers = toStrings(
        Names(jack_get_ports(client, nullptr, JACK_DEFAULT_AUDIO_TYPE, JackPortIsPhysical | peerFlags)));
    for (std::size_t i = 0; i < std::min(own.size(), peers.size()); ++i)
      owe({jack_port_short_name(own[i]), peers[i]});
  };
  oweInOrder(ports.inputPorts(), JackPortIsOutput);
  oweInOrder(ports.outputPorts(), JackPortIsInput);
}

void Patchbay::owe(Cord cord) { cords_.push_back({std::move(cord), true, std::nullopt}); }

void Patchbay::observe(jack_client_t* client, const JackPorts& ports, Clock::time_point now) {
  std::vector<Cord> current = connectedNow(client, ports);
  for (Remembered& remembered : cords_) {
    const auto found = std::ranges::find(current, remembered.cord);
    if (found != current.end()) {
      current.erase(found);
      remembered.owed = false;
      remembered.pulledAt.reset();
    } else if (!remembered.owed && !remembered.pulledAt) {
      remembered.pulledAt = now;
    }
  }
  for (Cord& cord : current) cords_.push_back({std::move(cord), false, std::nullopt});
  std::erase_if(cords_, [now](const Remembered& remembered) {
    return remembered.pulledAt && now - *remembered.pulledAt > kLastBreath;
  });
}

void Patchbay::oweAll(Clock::time_point now) {
  std::erase_if(cords_, [now](const Remembered& remembered) {
    return remembered.pulledAt && now - *remembered.pulledAt > kLastBreath;
  });
  for (Remembered& remembered : cords_) {
    remembered.owed = true;
    remembered.pulledAt.reset();
  }
}

void Patchbay::connectOwed(jack_client_t* client) {
  const std::string prefix = std::string(jack_get_client_name(client)) + ":";
  for (Remembered& remembered : cords_) {
    if (!remembered.owed) continue;
    const std::string own = prefix + remembered.cord.own;
    jack_port_t* ownPort = jack_port_by_name(client, own.c_str());
    if (ownPort == nullptr || jack_port_by_name(client, remembered.cord.peer.c_str()) == nullptr) continue;
    const bool isOutput = (jack_port_flags(ownPort) & JackPortIsOutput) != 0;
    const std::string& from = isOutput ? own : remembered.cord.peer;
    const std::string& to = isOutput ? remembered.cord.peer : own;
    const int result = jack_connect(client, from.c_str(), to.c_str());
    if (result == 0 || result == EEXIST) remembered.owed = false;
  }
}

bool Patchbay::owes() const noexcept { return std::ranges::any_of(cords_, &Remembered::owed); }

}  // namespace gainstage::devices::jack
