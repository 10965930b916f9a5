#include "dsp/resampling/half_band.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/resampling/equiripple.h"

namespace gainstage::dsp {

std::vector<double> allPassHalfBand(double passEdge, int count) {
  // The elliptic filter's modulus, and its nome by the first terms of its series.
  const double tangent = std::tan(std::numbers::pi * passEdge);
  const double modulus = tangent * tangent;
  const double root = std::pow(1.0 - modulus * modulus, 0.25);
  const double e = 0.5 * (1.0 - root) / (1.0 + root);
  const double nome = e + 2.0 * std::pow(e, 5) + 15.0 * std::pow(e, 9) + 150.0 * std::pow(e, 13);
  // Theta functions: the terms fall as nome^(m^2), and nome stays below 0.2.
  constexpr int kTerms = 8;
  std::vector<double> coefficients;
  for (int i = 1; i <= count; ++i) {
    const double angle = std::numbers::pi * i / (2 * count + 1);
    double above = 0.0, below = 0.5;
    for (int m = 0; m < kTerms; ++m) {
      const double sign = m % 2 == 0 ? 1.0 : -1.0;
      above += sign * std::pow(nome, m * (m + 1)) * std::sin((2 * m + 1) * angle);
      if (m > 0) below += sign * std::pow(nome, m * m) * std::cos(2 * m * angle);
    }
    const double zero = std::pow(std::pow(nome, 0.25) * above / below, 2);
    const double pole = std::sqrt((1.0 - zero * modulus) * (1.0 - zero / modulus)) / (1.0 + zero);
    coefficients.push_back((1.0 - pole) / (1.0 + pole));
  }
  return coefficients;
}

std::vector<double> symmetricHalfBand(double passEdge, int half) {
  const EquirippleLowpass design = designLowpass({.passEnd = passEdge, .stopBegin = 0.5 - passEdge}, half);
  std::vector<double> odd;
  for (std::size_t k = 1; k < design.taps.size(); k += 2) odd.push_back(design.taps[k]);
  return odd;
}

AllPassHalfBand::AllPassHalfBand(double passEdge, int count) : count_(count) {
  std::ranges::copy(allPassHalfBand(passEdge, count), coefficients_.begin());
}

namespace {

/// One frame through the chain that begins with the given all-pass: every second one. Of the two ways to
/// write (a + 1/z) / (1 + a/z) this is the one whose feedback is shortest: a product and a difference.
template <int kCount>
inline double chain(int first, double value, const double* a, double* state) noexcept {
  for (int i = first; i < kCount; i += 2) {
    const double next = (a[i] * value + state[i]) - a[i] * state[i + 2];
    state[i] = value;
    value = next;
  }
  state[kCount + (first + kCount) % 2] = value;
  return value;
}

}  // namespace

template <int kCount>
void AllPassHalfBand::upBy(const double* in, double* out, int frames) noexcept {
  const std::array a = coefficients_;
  std::array state = state_;
  for (int n = 0; n < frames; ++n) {
    out[2 * n] = chain<kCount>(0, in[n], a.data(), state.data());
    out[2 * n + 1] = chain<kCount>(1, in[n], a.data(), state.data());
  }
  state_ = state;
}

template <int kCount>
void AllPassHalfBand::downBy(const double* in, double* out, int frames) noexcept {
  const std::array a = coefficients_;
  std::array state = state_;
  for (int n = 0; n < frames; ++n)
    out[n] = 0.5 * (chain<kCount>(0, in[2 * n + 1], a.data(), state.data()) +
                    chain<kCount>(1, in[2 * n], a.data(), state.data()));
  state_ = state;
}

void AllPassHalfBand::up(const double* in, double* out, int frames) noexcept {
  if (count_ == 2) return upBy<2>(in, out, frames);
  if (count_ == 3) return upBy<3>(in, out, frames);
  upBy<6>(in, out, frames);
}

void AllPassHalfBand::down(const double* in, double* out, int frames) noexcept {
  if (count_ == 2) return downBy<2>(in, out, frames);
  if (count_ == 3) return downBy<3>(in, out, frames);
  downBy<6>(in, out, frames);
}

SymmetricHalfBand::SymmetricHalfBand(double passEdge, int half, int maxFrames)
    : half_(half),
      taps_(symmetricHalfBand(passEdge, half)),
      even_(static_cast<std::size_t>(half + maxFrames)),
      odd_(static_cast<std::size_t>((half + 1) / 2 + maxFrames)),
      sums_(static_cast<std::size_t>(maxFrames)) {
  std::ranges::reverse(taps_);
}

void SymmetricHalfBand::reset() noexcept {
  std::ranges::fill(even_, 0.0);
  std::ranges::fill(odd_, 0.0);
}

/// Of what even_ holds, which then moves on.
void SymmetricHalfBand::sum(double gain, double* out, int stride, int frames) noexcept {
  std::fill_n(sums_.data(), frames, 0.0);
  for (std::size_t k = 0; k < taps_.size(); ++k) {
    const double tap = gain * taps_[k];
    const double* const old = even_.data() + k;
    const double* const young = even_.data() + half_ - static_cast<std::ptrdiff_t>(k);
    for (int n = 0; n < frames; ++n) sums_[static_cast<std::size_t>(n)] += tap * (old[n] + young[n]);
  }
  for (int n = 0; n < frames; ++n) out[n * stride] = sums_[static_cast<std::size_t>(n)];
  std::copy_n(even_.data() + frames, half_, even_.data());
}

void SymmetricHalfBand::up(const double* in, double* out, int frames) noexcept {
  std::copy_n(in, frames, even_.data() + half_);
  const double* const middle = even_.data() + (half_ + 1) / 2;
  for (int n = 0; n < frames; ++n) out[2 * n + 1] = middle[n];
  sum(2.0, out, 2, frames);
}

void SymmetricHalfBand::down(const double* in, double* out, int frames) noexcept {
  const int delay = (half_ + 1) / 2;
  for (int n = 0; n < frames; ++n) {
    even_[static_cast<std::size_t>(half_ + n)] = in[2 * n];
    odd_[static_cast<std::size_t>(delay + n)] = in[2 * n + 1];
  }
  sum(1.0, out, 1, frames);
  for (int n = 0; n < frames; ++n) out[n] += 0.5 * odd_[static_cast<std::size_t>(n)];
  std::copy_n(odd_.data() + frames, delay, odd_.data());
}

}  // namespace gainstage::dsp
