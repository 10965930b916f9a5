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

/// Sent and arrived at the same frames, on this input of the receiver.
void expectSameCycle(const BurstResult& result, std::size_t input);

/// A server and everybody on it, each a process of its own.
class Rack {
 public:
  /// Returns once the server takes clients.
  explicit Rack(std::unique_ptr<Server> server) : server_(std::move(server)) {
    server_->start();
    peer("first", 0, 0);
  }
  ~Rack();

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

/// Tests that run on both kinds of server; the parameter is the kind.
class OnServer : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (const auto reason = reasonToSkip(GetParam()); !reason.empty()) GTEST_SKIP() << reason;
  }
};

/// The same for tests that need jackd.
class OnJackd : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const auto reason = reasonToSkip("jackd"); !reason.empty()) GTEST_SKIP() << reason;
  }
};

/// A program of this build.
std::string program(const std::string& name);

/// The entry of that name in a peer's answer to "ports"; null where there is none.
Json portNamed(Child& peer, const std::string& name);
/// Waits until a port is there and `fits`; throws where it does not come to that.
Json waitForPort(
    Child& peer, const std::string& name,
    const std::function<bool(const Json&)>& fits = [](const Json&) { return true; });

/// The event of the host, or of the program, that comes next under this name; its frames.
std::int64_t waitForEvent(Child& host, const std::string& event);

/// Waits until that figure of the host's "counts" has grown by so much.
void waitForMore(Child& host, const std::string& count, int more);

bool isConnectedTo(const Json& port, const std::string& other);

/// Connects two ports once they are there; returns once the peer sees it.
void connect(Child& peer, const std::string& from, const std::string& to);

/// `count` impulses from the sender's first port, `step` frames apart, and what the receiver got of them.
BurstResult burst(Child& sender, Child& receiver, int count, int step);

/// Returns once anything of what the sender sends reaches so many of the receiver's inputs: a connection
/// takes PipeWire a while to make.
void waitForPath(Child& sender, Child& receiver, std::size_t inputs = 1);

/// Waits for the path, then bursts until one passes in which no client missed a cycle and no xrun was told:
/// that one. Fails the test after 100.
BurstResult cleanBurst(Child& sender, Child& receiver, int count, int step, std::size_t inputs = 1);

}  // namespace gainstage::testing
