#include "jack/rack.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace gainstage::testing {

using namespace std::chrono_literals;

namespace {

/// As much of a log as a failure needs.
std::string endOf(const std::string& text) {
  constexpr std::size_t enough = 1500;
  return text.size() <= enough ? text : "[...] " + text.substr(text.size() - enough);
}

}  // namespace

std::string program(const std::string& name) { return std::string(GAINSTAGE_PROGRAMS) + "/" + name; }

Rack::~Rack() {
  if (!::testing::Test::HasFailure() && std::uncaught_exceptions() == 0) return;
  for (const auto& entry : std::filesystem::directory_iterator(server_->folder().path()))
    if (entry.path().extension() == ".log")
      std::cerr << "--- " << entry.path().filename().string() << "\n"
                << endOf(readFile(entry.path())) << "\n";
}

std::unique_ptr<Child> Rack::run(std::vector<std::string> command, const std::string& name) {
  std::vector<std::string> whole = server_->prefix();
  whole.insert(whole.end(), command.begin(), command.end());
  return std::make_unique<Child>(whole, server_->environment(), server_->folder() / (name + ".log"));
}

std::unique_ptr<Child> Rack::peer(const std::string& name, int inputs, int outputs) {
  auto child = run(
      {program("jack_peer"), server_->name(), name, std::to_string(inputs), std::to_string(outputs)}, name);
  const std::string library = child->waitFor("ready")["library"];
  if ((library.find("PipeWire") != std::string::npos) != (server_->kind() == "pipewire"))
    throw std::runtime_error("the client of " + server_->kind() + " runs on " + library);
  return child;
}

std::unique_ptr<Child> Rack::host(const Json& request) {
  auto child = run({program("jack_host"), server_->name(), request.dump()}, "host");
  child->waitFor("started");
  return child;
}

std::string Rack::errorsOf(const std::string& name) const {
  return readFile(server_->folder() / (name + ".log"));
}

Json portNamed(Child& peer, const std::string& name) {
  const Json answer = peer.ask("ports", "ports");
  for (const Json& port : answer["ports"])
    if (port["name"] == name) return port;
  return nullptr;
}

Json waitForPort(Child& peer, const std::string& name, const std::function<bool(const Json&)>& fits) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  Json port;
  do {
    port = portNamed(peer, name);
    if (!port.is_null() && fits(port)) return port;
    std::this_thread::sleep_for(20ms);
  } while (std::chrono::steady_clock::now() < until);
  throw std::runtime_error("the port " + name + " stays " + port.dump());
}

std::int64_t waitForEvent(Child& host, const std::string& event) {
  return host.waitFor([&](const Json& json) { return json.value("event", "") == event; }, event)["frames"];
}

void waitForMore(Child& host, const std::string& count, int more) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  const int goal = host.ask("counts", "counts")[count].get<int>() + more;
  while (host.ask("counts", "counts")[count] < goal) {
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error(count + " does not grow");
    std::this_thread::sleep_for(5ms);
  }
}

bool isConnectedTo(const Json& port, const std::string& other) {
  return std::ranges::find(port["connections"], Json(other)) != port["connections"].end();
}

void connect(Child& peer, const std::string& from, const std::string& to) {
  for (const std::string& port : {from, to}) waitForPort(peer, port);
  const int result = peer.ask("connect " + from + "|" + to, "connect")["connect"];
  if (result != 0) throw std::runtime_error("cannot connect " + from + " to " + to);
  waitForPort(peer, from, [&to](const Json& port) { return isConnectedTo(port, to); });
}

void expectSameCycle(const BurstResult& result, std::size_t input) {
  const std::set<std::uint32_t> sent(result.sent.begin(), result.sent.end());
  EXPECT_FALSE(sent.empty());
  ASSERT_GT(result.first.size(), input);
  EXPECT_EQ(result.first[input], sent);
}

BurstResult burst(Child& sender, Child& receiver, int count, int step) {
  receiver.ask("arrivals", "arrivals");
  const auto stumbles = [&] {
    int sum = 0;
    for (Child* peer : {&sender, &receiver}) {
      const Json counts = peer->ask("counts", "counts");
      sum += counts["xruns"].get<int>() + counts["missed"].get<int>();
    }
    return sum;
  };
  const int before = stumbles();
  BurstResult result;
  const std::string command = "burst 0 " + std::to_string(count) + " " + std::to_string(step);
  result.sent = sender.ask(command, "burst")["burst"].get<std::vector<std::uint32_t>>();
  result.clean = stumbles() == before;
  std::vector<std::uint32_t> last;
  const Json answer = receiver.ask("arrivals", "arrivals");
  for (const Json& arrival : answer["arrivals"]) {
    const auto input = arrival[0].get<std::size_t>();
    const auto frame = arrival[1].get<std::uint32_t>();
    if (result.first.size() <= input) {
      result.first.resize(input + 1);
      result.peaks.resize(input + 1, 0.0f);
      last.resize(input + 1, 0);
    }
    // A response begins where half a step was silent before it.
    if (result.first[input].empty() || frame - last[input] > static_cast<std::uint32_t>(step / 2))
      result.first[input].insert(frame);
    last[input] = frame;
    result.peaks[input] = std::max(result.peaks[input], std::abs(arrival[2].get<float>()));
  }
  return result;
}

void waitForPath(Child& sender, Child& receiver, std::size_t inputs) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    const BurstResult result = burst(sender, receiver, 1, 97);
    if (result.first.size() >= inputs && std::ranges::none_of(result.first, &std::set<std::uint32_t>::empty))
      return;
  }
  throw std::runtime_error("nothing arrives at " + receiver.ask("ports", "ports").dump() +
                           sender.ask("counts", "counts").dump() + receiver.ask("counts", "counts").dump());
}

BurstResult cleanBurst(Child& sender, Child& receiver, int count, int step, std::size_t inputs) {
  waitForPath(sender, receiver, inputs);
  // On a busy machine a server with blocks of a third of a millisecond may need many runs until one is clean.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(90);
  do {
    if (BurstResult result = burst(sender, receiver, count, step); result.clean) return result;
  } while (std::chrono::steady_clock::now() < end);
  ADD_FAILURE() << "an xrun in each run for 90 s";
  return {};
}

}  // namespace gainstage::testing
