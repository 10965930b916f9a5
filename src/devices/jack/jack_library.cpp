#include "devices/jack/jack_library.h"

#include <mutex>

#include "devices/jack/jack_device.h"

namespace gainstage::devices {
namespace jack {
namespace {

constexpr const char* kClientName = "Gainstage";

void ignoreMessage(const char*) {}

void keepLibraryQuiet() {
  static std::once_flag once;
  std::call_once(once, [] {
    jack_set_error_function(ignoreMessage);
    jack_set_info_function(ignoreMessage);
  });
}

}  // namespace

Result<jack_client_t*> openClient(const std::string& serverName) {
  keepLibraryQuiet();
  jack_status_t status{};
  jack_client_t* client =
      serverName.empty()
          ? jack_client_open(kClientName, JackNoStartServer, &status)
          : jack_client_open(kClientName, static_cast<jack_options_t>(JackNoStartServer | JackServerName),
                             &status, serverName.c_str());
  if (client != nullptr) return client;
  const std::string server = serverName.empty() ? "No JACK server" : "No JACK server named " + serverName;
  return Error{ErrorKind::device,
               server + " takes clients: start jackd or PipeWire, or choose another --device."};
}

std::string deviceId(const std::string& serverName) {
  return serverName.empty() ? "jack" : "jack:" + serverName;
}

}  // namespace jack

bool jackServerAnswers(const std::string& serverName) {
  const auto client = jack::openClient(serverName);
  return client && jack_client_close(*client) == 0;
}

}  // namespace gainstage::devices
