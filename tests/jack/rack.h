#pragma once

#include <cstdint>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "jack/server.h"

namespace gainstage::testing {

/// What came of one burst of impulses, by the server's own frame count.
struct BurstResult {
  std::vector<std::uint32_t> sent;
  std::vector<std::set<std::uint32_t>> first;  ///< for each input of the receiver: where something began
  std::vector<float> peaks;                    ///< and the largest magnitude there
  bool clean = false;                          ///< nobody missed a cycle
};

/// A server and everybody on it, each a process of its own.
class Rack {
 public:
  explicit Rack(std::unique_ptr<Server> server) : server_(std::move(server)) { server_->start(); }

  Server& server() { return *server_; }
  template <typename S>
  S& serverAs() {
    return dynamic_cast<S&>(*server_);
  }

  /// An independent client; returns once it runs.
  std::unique_ptr<Child> peer(const std::string& name, int inputs, int outputs);
  /// The device under test; returns once it runs.
  std::unique_ptr<Child> host(const Json& request);
  /// Any program as a client of the server.
  std::unique_ptr<Child> run(std::vector<std::string> command, const std::string& name);

  std::string errorsOf(const std::string& name) const;

 private:
  std::unique_ptr<Server> server_;
};

/// A program of this build.
std::string program(const std::string& name);

/// The entry of that name in a peer's answer to "ports"; null where there is none.
Json portNamed(Child& peer, const std::string& name);
/// Waits until a port is there and `fits`; throws where it does not come to that.
Json waitForPort(Child& peer, const std::string& name, const std::function<bool(const Json&)>& fits);

void connect(Child& peer, const std::string& from, const std::string& to);

/// `count` impulses from the sender's first port, `step` frames apart, and what the receiver got of them.
BurstResult burst(Child& sender, Child& receiver, int count, int step);

/// Bursts until one passes in which no client missed a cycle and no xrun was told: that one. Fails the test
/// after 100.
BurstResult cleanBurst(Child& sender, Child& receiver, int count, int step);

}  // namespace gainstage::testing
