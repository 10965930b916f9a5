#include "analog/cabinet/microphone.h"

#include <cmath>

namespace gainstage::analog {
namespace {

double highPass(double hz, double f, double q) {
  const double w = f / hz;
  return w * w / std::hypot(1.0 - w * w, w / q);
}
double lowPass(double hz, double f, double q) {
  const double w = f / hz;
  return 1.0 / std::hypot(1.0 - w * w, w / q);
}
double bell(double hz, double gainDb, double q, double f) {
  const double w = f / hz, a = std::pow(10.0, gainDb / 40.0);
  return std::hypot(1.0 - w * w, w * a / q) / std::hypot(1.0 - w * w, w / (a * q));
}
double firstOrderHighPass(double hz, double f) { return f / std::hypot(f, hz); }

}  // namespace

double gradientShare(MicrophoneKind kind) noexcept { return kind == MicrophoneKind::ribbon ? 1.0 : 0.5; }

std::complex<double> capsuleSignal(MicrophoneKind kind, const SoundField& field, const Point& axis) noexcept {
  std::complex<double> along = 0.0;
  for (std::size_t i = 0; i < 3; ++i) along += field.velocity[i] * axis[i];
  const double share = gradientShare(kind);
  return (1.0 - share) * field.pressure + share * along;
}

double microphoneMagnitude(MicrophoneKind kind, Hertz frequency) noexcept {
  const double f = frequency.value;
  switch (kind) {
    case MicrophoneKind::dynamic:
      return firstOrderHighPass(120.0, f) * bell(5800.0, 5.5, 1.1, f) * lowPass(14500.0, f, 0.9);
    case MicrophoneKind::ribbon:  // -3 dB at 11 kHz, 12 dB an octave; its own resonance is below 30 Hz
      return highPass(30.0, f, 0.7) * lowPass(11000.0, f, 0.7);
    case MicrophoneKind::condenser:
      return highPass(20.0, f, 0.7) * lowPass(30000.0, f, 0.7);
  }
  return 1.0;
}

}  // namespace gainstage::analog
