#include "analog/gear/impedance.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace gainstage::analog {

namespace {

/// Of rising points, where `hz` lies: the index of the upper one, and the share of the way in log frequency.
std::pair<std::size_t, double> between(std::span<const ImpedancePoint> points, double hz) noexcept {
  const auto upper = std::upper_bound(points.begin(), points.end(), hz,
                                      [](double value, const ImpedancePoint& p) { return value < p.hz; });
  if (upper == points.begin()) return {1, 0.0};
  if (upper == points.end()) return {points.size() - 1, 1.0};
  const auto index = static_cast<std::size_t>(upper - points.begin());
  const double low = points[index - 1].hz;
  return {index, std::log(hz / low) / std::log(points[index].hz / low)};
}

/// Legendre's chi function of order 2, the sum over odd k of x^k / k^2, for 0..1; within 1e-12. Where the
/// series would be slow, by chi(x) + chi((1 - x) / (1 + x)) = pi^2 / 8 + ln x ln((1 + x) / (1 - x)) / 2
/// (Lewin, Polylogarithms and Associated Functions, 1981, section 1.8).
double legendreChi(double x) noexcept {
  constexpr double kAtOne = std::numbers::pi * std::numbers::pi / 8.0;
  if (x >= 1.0) return kAtOne;
  const double other = (1.0 - x) / (1.0 + x);
  if (other < x) return kAtOne - 0.5 * std::log(x) * std::log(other) - legendreChi(other);
  double sum = 0.0, power = x;
  for (int k = 1; k < 31; k += 2, power *= x * x) sum += power / (static_cast<double>(k) * k);
  return sum;
}

/// Integral from 0 to u of ln coth(|v| / 2), Bode's weight: an odd function of u.
double bodeWeight(double u) noexcept {
  return std::copysign(2.0 * (legendreChi(1.0) - legendreChi(std::exp(-std::abs(u)))), u);
}

}  // namespace

std::complex<double> MovingCoil::at(double hz) const noexcept {
  const std::complex<double> turn(0.0, hz / resonanceHz);
  const std::complex<double> coil(0.0, 2.0 * std::numbers::pi * hz * inductanceH);
  const std::complex<double> inductive = eddyOhm > 0.0 ? coil * eddyOhm / (coil + eddyOhm) : coil;
  return coilOhm + resonanceOhm * (turn / q) / (turn * turn + turn / q + 1.0) + inductive;
}

bool ImpedanceCurve::accepts(std::span<const ImpedancePoint> points) noexcept {
  double before = 0.0;
  for (const ImpedancePoint& point : points) {
    if (!std::isfinite(point.hz) || !std::isfinite(point.ohm) || !(point.ohm > 0.0)) return false;
    if (!(point.hz > before)) return false;
    before = point.hz;
  }
  return points.size() >= 2;
}

ImpedanceCurve::ImpedanceCurve(std::vector<ImpedancePoint> points) : points_(std::move(points)) {
  // phase(f0) = (1 / pi) * integral of d ln|Z| / du * ln coth(|u| / 2) du, u = ln(f / f0), with the slope
  // constant from point to point and 0 outside.
  phases_.reserve(points_.size());
  for (const ImpedancePoint& here : points_) {
    double sum = 0.0, before = 0.0;
    for (std::size_t n = 0; n < points_.size(); ++n) {
      const double u = std::log(points_[n].hz / here.hz);
      const double reached = bodeWeight(u);
      if (n > 0) {
        const double slope =
            std::log(points_[n].ohm / points_[n - 1].ohm) / std::log(points_[n].hz / points_[n - 1].hz);
        sum += slope * (reached - before);
      }
      before = reached;
    }
    phases_.push_back(std::clamp(sum / std::numbers::pi, -std::numbers::pi / 2.0, std::numbers::pi / 2.0));
  }
}

std::complex<double> ImpedanceCurve::at(double hz) const noexcept {
  const auto [upper, share] = between(points_, hz);
  const double ohm =
      std::exp(std::lerp(std::log(points_[upper - 1].ohm), std::log(points_[upper].ohm), share));
  return std::polar(ohm, std::lerp(phases_[upper - 1], phases_[upper], share));
}

std::complex<double> Impedance::at(double hz) const noexcept {
  if (curve) return curve->at(hz);
  if (model) return model->at(hz);
  return nominalOhm;
}

ImpedanceRange impedanceRange(const Impedance& impedance) noexcept {
  ImpedanceRange range{impedance.magnitudeAt(20.0), impedance.magnitudeAt(20.0)};
  for (int n = 1; n <= 480; ++n) {  // 48 an octave
    const double ohm = impedance.magnitudeAt(20.0 * std::pow(10.0, 3.0 * n / 480.0));
    range.leastOhm = std::min(range.leastOhm, ohm);
    range.largestOhm = std::max(range.largestOhm, ohm);
  }
  return range;
}

}  // namespace gainstage::analog
