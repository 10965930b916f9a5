#pragma once

#include <cstddef>
#include <vector>

namespace gainstage::dsp {

/// How much one channel resembles itself so many frames ago, over the last while: the normalised square
/// difference function 2 sum(x x') / sum(x^2 + x'^2) of McLeod and Wyvill (2005, "A Smarter Way to Find
/// Pitch", eq. 9), with a window that decays exponentially, so that each frame costs the same and nothing has
/// to be kept but one sum for each lag.
class RunningCorrelation {
 public:
  /// Lags 0..longestLag; the window's time constant in frames. [control]
  void prepare(int longestLag, double windowFrames);
  void reset() noexcept;  // [audio]

  void push(float sample) noexcept;  // [audio]

  int longestLag() const noexcept { return longest_; }  // [any thread]
  /// -1..1, 0 for silence; lag 0..longestLag. [audio]
  float at(int lag) const noexcept;
  /// Mean square over the window. [audio]
  float power() const noexcept { return energyNow_ * share_; }

  /// A maximum of at() between frames.
  struct Peak {
    float lag = 0.0f;
    float value = 0.0f;
  };
  /// The maximum near `lag`, whose neighbours are not larger: of the cosine through the three, which is exact
  /// for a sine however short its period. [audio] lag 1..longestLag - 1
  Peak peakNear(int lag) const noexcept;

 private:
  int longest_ = 0;
  float decay_ = 0.0f, share_ = 0.0f, energyNow_ = 0.0f;
  std::vector<float> products_;          // for each lag
  std::vector<float> samples_, energy_;  // newest first from at_ on, each twice
  std::size_t size_ = 0, at_ = 0;
  bool idle_ = true;
};

/// The same, of three values around a maximum at 0: where it lies (-1..1) and how high.
RunningCorrelation::Peak cosinePeak(float before, float middle, float after) noexcept;

}  // namespace gainstage::dsp
