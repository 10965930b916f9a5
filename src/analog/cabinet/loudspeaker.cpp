#include "analog/cabinet/loudspeaker.h"

#include <algorithm>
#include <cmath>

namespace gainstage::analog {
namespace {

constexpr double kWholeUpTo = 2.0;  // of k a

/// |(n2 s^2 + n1 s + n0) / (s^2 + d s + 1)| at s = j w
double magnitude(double n2, double n1, double n0, double damping, double w) noexcept {
  return std::hypot(n0 - n2 * w * w, n1 * w) / std::hypot(1.0 - w * w, damping * w);
}

}  // namespace

double coneMagnitude(const Loudspeaker& speaker, double boxLitres, Hertz frequency) noexcept {
  const double stiffer = boxLitres > 0.0 ? std::sqrt(1.0 + speaker.complianceLitres / boxLitres) : 1.0;
  double gain = magnitude(1.0, 0.0, 0.0, 1.0 / (speaker.q * stiffer),
                          frequency.value / (speaker.resonanceHz * stiffer));
  for (const ConeMode& mode : speaker.modes) {
    const double a = std::pow(10.0, mode.gainDb / 40.0);
    gain *= magnitude(1.0, a / mode.q, 1.0, 1.0 / (a * mode.q), frequency.value / mode.frequencyHz);
  }
  const double w = frequency.value / speaker.rollOffHz;
  for (const double q : {speaker.rollOffQ, 0.7, 0.6}) gain *= magnitude(0.0, 0.0, 1.0, 1.0 / q, w);
  return gain;
}

double movingRadius(const Loudspeaker& speaker, double waveNumber) noexcept {
  return std::min(speaker.radiusM, kWholeUpTo / waveNumber);
}

}  // namespace gainstage::analog
