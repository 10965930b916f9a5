#pragma once

#include <jack/jack.h>
#include <span>
#include <string>
#include <vector>

#include "core/audio_buffer.h"
#include "core/result.h"
#include "devices/device.h"

namespace gainstage::devices::jack {

/// How many ports of each sort, and what people call them.
struct PortPlan {
  int inputs = 2;
  int outputs = 2;
  std::vector<std::string> inputNames;  ///< may be shorter than there are inputs; so may outputNames
  std::vector<std::string> outputNames;
  std::vector<std::string> sendNames;    ///< one for each send
  std::vector<std::string> returnNames;  ///< one for each return
};

/// Ports of one sort, and their buffers in one callback.
struct PortGroup {
  std::vector<jack_port_t*> ports;
  std::vector<std::string> names;      ///< for people; may be empty
  std::vector<jack_uuid_t> toldNames;  ///< whom the server was told it of; 0: not yet
  std::vector<float*> buffers;
};

/// Every port of a client: `input_1`.., `output_1`.., and for other programs `send_1`.. and `return_1`...
/// Lives no longer than the client.
class JackPorts {
 public:
  explicit JackPorts(jack_client_t* client) : client_(client) {}

  /// [control or device thread]
  Result<void> add(const PortPlan& plan);
  /// Tells the server the pretty names. False: it does not know all ports yet, and is to be told again later.
  /// `again`: those too that it was told. `type`: as of MIME. [control or device thread]
  bool tellNames(const char* type, bool again);
  /// Takes the ports away, and before them their pretty names, which both servers would otherwise keep for
  /// whatever port comes next. [control or device thread, inactive, server alive]
  void remove();

  /// Asks libjack for this callback's buffers. [audio] `frames`: 1..8192
  void fetch(jack_nframes_t frames) noexcept;
  ConstAudioView inputs(FrameCount frames) const noexcept { return view(inputs_, frames); }    // [audio]
  ConstAudioView returns(FrameCount frames) const noexcept { return view(returns_, frames); }  // [audio]
  AudioView outputs(FrameCount frames) const noexcept { return view(outputs_, frames); }       // [audio]
  AudioView sends(FrameCount frames) const noexcept { return view(sends_, frames); }           // [audio]

  std::span<jack_port_t* const> inputPorts() const noexcept { return inputs_.ports; }    // [any thread]
  std::span<jack_port_t* const> outputPorts() const noexcept { return outputs_.ports; }  // [any thread]
  std::span<jack_port_t* const> sendPorts() const noexcept { return sends_.ports; }      // [any thread]
  std::span<jack_port_t* const> returnPorts() const noexcept { return returns_.ports; }  // [any thread]

 private:
  static AudioView view(const PortGroup& group, FrameCount frames) noexcept {
    return {group.buffers.data(), static_cast<int>(group.buffers.size()), frames};
  }
  Result<void> addGroup(PortGroup& group, const char* prefix, int count, unsigned long flags,
                        std::vector<std::string> names);
  void fetchWritten(PortGroup& group, jack_nframes_t frames) noexcept;
  void fetchRead(PortGroup& group, jack_nframes_t frames, int firstCopy) noexcept;
  bool isWritten(const float* buffer) const noexcept;

  jack_client_t* client_;
  PortGroup inputs_;
  PortGroup outputs_;
  PortGroup sends_;
  PortGroup returns_;
  AudioBuffer spare_;   // 2 x 8192: a silent row to read, and one to write what nobody hears
  AudioBuffer copies_;  // one row for each input and return
};

}  // namespace gainstage::devices::jack
