#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/audio_view.h"
#include "core/stream_format.h"
#include "dsp/convolver/convolver.h"
#include "dsp/filters/biquad_cascade.h"
#include "headphones/preset.h"

namespace gainstage::headphones {

/// A preset made for a stream's rate: filter sections matched to the preset's curve, and a convolution of
/// minimum phase for what is drawn point by point, or for an impulse response (which keeps its own phase).
/// Latency 0. After silence of its ring-down it sleeps, and costs next to nothing. Samples that are not
/// finite or beyond +-1e6 count as 0. The same bits however the stream is split.
class CorrectionFilter {
 public:
  /// `channels`: 1 or 2. An impulse response of another rate is converted, see dsp::convertResponse; of
  /// several channels, one output channel hears the first. [control]
  static Result<std::unique_ptr<CorrectionFilter>> make(const Preset& preset, const StreamFormat& format,
                                                        int channels);

  int channels() const noexcept { return channels_; }                           // [any thread]
  FrameTime ringFrames() const noexcept { return ringFrames_; }                 // [any thread] 140 dB down
  int sections() const noexcept { return static_cast<int>(sections_.size()); }  // [any thread]
  FrameCount taps() const noexcept { return taps_; }                            // [any thread]

  void reset() noexcept;                // [audio] forgets all audio
  void process(AudioView io) noexcept;  // [audio] in place, channels() of it

 private:
  friend class Correction;

  CorrectionFilter() = default;
  void run(AudioView io) noexcept;
  FrameCount sleep(AudioView io) noexcept;
  FrameCount work(AudioView io) noexcept;

  int channels_ = 2;
  std::vector<dsp::MovingBiquad> sections_;
  std::optional<dsp::Convolver> convolver_;
  FrameCount taps_ = 0;
  FrameTime ringFrames_ = 0;
  FrameTime silentFrames_ = 0;              // that came last
  std::unique_ptr<CorrectionFilter> next_;  // in a list of those to be freed
};

}  // namespace gainstage::headphones
