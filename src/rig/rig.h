#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rig/rig_state.h"
#include "rig/slot.h"

namespace gainstage::rig {

/// Something a rig has to tell about one of its blocks.
struct BlockMessage {
  std::string blockId;
  std::string message;  ///< one sentence
};

/// A rig made runnable: an ordered chain of blocks, of which a split holds two chains side by side. Works in
/// the channels it is given until a block makes two of one. A switched-off block is bypassed (bit-exact once
/// its 20 ms crossfade is over); one whose file could not be read is muted (silence leaves it) and named in
/// problems(); one whose output is not finite is faded out within that callback, bypassed from then on and
/// counted.
class Rig {
 public:
  /// Everything is allocated, read and settled here. Relative files are looked for below `folder`.
  /// `fullScaleDbu`: the level at the strip's input that reads 0 dBFS, where it is known. `beatsPerMinute`:
  /// the tempo to settle in. [control]
  static std::unique_ptr<Rig> build(const RigState& state, const StreamFormat& format, int channels,
                                    const std::filesystem::path& folder,
                                    std::optional<double> fullScaleDbu = std::nullopt,
                                    double beatsPerMinute = kUsualTempo);

  /// Why blocks are muted. [control]
  const std::vector<BlockMessage>& problems() const noexcept { return problems_; }
  /// What blocks that work could not do: see Block::notes(). [control]
  const std::vector<BlockMessage>& notes() const noexcept { return notes_; }

  /// Of its first tuner, if it has one. [any thread]
  std::optional<TunerReading> tunerReading() const noexcept;

  int blockCount() const noexcept { return static_cast<int>(slots_.size()); }  // [any thread]
  int outputChannels() const noexcept { return outputChannels_; }              // [any thread]
  FrameCount latencyFrames() const noexcept { return latencyFrames_; }         // [any thread]
  FrameTime tailFrames() const noexcept;                                       // [any thread]

  void set(int block, ParameterIndex index, float value) noexcept;  // [audio]
  void setOn(int block, bool on) noexcept;                          // [audio] crossfaded over 20 ms
  void setTempo(double beatsPerMinute) noexcept;                    // [audio] above 0
  void reset() noexcept;                                            // [audio]

  /// As it was when it was built from `state`, which nothing but values that are not structural may tell from
  /// the one it was. [control, not while it is heard]
  void settle(const RigState& state, double beatsPerMinute) noexcept;

  /// In place: `io` has 2 channels, of which the first `channels` of build() hold the input. All that the
  /// rig's last block gives comes back in the first outputChannels(). [audio]
  void process(AudioView io) noexcept;

  /// Bit i is set once block i gave something that was not finite (blocks from 63 on share the last bit).
  /// [audio]
  std::uint64_t bypassedBlocks() const noexcept { return bypassed_; }

 private:
  Rig() = default;

  ConstAudioView keepKey(ConstAudioView input) noexcept;

  std::vector<std::unique_ptr<Slot>> slots_;  // of every block, by its place in the state
  std::vector<Slot*> chain_;                  // those that are in no split, and the splits
  AudioBuffer key_;                           // what came in, where a block listens to it
  std::vector<BlockMessage> problems_;
  std::vector<BlockMessage> notes_;
  int inputChannels_ = 1;
  int outputChannels_ = 1;
  FrameCount latencyFrames_ = 0;
  std::uint64_t bypassed_ = 0;
};

}  // namespace gainstage::rig
