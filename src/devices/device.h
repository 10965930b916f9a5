#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/audio_view.h"
#include "core/result.h"
#include "devices/input_controls.h"
#include "devices/output_gear.h"

namespace gainstage::devices {

/// What a device is asked for. Zero means: whatever suits the device best.
struct DeviceRequest {
  double sampleRate = 0.0;  ///< Hz
  FrameCount blockFrames = 0;
  int inputs = 0;  ///< channels wanted; 0: all it has
  int outputs = 0;
  bool freeRunning = false;  ///< as fast as it will run, where the device has no clock of its own
  /// Where to end by itself, in the device's own count of frames (delivered and lost); 0: nowhere. The last
  /// callback is shorter so that the count fits to the frame. Devices with a clock of their own (a sound
  /// server) end at the callback that reaches it.
  FrameTime frameLimit = 0;
  std::vector<std::string> inputNames{};  ///< for people, one for each input; may be shorter
  std::vector<std::string> outputNames{};
  /// Ports for other programs (a DAW), where the device has such: names of mono channels that the console
  /// fills, ...
  std::vector<std::string> sendNames{};
  /// One for each send: whether it leaves before its rig. The latency told of it depends on that; where this
  /// is shorter, a send counts as processed.
  std::vector<bool> sendIsDirect{};
  /// ... and of mono channels that come in from other programs.
  std::vector<std::string> returnNames{};
  bool connect = true;  ///< join the physical ports, where there is a choice
};

/// What it gave. From open(), `blockFrames` is the length of a callback now.
struct DeviceFormat {
  double sampleRate = 48000.0;
  FrameCount blockFrames = 64;
  int inputs = 0;
  int outputs = 0;
  bool operator==(const DeviceFormat&) const = default;
};

enum class OutputPurpose { unknown, headphones, monitors, line };

struct DeviceDescription {
  std::string id;    ///< as --device takes it
  std::string name;  ///< for people
  int inputs = 0;    ///< most that it offers; -1: not known before it is opened
  int outputs = 0;
  double sampleRate =
      0.0;               ///< Hz, that it runs at unless asked for another; 0: not known before it is opened
  bool hasClock = true;  ///< paced by hardware or a server
  bool inputsAreLive = true;  ///< a microphone could hear its outputs: the first-sound rules apply
  OutputPurpose purpose = OutputPurpose::unknown;  ///< of its outputs, where the device itself knows
};

/// JACK transport and the like, where there is one.
struct Transport {
  bool valid = false;
  bool rolling = false;
  double beatsPerMinute = 0.0;
  double beatsPerBar = 0.0;
  double beat = 0.0;  ///< beats since the start of the song at the first frame of the callback
};

/// One callback's worth.
struct DeviceBlock {
  ConstAudioView inputs;   ///< inputs x frames
  AudioView outputs;       ///< outputs x frames; to be filled whole
  AudioView sends;         ///< as DeviceRequest::sendNames; to be filled whole where not empty
  ConstAudioView returns;  ///< as DeviceRequest::returnNames
  /// The device's own count at the first frame. It goes on from one callback to the next without a gap,
  /// except for the frames that DeviceEvent::lostFrames and ::back tell of.
  FrameTime frame = 0;
  FrameCount frames = 0;
  /// The clock (monotonic, ns) when the last of these frames had come in; 0: not known. Without a clock:
  /// what it would read, counted from the first frame.
  std::int64_t clockNs = 0;
  std::int64_t budgetNs = 0;  ///< time there is for a full callback; 0: no deadline
  bool freewheel = false;     ///< run by a server faster than the clock: no deadline
  Transport transport;
};

/// What happened to a device, told on its own thread, never on the audio thread, in the order that it
/// happened.
enum class DeviceEvent {
  lostFrames,  ///< so many frames were never delivered; callbacks may go on meanwhile
  gone,        ///< no callback until it is back
  back,        ///< it was away for so many frames (0: not known); callbacks follow
  /// Another rate (after DeviceClient::formatChanged, before the next callback), or another length of
  /// callbacks than before, within what the client is prepared for.
  formatChanged,
  ended,  ///< there will be no further callback
};

/// Whoever is called by a device.
class DeviceClient {
 public:
  virtual ~DeviceClient() = default;
  /// [control or device thread, no process() meanwhile] Before the first callback, and whenever rate or
  /// largest block change. The console prepares here; `format.blockFrames` is the most that a callback will
  /// bring.
  virtual void formatChanged(const DeviceFormat& format) = 0;
  /// [device thread, outside of the audio rules] Before each callback of a device without a clock: may wait,
  /// for a disk to keep up.
  virtual void waitForRoom(FrameCount /*frames*/) {}
  /// [audio]
  virtual void process(const DeviceBlock& block) noexcept = 0;
  /// [device thread] `frames`: how many were lost; with back, how many were missed; with formatChanged, the
  /// length of a callback from now on; otherwise 0. Must not stop or destroy the device.
  virtual void deviceEvent(DeviceEvent event, std::int64_t frames) = 0;
};

/// An interface: hardware, virtual, or files. Life: open, start, stop (any number of times), close by
/// destruction.
class Device {
 public:
  virtual ~Device() = default;
  virtual const DeviceDescription& description() const noexcept = 0;  // [any thread]
  /// Calls client.formatChanged before it returns. [control]
  virtual Result<DeviceFormat> open(const DeviceRequest& request, DeviceClient& client) = 0;
  virtual Result<void> start() = 0;  // [control] callbacks begin
  virtual void stop() = 0;           // [control] callbacks have ended when it returns
  /// Waits until the device has ended by itself (a file played out), or the time is over. True: it ended.
  /// [control]
  virtual bool waitUntilEnded(Milliseconds timeout) = 0;
  /// Why it ended by itself before its time: a file that cannot be read further, say. [control, not running]
  virtual Result<void> problem() const { return {}; }
  /// Frames of delay that the device itself adds before its inputs and after its outputs, as far as it can
  /// tell; -1: unknown.
  virtual FrameCount inputLatencyFrames() const noexcept { return -1; }   // [any thread]
  virtual FrameCount outputLatencyFrames() const noexcept { return -1; }  // [any thread]
  /// What the console adds between input and outputs, for devices that pass such figures on. [control]
  virtual void reportLatency(FrameCount /*direct*/, FrameCount /*processed*/) {}

  /// What of an input, counted from 0, can be told; most devices let nobody. [control]
  virtual InputControls inputControls(int /*input*/) const { return {}; }
  /// How it stands, where anything can be told. [control]
  virtual InputSettings inputSettings(int /*input*/) const { return {}; }
  /// Sets it; what it does not have is left alone. It is switched within two callbacks, and thumps as gear
  /// does: whoever listens should not, until it has settled. False: it cannot take more for now. [control]
  virtual bool setInput(int /*input*/, const InputSettings& /*settings*/) { return false; }
  /// Its outputs that it knows more of; hardware does not. [control]
  virtual std::vector<OutputGear> outputGear() const { return {}; }
};

}  // namespace gainstage::devices
