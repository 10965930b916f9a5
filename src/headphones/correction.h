#pragma once

#include <memory>

#include "core/audio_buffer.h"
#include "dsp/fade.h"
#include "headphones/correction_filter.h"

namespace gainstage::headphones {

/// The place of a listener's correction: none, or a filter that was made aside and is put in while it plays.
/// A filter hears the signal for 30 ms before it is faded in over 30 ms, so that neither a step nor its
/// settling is heard; what is asked for meanwhile follows after. Off, or with no filter, it is bit-exact and
/// costs nothing. Latency 0. 1 or 2 channels. The same bits however the stream is split.
class Correction {
 public:
  static constexpr Milliseconds kSettling = 30_ms, kFade = 30_ms;

  void prepare(const StreamFormat& format, int channels);  // [control]

  /// Replaces the filter (of prepare()'s format and channels); nullptr: none. [audio; or control before
  /// processing]
  void install(std::unique_ptr<CorrectionFilter> filter) noexcept;
  /// One that will not be used again, or nullptr: to be freed by the control thread. [audio]
  std::unique_ptr<CorrectionFilter> takeRetired() noexcept;

  void setOn(bool on) noexcept { on_ = on; }  // [audio] default on

  /// Nothing is done and nothing is on its way. [audio]
  bool isIdle() const noexcept { return !moving_ && !hasWaiting_ && !heard_ && !wanted(); }
  static constexpr FrameCount latencyFrames() noexcept { return 0; }

  /// Forgets all audio and jumps to what was asked for last. [audio; or control before processing]
  void reset() noexcept;
  void process(AudioView io) noexcept;  // [audio] in place

 private:
  CorrectionFilter* wanted() const noexcept { return on_ ? current_.get() : nullptr; }
  void retire(std::unique_ptr<CorrectionFilter> filter) noexcept;
  void begin() noexcept;
  void end() noexcept;
  void settle(AudioView io) noexcept;
  void fade(AudioView io) noexcept;

  bool on_ = true;
  std::unique_ptr<CorrectionFilter> current_, incoming_, waiting_, retired_;
  bool hasWaiting_ = false, hasIncoming_ = false;
  bool moving_ = false;                // from heard_ to going_
  CorrectionFilter* heard_ = nullptr;  // nullptr: the plain signal
  CorrectionFilter* going_ = nullptr;
  FrameCount settlingFrames_ = 1, settlingLeft_ = 0;
  dsp::Crossfade crossfade_;
  AudioBuffer scratch_;
};

}  // namespace gainstage::headphones
