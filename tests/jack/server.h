#pragma once

#include <memory>
#include <string>
#include <vector>

#include "jack/child.h"
#include "support/files.h"

namespace gainstage::testing {

/// A private JACK server, and how its clients are started.
class Server {
 public:
  virtual ~Server() = default;
  virtual std::string kind() const = 0;         ///< the program: tests without it skip by its name
  virtual void start() = 0;                     ///< throws where it does not come up
  virtual void kill(int signalNumber) = 0;      ///< it is gone when this returns
  virtual Environment environment() const = 0;  ///< for its clients
  virtual std::vector<std::string> prefix() const { return {}; }  ///< of its clients' command lines
  virtual std::string name() const { return {}; }                 ///< as --device jack:NAME takes it
  const TemporaryFolder& folder() const noexcept { return folder_; }

 protected:
  TemporaryFolder folder_;
};

struct ServerFormat {
  int blockFrames = 64;
  int sampleRate = 48000;
  int capturePorts = 2;  ///< of jackd
  int playbackPorts = 2;
};

/// The right to run a jackd: one at a time on this machine, whoever tests. Servers of one user share their
/// pretty names, which the end of any one wipes out; and jackd keeps the names of at most 8 servers for each
/// user, those that were killed included, until one of the same name is started.
class JackdLease {
 public:
  JackdLease();  ///< waits for it
  ~JackdLease();
  JackdLease(const JackdLease&) = delete;
  JackdLease& operator=(const JackdLease&) = delete;
  static constexpr const char* kName = "gainstage-test";

 private:
  int lock_;
};

/// jackd with its dummy driver.
class JackServer final : public Server {
 public:
  explicit JackServer(ServerFormat format) : format_(format) {}
  ~JackServer() override;
  std::string kind() const override { return "jackd"; }
  void start() override;
  void kill(int signalNumber) override;
  Environment environment() const override { return {{"JACK_NO_START_SERVER", "1"}}; }
  std::string name() const override { return JackdLease::kName; }
  void setSampleRate(int rate) { format_.sampleRate = rate; }  ///< of the next start
  void signal(int number) { process_->signal(number); }

 private:
  ServerFormat format_;
  JackdLease lease_;
  std::unique_ptr<Child> process_;
};

/// PipeWire with a null sink, no session manager, no D-Bus, and a socket of its own.
class PipeWireServer final : public Server {
 public:
  explicit PipeWireServer(ServerFormat format) : format_(format) {}
  ~PipeWireServer() override;
  std::string kind() const override { return "pipewire"; }
  void start() override;
  void kill(int signalNumber) override;
  Environment environment() const override;
  std::vector<std::string> prefix() const override { return {"pw-jack"}; }

 private:
  ServerFormat format_;
  std::unique_ptr<Child> process_;
};

/// A server of the kind "jackd" or "pipewire".
std::unique_ptr<Server> makeServer(const std::string& kind, ServerFormat format = {});

/// Why tests on that kind of server cannot run here; empty where they can.
std::string reasonToSkip(const std::string& kind);

}  // namespace gainstage::testing
