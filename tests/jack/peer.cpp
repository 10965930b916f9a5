// An independent JACK client for tests: `jack_peer SERVER NAME INPUTS OUTPUTS`, then one command a line on
// standard input, one JSON object a reply. An empty SERVER is libjack's default. Waits for the server.
#include "peer.h"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <jack/metadata.h>
#include <jack/transport.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>

namespace gainstage::testing {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

void reply(const Json& json) { std::cout << json.dump() << std::endl; }

jack_client_t* openWhenThere(const std::string& server, const std::string& name) {
  jack_set_error_function([](const char*) {});
  jack_set_info_function([](const char*) {});
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < until) {
    jack_client_t* client =
        server.empty()
            ? jack_client_open(name.c_str(), JackNoStartServer, nullptr)
            : jack_client_open(name.c_str(), static_cast<jack_options_t>(JackNoStartServer | JackServerName),
                               nullptr, server.c_str());
    if (client != nullptr) return client;
    std::this_thread::sleep_for(50ms);
  }
  return nullptr;
}

bool isPipeWire() { return std::string(jack_get_version_string()).find("PipeWire") != std::string::npos; }

Json describe(jack_client_t* client, const char* name) {
  jack_port_t* port = jack_port_by_name(client, name);
  jack_latency_range_t capture{}, playback{};
  jack_port_get_latency_range(port, JackCaptureLatency, &capture);
  jack_port_get_latency_range(port, JackPlaybackLatency, &playback);
  char* pretty = nullptr;
  char* type = nullptr;
  jack_get_property(jack_port_uuid(port), JACK_METADATA_PRETTY_NAME, &pretty, &type);
  Json connections = Json::array();
  const char** peers = jack_port_get_all_connections(client, port);
  for (int i = 0; peers != nullptr && peers[i] != nullptr; ++i) connections.push_back(peers[i]);
  const int flags = jack_port_flags(port);
  Json json{{"name", name},
            {"input", (flags & JackPortIsInput) != 0},
            {"physical", (flags & JackPortIsPhysical) != 0},
            {"pretty", pretty != nullptr ? Json(pretty) : Json()},
            {"connections", connections},
            {"capture", {+capture.min, +capture.max}},
            {"playback", {+playback.min, +playback.max}}};
  jack_free(peers);
  jack_free(pretty);
  jack_free(type);
  return json;
}

Json allPorts(jack_client_t* client) {
  Json ports = Json::array();
  const char** names = jack_get_ports(client, nullptr, JACK_DEFAULT_AUDIO_TYPE, 0);
  for (int i = 0; names != nullptr && names[i] != nullptr; ++i) ports.push_back(describe(client, names[i]));
  jack_free(names);
  return ports;
}

/// Sends the impulses and tells their frames once the last one, and some cycles after it, are through.
Json burst(PeerAudio& audio, std::size_t output, int count, std::uint32_t step) {
  const std::uint32_t first = audio.cycleFrame + 2048;
  audio.output = output;
  audio.nextFrame = first;
  audio.step = step;
  audio.left = count;
  Json frames = Json::array();
  for (int i = 0; i < count; ++i) frames.push_back(first + static_cast<std::uint32_t>(i) * step);
  const std::uint32_t last = frames.back();
  const auto until = std::chrono::steady_clock::now() + 60s;
  while (static_cast<std::int32_t>(audio.cycleFrame - last) < 1024 &&
         std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(2ms);
  return frames;
}

Json takeArrivals(PeerAudio& audio) {
  Json arrivals = Json::array();
  for (std::size_t i = 0; i < audio.arrivalCount; ++i) {
    const Arrival& arrival = audio.arrivals[i];
    arrivals.push_back({arrival.input, arrival.frame, arrival.value});
  }
  audio.arrivalCount = 0;
  return arrivals;
}

struct Timebase {
  double beatsPerMinute = 120.0;
  float beatsPerBar = 4.0f;
};

// 1920 ticks a beat, counted from the transport's frame 0.
void fillPosition(jack_transport_state_t, jack_nframes_t, jack_position_t* position, int, void* argument) {
  const auto& timebase = *static_cast<Timebase*>(argument);
  const double beats = position->frame / (60.0 * position->frame_rate) * timebase.beatsPerMinute;
  position->valid = JackPositionBBT;
  position->beats_per_bar = timebase.beatsPerBar;
  position->beat_type = 4.0f;
  position->beats_per_minute = timebase.beatsPerMinute;
  position->ticks_per_beat = 1920.0;
  position->bar = 1 + static_cast<int>(beats / static_cast<double>(timebase.beatsPerBar));
  const double inBar = beats - (position->bar - 1) * static_cast<double>(timebase.beatsPerBar);
  position->beat = 1 + static_cast<int>(inBar);
  position->tick = static_cast<int>((inBar - (position->beat - 1)) * 1920.0);
  position->bar_start_tick = 0.0;
}

void obey(PeerAudio& audio, Timebase& timebase, const std::string& line) {
  jack_client_t* client = audio.client;
  std::istringstream words(line);
  std::string verb, from, to;
  words >> verb;
  if (verb == "ports") {
    reply({{"ports", allPorts(client)}});
  } else if (verb == "connect" || verb == "disconnect") {
    std::getline(words >> std::ws, from, '|');
    std::getline(words, to);
    const int result = verb == "connect" ? jack_connect(client, from.c_str(), to.c_str())
                                         : jack_disconnect(client, from.c_str(), to.c_str());
    reply({{verb, result}});
  } else if (verb == "burst") {
    std::size_t output = 0;
    int count = 0;
    std::uint32_t step = 0;
    words >> output >> count >> step;
    reply({{"burst", burst(audio, output, count, step)}});
  } else if (verb == "arrivals") {
    reply({{"arrivals", takeArrivals(audio)}});
  } else if (verb == "counts") {
    reply({{"counts", true},
           {"cycles", audio.cycles.load()},
           {"xruns", audio.xruns.load()},
           {"missed", audio.missed.load()},
           {"frame", audio.cycleFrame.load()},
           {"transportAtClock0", audio.transportAtClock0.load()},
           {"rate", jack_get_sample_rate(client)},
           {"block", jack_get_buffer_size(client)}});
  } else if (verb == "bufsize") {
    jack_nframes_t frames = 0;
    words >> frames;
    reply({{"bufsize", jack_set_buffer_size(client, frames)}});
  } else if (verb == "freewheel") {
    int on = 0;
    words >> on;
    reply({{"freewheel", jack_set_freewheel(client, on)}});
  } else if (verb == "latency") {
    std::uint32_t source = 0, sink = 0;
    words >> source >> sink;
    audio.sourceLatency = source;
    audio.sinkLatency = sink;
    if (isPipeWire()) {  // its libjack may stop for ever where this is done in the callback
      audio.tellLatency(JackCaptureLatency);
      audio.tellLatency(JackPlaybackLatency);
    }
    reply({{"latency", isPipeWire() ? 0 : jack_recompute_total_latencies(client)}});
  } else if (verb == "timebase") {
    words >> timebase.beatsPerMinute >> timebase.beatsPerBar;
    reply({{"timebase", jack_set_timebase_callback(client, 0, fillPosition, &timebase)}});
  } else if (verb == "transport") {
    words >> from;
    from == "start" ? jack_transport_start(client) : jack_transport_stop(client);
    reply({{"transport", from}});
  }
}

}  // namespace
}  // namespace gainstage::testing

int main(int argc, char** argv) {
  using namespace gainstage::testing;
  if (argc != 5) return 2;
  const std::string name = argv[2];
  static PeerAudio audio;
  static Timebase timebase;
  audio.client = openWhenThere(argv[1], name);
  if (audio.client == nullptr) return 4;
  for (int i = 0; i < std::stoi(argv[3]); ++i)
    audio.inputs.push_back(jack_port_register(audio.client, ("in_" + std::to_string(i + 1)).c_str(),
                                              JACK_DEFAULT_AUDIO_TYPE, JackPortIsInput, 0));
  for (int i = 0; i < std::stoi(argv[4]); ++i)
    audio.outputs.push_back(jack_port_register(audio.client, ("out_" + std::to_string(i + 1)).c_str(),
                                               JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0));
  jack_set_process_callback(
      audio.client,
      [](jack_nframes_t frames, void* peer) { return static_cast<PeerAudio*>(peer)->process(frames); },
      &audio);
  jack_set_xrun_callback(
      audio.client, [](void* peer) { return static_cast<int>(++static_cast<PeerAudio*>(peer)->xruns) * 0; },
      &audio);
  jack_set_latency_callback(
      audio.client,
      [](jack_latency_callback_mode_t mode, void* peer) {
        if (!isPipeWire()) static_cast<PeerAudio*>(peer)->tellLatency(mode);
      },
      &audio);
  // PipeWire's libjack calls it after errors too that end nothing.
  if (!isPipeWire())
    jack_on_shutdown(
        audio.client, [](void*) { std::_Exit(0); }, nullptr);
  if (jack_activate(audio.client) != 0) return 4;
  reply({{"ready", true},
         {"library", jack_get_version_string()},
         {"name", jack_get_client_name(audio.client)}});
  std::string line;
  while (std::getline(std::cin, line) && line != "quit") obey(audio, timebase, line);
  jack_client_close(audio.client);
  return 0;
}
