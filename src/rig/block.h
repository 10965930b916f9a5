#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/audio_view.h"
#include "core/parameter.h"
#include "core/result.h"
#include "core/stream_format.h"

namespace gainstage::rig {

class Block;

/// What a tuner reads; hz 0: no note is heard, and the rest means nothing.
struct TunerReading {
  double hz = 0.0;
  double clarity = 0.0;  ///< 0..1: how much a period resembles the one before
  int midi = 69;         ///< the nearest note; 69: A4
  double cents = 0.0;    ///< above it, as reference and temperament have it
};

/// Beats per minute where nobody says.
inline constexpr double kUsualTempo = 120.0;

/// What a kind of block is, said once beside the block that owns it.
struct BlockDeclaration {
  std::string_view type;                  ///< session key: "gate"
  std::string_view name;                  ///< what people see: "Noise gate"
  std::span<const Parameter> parameters;  ///< an event's ParameterIndex counts in this list
  std::unique_ptr<Block> (*create)();     ///< [control]
};

/// One piece of processing in a rig. Life: create, setFile and set for what is structural, prepare, set for
/// every number, reset; then processing. Blocks must give the same output however the stream is split into
/// calls.
class Block {
 public:
  Block() = default;
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  virtual ~Block() = default;

  virtual const BlockDeclaration& declaration() const noexcept = 0;  // [any thread]

  /// Reads a file parameter's file. An error mutes the block and no more: its rig says so. [control, before
  /// prepare]
  virtual Result<void> setFile(ParameterIndex, const std::filesystem::path&) { return {}; }

  /// The level in dBu at the strip's input that reads 0 dBFS there, where it is known. [control, before
  /// prepare]
  virtual void setFullScaleDbu(std::optional<double>) {}

  /// Beats per minute, above 0: kUsualTempo until it is told. [audio; or control once prepared]
  virtual void setTempo(double) noexcept {}

  /// The one call that allocates; `channels` (1 or 2) is what comes in. [control]
  virtual Result<void> prepare(const StreamFormat& format, int channels) = 0;

  /// What goes out for what comes in: a block may make two channels of one, never one of two. [any thread]
  virtual int outputChannels(int channels) const noexcept { return channels; }

  /// Delay between input and output, once prepared. [any thread]
  virtual FrameCount latencyFrames() const noexcept { return 0; }

  /// How long it still sounds after its input fell silent (to -90 dB), once prepared. [any thread]
  virtual FrameTime tailFrames() const noexcept { return 0; }

  /// What a user should know of a block that works, a sentence each: what it could not do for want of a
  /// figure. [control, once prepared]
  virtual std::vector<std::string> notes() const { return {}; }

  /// What it reads, if it is a tuner. [any thread]
  virtual std::optional<TunerReading> tunerReading() const noexcept { return std::nullopt; }

  /// Whether it listens to what came into its rig; setKey() then precedes each process(). [any thread, once
  /// given what is structural]
  virtual bool wantsKey() const noexcept { return false; }

  /// What came into the rig, as late as the block's own input is: 1 or 2 channels, the frames of the
  /// process() that follows. [audio]
  virtual void setKey(ConstAudioView) noexcept {}

  /// A value within its declaration's range, heard after its rampMs. [audio; or control before processing]
  virtual void set(ParameterIndex index, float value) noexcept = 0;

  /// Forgets all audio and jumps to the values last set. [audio; or control before processing]
  virtual void reset() noexcept = 0;

  /// In place. `io` has outputChannels(channels) channels; where that is more than come in, the second holds
  /// nothing yet. [audio] Any frame count from 1 to the prepared maximum.
  virtual void process(AudioView io) noexcept = 0;
};

/// Every kind of block there is, in the order that a list shows them. [any thread]
std::span<const BlockDeclaration* const> blockDeclarations() noexcept;

/// nullptr where there is no such type. [any thread]
const BlockDeclaration* findBlockDeclaration(std::string_view type) noexcept;

}  // namespace gainstage::rig
