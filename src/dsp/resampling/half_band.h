#pragma once

#include <array>
#include <span>
#include <vector>

namespace gainstage::dsp {

/// What leads from one rate to twice that rate, or back, in one direction: a filter of which every second tap
/// or every second branch is known to be a delay. Frames are counted at the lower rate.

/// Of two chains of all-passes, their coefficients by the closed formulas for elliptic half-bands
/// (Valenzuela & Constantinides 1983, "Digital signal processing schemes for efficient interpolation and
/// decimation", IEE Proc. G 130). `passEdge`, a share of the higher rate below 0.25, is where the passband
/// ends; the stopband begins at 0.5 - passEdge. The passband's ripple is below 1e-9 dB where the stopband is
/// below -90 dB.
std::vector<double> allPassHalfBand(double passEdge, int count);

/// The odd taps of a symmetric half-band from the middle on, for one of 2 half + 1 taps; `half` is odd.
std::vector<double> symmetricHalfBand(double passEdge, int half);

class AllPassHalfBand {
 public:
  static constexpr int kMost = 6;

  /// 2, 3 or 6 coefficients. [control]
  AllPassHalfBand(double passEdge, int count);

  void reset() noexcept { state_.fill(0.0); }
  void up(const double* in, double* out, int frames) noexcept;    ///< 2 frames out
  void down(const double* in, double* out, int frames) noexcept;  ///< 2 frames in

 private:
  template <int kCount>
  void upBy(const double* in, double* out, int frames) noexcept;
  template <int kCount>
  void downBy(const double* in, double* out, int frames) noexcept;

  int count_;
  std::array<double, kMost> coefficients_{};
  std::array<double, kMost + 2> state_{};  // before each all-pass, and behind both chains
};

class SymmetricHalfBand {
 public:
  /// Calls bring at most `maxFrames`. Delays by `half` at the higher rate. [control]
  SymmetricHalfBand(double passEdge, int half, int maxFrames);

  int half() const noexcept { return half_; }
  void reset() noexcept;
  void up(const double* in, double* out, int frames) noexcept;
  void down(const double* in, double* out, int frames) noexcept;

 private:
  void sum(double gain, double* out, int stride, int frames) noexcept;

  int half_;
  std::vector<double> taps_;  // from the outermost, half of them: the others are the same
  std::vector<double> even_;  // what was, then what is new: of what the taps weigh
  std::vector<double> odd_;   // of what is but delayed
  std::vector<double> sums_;
};

}  // namespace gainstage::dsp
