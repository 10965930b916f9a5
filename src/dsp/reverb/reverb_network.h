#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/stream_format.h"

namespace gainstage::dsp {

/// A feedback delay network of 16 lines (Jot & Chaigne, "Digital delay networks for designing artificial
/// reverberators", AES 90, 1991): what leaves the lines is damped, mixed by a Hadamard matrix and goes back
/// in. The matrix is orthogonal, so lossless whatever the lengths (Schlecht & Habets, "On lossless feedback
/// delay networks", IEEE TSP 65(6), 2017): all decay comes from the damping, set line by line in proportion
/// to its length. Half of the lines sway in length by 0.3 ms, slower than 1 Hz, so that no mode stands still
/// long enough to ring.
///
/// The same bits on every machine and however the stream is split.
class ReverbNetwork {
 public:
  static constexpr int kLines = 16;
  static constexpr int kGrid = 16;  ///< frames for which coefficients stand still, counted from reset()

  /// `scale`: of the lines' lengths, 0.2..1.
  explicit ReverbNetwork(double scale = 1.0) noexcept : scale_(scale) {}

  void prepare(const StreamFormat& format);  // [control]

  /// RT60 well below `dampingHz`; there it is half as long. Over 50 ms. [audio] 0.1..20 s; 500..20,000 Hz
  void setDecay(double seconds, double dampingHz) noexcept;

  /// Silence, and the decay last set at once. Takes no time: what the lines hold is told by its age. [audio]
  void reset() noexcept;

  /// `right` and `left` in and out, equally long. Noise of equal power in both comes out with that power in
  /// each, below the damping and as a mean over time. The outputs do not resemble each other even where the
  /// inputs do. [audio]
  void process(std::span<const float> left, std::span<const float> right, std::span<float> outLeft,
               std::span<float> outRight) noexcept;

  /// How much of a signal is left after kGrid frames, at most. [audio]
  float decayOverGrid() const noexcept { return decayOverGrid_; }

 private:
  using PerLine = std::array<float, kLines>;

  struct Damping {
    PerLine gain{}, pole{};  ///< state = pole x state + gain x sample, a share of the mixing's 1/4 included
    float input = 0.0f;      ///< makes up for the energy that gathers in the lines
  };

  struct Line {
    std::vector<float> ring;  ///< a power of two, and its beginning once more behind its end
    int mask = 0;
    int length = 0;                           ///< frames
    double cosine = 1.0, sine = 0.0;          ///< where the sway is
    double turnCosine = 1.0, turnSine = 0.0;  ///< how far it goes in kGrid frames
    int whole = 0;                            ///< delay of this grid: whole + fraction + slope x frame
    float fraction = 0.0f, slope = 0.0f;
  };

  void beginGrid() noexcept;
  const float* pointsOf(const Line& line, float* scratch) const noexcept;
  void write(Line& line, const float* samples, int count) noexcept;

  double scale_;
  double sampleRate_ = 48000.0;
  double swayFrames_ = 0.0;
  std::array<Line, kLines> lines_;
  Damping target_, current_, step_;
  int stepsLeft_ = 0, rampSteps_ = 1;
  float decayOverGrid_ = 0.0f;
  PerLine state_{};
  std::int64_t frame_ = 0;  ///< since reset()
};

}  // namespace gainstage::dsp
