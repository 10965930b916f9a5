#pragma once

#include <array>
#include <memory>
#include <vector>

#include "console/messages.h"
#include "console/output.h"
#include "console/overload.h"
#include "console/strip.h"
#include "core/spsc_queue.h"
#include "dsp/reverb/reverb.h"
#include "dsp/tempo/metronome.h"

namespace gainstage::console {

/// One callback's worth of audio around the console.
struct ConsoleIo {
  FrameCount frames = 0;
  ConstAudioView inputs;      ///< device inputs x frames
  AudioView outputs;          ///< device outputs x frames; filled whole
  ConstAudioView returns;     ///< two channels for each return, x frames; may be empty
  std::int64_t budgetNs = 0;  ///< time there is; 0: no deadline
  bool transportValid = false;
  bool transportRolling = false;
  double transportBeat = 0.0;  ///< beats since the song's start at the first frame
  double transportBeatsPerMinute = 0.0;
  double transportBeatsPerBar = 0.0;
};

struct RuntimeOptions {
  StreamFormat format;
  bool fadeIn = true;               ///< outputs fade in at start: false for streams that no ear hears live
  bool watchForHowl = true;         ///< inputs are live
  Overload::Clock clock = nullptr;  ///< ns, monotonic; nullptr: the steady clock
  void* clockContext = nullptr;
};

/// What the audio thread executes: all strips, mixes and outputs, and the commands that change them.
/// Everything it owns was built by the control thread and goes back there to be freed.
class Runtime {
 public:
  static constexpr std::size_t kQueuedCommands = 16384;
  static constexpr std::size_t kPendingCommands = 4096;
  static constexpr Milliseconds kGlobalRamp = 20_ms;

  explicit Runtime(const RuntimeOptions& options);  // [control]
  ~Runtime();                                       // [control, stopped]

  /// Commands that take effect together, all or none. Commands with a frame should be sent before it comes;
  /// later ones take effect at once. [control]
  bool send(std::span<const Command> batch) noexcept { return commands_.tryPush(batch); }

  /// [control]
  bool receive(Notice& notice) noexcept { return notices_.tryPop(notice); }

  /// Any number of frames from 1 to the largest block. [audio]
  void process(const ConsoleIo& io) noexcept;

  /// Executes everything that was sent, and jumps to it. [control, before processing]
  void settle() noexcept;

  /// Frames done. [any thread]
  FrameTime frame() const noexcept { return frame_.load(std::memory_order_relaxed); }
  /// Beats per minute that rigs and metronome have: the session's, or a transport's that is followed.
  /// [any thread]
  double tempo() const noexcept { return tempo_.load(std::memory_order_relaxed); }
  const StreamFormat& format() const noexcept { return options_.format; }  // [any thread]

  /// Taps of the callback that was processed last; nullptr where there is none. [audio]
  const Strip* strip(int slot) const noexcept { return strips_[slot].get(); }
  const Output* output(int slot) const noexcept { return outputs_[slot].get(); }

 private:
  void fetchCommands() noexcept;
  FrameCount framesToNextCommand(FrameTime now, FrameCount most) const noexcept;
  void executeDue(FrameTime now) noexcept;
  void execute(const Command& command) noexcept;
  void executeSwap(const Command& command) noexcept;
  void setBlock(const Command& command) noexcept;
  void setReverb(ReverbParameter parameter, float value) noexcept;
  void setTempo(TempoParameter parameter, float value) noexcept;
  void followTransport(const ConsoleIo& io, FrameCount offset) noexcept;
  void tellTempo() noexcept;
  void refreshStrip(int slot) noexcept;
  void updateStrip(int slot) noexcept;
  void updateEverything() noexcept;
  void setSolo() noexcept;
  float talkbackTarget() const noexcept { return talkbackOn_ && !talkbackHeld_ ? 1.0f : 0.0f; }

  void processSegment(const ConsoleIo& io, FrameCount offset, FrameCount frames) noexcept;
  void runStrips(const ConsoleIo& io, FrameCount offset, FrameCount frames) noexcept;
  void watchHowl(int slot, FrameCount offset, FrameCount frames) noexcept;
  void runRigs(FrameCount offset, FrameCount frames) noexcept;
  void runBuses(const ConsoleIo& io, FrameCount offset, FrameCount frames) noexcept;
  void gatherSources(const ConsoleIo& io, FrameCount offset) noexcept;
  void shedAndRestore() noexcept;
  void sendBack() noexcept;
  void notify(NoticeKind kind, int slot, float value = 0.0f, std::uint64_t bits = 0,
              void* object = nullptr) noexcept;

  RuntimeOptions options_;
  SpscQueue<Command> commands_;
  SpscQueue<Notice> notices_;
  std::vector<Command>
      pending_;  // by frame, first come first served among equals; never grows past its capacity

  std::array<std::unique_ptr<Strip>, kMaxStrips> strips_;
  std::array<std::unique_ptr<Output>, kMaxOutputs> outputs_;
  std::array<StripLevels, kMaxStrips> levels_{};  // where the mixes look
  std::array<FrameTime, kMaxStrips> stripLeaves_{};
  std::array<std::uint64_t, kMaxStrips> bypassedTold_{};
  std::array<Mix::Source, kSourceCount> sources_{};
  std::array<std::uint8_t, kMaxStrips> byCost_{};  // strips, the cheapest rig first
  ConsoleLevels console_;

  dsp::Reverb reverb_;
  AudioBuffer reverbBus_;
  dsp::Metronome metronome_;
  AudioBuffer click_;
  bool metronomeOn_ = false;
  bool tempoFromTransport_ = false;
  bool followsTransport_ = false;
  double sessionTempo_ = rig::kUsualTempo;
  int talkbackInput_ = -1;
  int talkbackNextInput_ = -1;
  bool talkbackOn_ = false;
  bool talkbackHeld_ = false;
  float talkbackDimDb_ = -12.0f;
  LinearRamp talkback_{0.0f};
  AudioBuffer talkbackBus_;

  Overload overload_;
  std::uint64_t shed_ = 0;  // strips whose rigs are
  std::atomic<FrameTime> frame_{0};
  std::atomic<double> tempo_{rig::kUsualTempo};
};

}  // namespace gainstage::console
