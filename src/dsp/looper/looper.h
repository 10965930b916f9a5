#pragma once

#include <array>
#include <atomic>
#include <span>
#include <vector>

#include "core/audio_view.h"
#include "core/ramp.h"
#include "core/stream_format.h"
#include "dsp/looper/loop_layers.h"

namespace gainstage::dsp {

enum class LoopState : std::uint8_t { empty, recording, playing, overdubbing, stopped };

/// What a player asks for. `record` is the one pedal that does it all: records, then plays, then overdubs,
/// then plays ...
enum class LoopAction : std::uint8_t { record, overdub, play, stop, undo, redo, clear, pin, unpin };

/// What a looper tells.
struct LoopReading {
  LoopState state = LoopState::empty;
  std::int64_t lengthFrames = 0;  ///< while it records: so far
  std::int64_t positionFrames = 0;
  int undoable = 0, redoable = 0;  ///< steps
  bool ranOut = false;             ///< the last recording or overdub ended for want of memory
  bool refused = false;            ///< the last action could not be done in that state
};

/// Records what passes, two channels, and plays it over and over beside what is played. Latency 0. Each pass
/// gives the same samples as the one before. What follows the end is blended into the beginning over 10 ms,
/// so that the seam is the signal's own; whatever starts, stops or changes does so over 10 ms. The same bits
/// however the stream is split.
class Looper {
 public:
  static constexpr double kLongestS = 600.0;

  explicit Looper(const StreamFormat& format);  // [control]

  /// Memory for the next 8 s of recording, and back what is not needed: before each action, and a few times a
  /// second. A player whose memory does not come keeps what he has recorded by then. [control]
  void service();
  std::size_t bytes() const noexcept;  // [control] of audio

  LoopReading reading() const noexcept;  // [any thread]

  void act(LoopAction action) noexcept;  // [audio] at the next frame, or within 10 ms of it
  void setReverse(bool on) noexcept { wantedReverse_ = on; }      // [audio] not within an overdub: after it
  void setHalfSpeed(bool on) noexcept { wantedHalfSpeed_ = on; }  // [audio] the same
  void setDecay(Decibels fall) noexcept {
    decay_.setTarget((-fall).linear());
  }  // [audio] of a pass overdubbed
  /// The loop becomes a whole number of beats long; 0: any length. [audio]
  void setBeat(double frames) noexcept { beatFrames_ = frames; }

  bool isIdle() const noexcept { return state_ == LoopState::empty && pendingCount_ == 0; }  // [audio]
  /// Recording or heard: silence that comes in is not the end. [audio]
  bool isActive() const noexcept {
    return pendingCount_ > 0 || !(state_ == LoopState::empty || (state_ == LoopState::stopped && isSilent()));
  }
  void process(AudioView io) noexcept;  // [audio] in place, 2 channels

  /// The loop as it is heard, once a pin was granted and until it is released: nothing of it changes
  /// meanwhile. Gives the frames from `first` on. [control]
  bool isPinned() const noexcept { return pinned_.load(std::memory_order_acquire); }
  std::int64_t pinnedFrames() const noexcept { return pinnedLength_; }
  void readPinned(std::int64_t first, AudioView out) noexcept;

 private:
  static constexpr int kMostPending = 8;

  bool isSilent() const noexcept { return playGain_.isSettled() && playGain_.target() == 0.0f; }
  bool isBusy() const noexcept;
  void runPending() noexcept;
  void execute(LoopAction action) noexcept;
  void pend(LoopAction action, bool first) noexcept;
  void startRecording() noexcept;
  void recordFrame(const float (&in)[2]) noexcept;
  void askToClose(LoopAction then) noexcept;
  void close(std::int64_t length) noexcept;
  void blendSeam(std::int64_t index, const float (&in)[2]) noexcept;
  void play() noexcept;
  bool startOverdub() noexcept;
  void endOverdub() noexcept;
  void overdubFrame(const float (&in)[2]) noexcept;
  void switchTo(int layer) noexcept;
  void finishClear() noexcept;
  void pin() noexcept;
  float heard(int layer, int channel) noexcept;
  std::int64_t wrapped(std::int64_t frame) const noexcept;
  std::size_t nextChunk(std::size_t chunk) const noexcept;
  void advance() noexcept;
  void frame(float& left, float& right) noexcept;
  void publish() noexcept;

  FrameCount fadeFrames_;
  int ahead_;  // chunks
  LoopMemory memory_;
  LoopLayers layers_;

  LoopState state_ = LoopState::empty;
  std::array<LoopAction, kMostPending> pending_{};
  int pendingCount_ = 0;
  std::int64_t recorded_ = 0, length_ = 0;
  std::int64_t closeAt_ = 0;  // 0: not known yet
  LoopAction afterClose_ = LoopAction::play;
  std::int64_t seam_ = 0;        // next frame of the beginning to be blended
  std::int64_t halfFrames_ = 0;  // position, in halves of a frame
  bool reverse_ = false, wantedReverse_ = false, halfSpeed_ = false, wantedHalfSpeed_ = false;
  bool clearing_ = false, ranOut_ = false, refused_ = false;
  double beatFrames_ = 0.0;
  LinearRamp playGain_{0.0f}, overdub_{0.0f}, decay_{1.0f};
  std::size_t chunk_ = 0;  // overdubbed now; it and the next one are the layer's own
  int oldLayer_ = 0;
  FrameCount switchLeft_ = 0;
  std::array<float, 8> between_{};  // kernel half-way between two frames, from the middle on
  int trimIn_ = 0;

  std::vector<int> pinnedTable_;
  std::int64_t pinnedLength_ = 0;
  std::atomic<bool> pinned_{false};
  std::atomic<LoopState> shownState_{LoopState::empty};
  std::atomic<std::int64_t> shownLength_{0}, shownPosition_{0};
  std::atomic<int> shownUndo_{0}, shownRedo_{0};
  std::atomic<bool> shownRanOut_{false}, shownRefused_{false};
};

}  // namespace gainstage::dsp
