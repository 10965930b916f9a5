#pragma once

#include <array>

namespace gainstage::dsp {

/// A tone in one spectrum.
struct Tone {
  double bin = 0.0;      ///< between bins, where it stands
  float levelDb = 0.0f;  ///< of its sine, 0 dB at full scale
  bool isPure = false;   ///< stands out of its neighbours, alone: no harmonics, no fundamental below
};

/// The same tone through a row of spectra.
class ToneTrack {
 public:
  static constexpr int kLongest = 13;  ///< spectra that are remembered

  bool isFree() const noexcept { return length_ == 0; }
  void drop() noexcept { length_ = 0; }
  double bin() const noexcept { return bin_; }
  float levelDb() const noexcept { return length_ == 0 ? -200.0f : levels_[newest()]; }

  void add(const Tone& tone) noexcept;

  /// Whether it has risen by the same number of decibels from each spectrum to the next for long enough.
  bool risesSteadily(double hopSeconds) const noexcept;

 private:
  std::size_t newest() const noexcept { return static_cast<std::size_t>((length_ - 1) % kLongest); }
  float level(int spectraAgo) const noexcept {
    return levels_[static_cast<std::size_t>((length_ - 1 - spectraAgo) % kLongest)];
  }

  std::array<float, kLongest> levels_{};  // dB, a ring
  int length_ = 0;                        // spectra since it was first seen
  int pure_ = 0;                          // of the last ones, how many in a row were pure
  double bin_ = 0.0;
  float power_ = 0.0f;
};

}  // namespace gainstage::dsp
