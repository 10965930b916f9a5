#pragma once

#include <chrono>
#include <jack/jack.h>
#include <memory>
#include <string>

#include "core/result.h"
#include "devices/jack/jack_ports.h"
#include "devices/jack/jack_stream.h"
#include "devices/jack/listener.h"

namespace gainstage::devices::jack {

/// A plan whose zero counts are filled in from the physical ports that the server has (at least 2). [control]
PortPlan completed(PortPlan plan, jack_client_t* client);

/// One client on one server, from its opening to the server's death or ours. Calls come from one thread at a
/// time: [control or device thread]
class JackLink {
 public:
  /// Opened, ports registered, not yet active. Counts of 0 in the plan are filled in.
  static Result<std::unique_ptr<JackLink>> open(const std::string& serverName, PortPlan& plan,
                                                JackStream& stream);
  ~JackLink();
  JackLink(const JackLink&) = delete;
  JackLink& operator=(const JackLink&) = delete;

  /// Whether the server, which was said to be gone, is not: callbacks still come. Waits for some.
  bool isRunningAfterAll();
  Result<void> activate();  ///< callbacks begin, and go on until it is destroyed
  /// Tells the server the ports' pretty names until it knows them all, or is known to take none; PipeWire
  /// some times more. To be called every now and then.
  void tellNames();
  void updateLatencies();  ///< after a change of what is added, or beyond the ports

  jack_client_t* client() const noexcept { return client_; }
  const JackPorts& ports() const noexcept { return ports_; }
  std::uint32_t sampleRate() const { return jack_get_sample_rate(client_); }  ///< Hz
  FrameCount blockFrames() const { return static_cast<FrameCount>(jack_get_buffer_size(client_)); }

 private:
  JackLink(jack_client_t* client, JackStream& stream);
  void setCallbacks();
  void setBlockSize();
  void giveBlockSizeBack();
  void process(jack_nframes_t frames) noexcept;  // [audio]
  void deliver(FrameCount frames) noexcept;

  jack_client_t* client_;
  JackStream& stream_;
  JackPorts ports_;
  Listener listener_;
  int namesToTry_ = 100;
  int namesToRepeat_ = 4;  // even: the last is of the same type as the first
  std::chrono::milliseconds tellAgainAfter_{500};
  std::chrono::steady_clock::time_point tellAgainAt_;
  bool isPipeWire_;
  FrameCount blockBefore_ = 0;  // 0: the server's block size was left alone
};

}  // namespace gainstage::devices::jack
