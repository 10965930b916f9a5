#include "analog/cabinet/cabinet.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "analog/cabinet/enclosure.h"
#include "analog/cabinet/microphone.h"
#include "dsp/spectrum.h"

namespace gainstage::analog {
namespace {

constexpr Milliseconds kLength{60.0}, kFadeOut{15.0};
constexpr double kShortestTransformMs = 85.0;
// The phase of a high-pass, whose magnitude's logarithm has no bottom at 0 Hz, needs bins of 3 Hz.
constexpr int kFinerForPhase = 4;
constexpr double kHighestHz = 24000.0;  // 80 dB and more down
constexpr double kReferenceM = 0.03;
// The near field of one cone, once its delay is taken out, bends too little for more.
constexpr double kPointsPerOctave = 12.0, kLowestHz = 10.0;
constexpr Hertz kBackFalls{1000.0};  // basket and magnet stand in the back's way

double waveNumberOf(double hz) { return 2.0 * std::numbers::pi * hz / kSpeedOfSound; }

class Room {
 public:
  Room(const CabinetSetup& setup, const Enclosure& enclosure) : setup_(setup), enclosure_(enclosure) {
    const double angle = setup.angleDegrees * std::numbers::pi / 180.0;
    axis_ = {std::sin(angle), 0.0, std::cos(angle)};
    const double metres = setup.distanceCm / 100.0;
    microphone_ = {axis_[0] * metres, 0.0, axis_[2] * metres};
    metres_ = metres;
    paths_ = soundPaths(enclosure, microphone_);
  }

  /// Magnitude of the miked cone's own sound.
  double direct(double hz) const {
    const double k = waveNumberOf(hz);
    const SoundField field = pistonField(movingRadius(enclosure_.speaker, k), microphone_, k);
    return std::abs(capsuleSignal(setup_.microphone, field, axis_));
  }

  /// All other ways, as much later as they are longer.
  std::complex<double> indirect(double hz) const {
    const double k = waveNumberOf(hz), moving = movingRadius(enclosure_.speaker, k);
    const double air = airAttenuation({hz}) * std::numbers::ln10 / 20.0;
    const std::complex<double> behind = 1.0 / std::complex<double>(1.0, hz / kBackFalls.value);
    std::complex<double> sum = 0.0;
    for (const SoundPath& path : paths_) {
      const Point way{microphone_[0] - path.from[0], microphone_[1] - path.from[1],
                      microphone_[2] - path.from[2]};
      const std::complex<double> heard =
          capsuleSignal(setup_.microphone, sphericalWave(way, path.metres, k), axis_);
      const double share =
          path.share * pistonDirectivity(k * moving * path.sine) * std::exp(-air * path.metres);
      sum += path.fromBehind ? heard * share * behind : heard * share;
    }
    return sum * std::polar(1.0, k * metres_);
  }

 private:
  CabinetSetup setup_;
  const Enclosure& enclosure_;
  Point axis_{}, microphone_{};
  double metres_ = 0.0;  // from the cone to the microphone
  std::vector<SoundPath> paths_;
};

/// A magnitude at points that are equally far apart on a logarithmic scale, and straight lines between them.
class Curve {
 public:
  template <typename Function>
  Curve(double highestHz, Function&& valueAt) {
    for (double hz = kLowestHz; hz < 2.0 * highestHz; hz *= std::exp2(1.0 / kPointsPerOctave))
      points_.push_back(valueAt(hz));
  }
  /// Held at its first and last point beyond them.
  double at(double hz) const {
    const double place = std::clamp(kPointsPerOctave * std::log2(std::max(hz, 1e-3) / kLowestHz), 0.0,
                                    static_cast<double>(points_.size() - 1));
    const auto left = std::min(static_cast<std::size_t>(place), points_.size() - 2);
    const double part = place - static_cast<double>(left);
    return points_[left] * (1.0 - part) + points_[left + 1] * part;
  }

 private:
  std::vector<double> points_;
};

/// Frames of a transform in which a response of kLength rings out.
std::size_t transformSize(double sampleRate) {
  return std::bit_ceil(static_cast<std::size_t>(kShortestTransformMs * 1e-3 * sampleRate));
}

/// The first kLength of it, faded out at its end.
void shorten(std::vector<float>& response, double sampleRate) {
  const auto length = static_cast<std::size_t>(kLength.seconds() * sampleRate);
  const auto fade = static_cast<std::size_t>(kFadeOut.seconds() * sampleRate);
  response.resize(length);
  for (std::size_t n = 0; n < fade; ++n)
    response[length - 1 - n] *= static_cast<float>(
        0.5 - 0.5 * std::cos(std::numbers::pi * (static_cast<double>(n) + 0.5) / static_cast<double>(fade)));
}

}  // namespace

std::vector<float> cabinetResponse(const CabinetSetup& setup, double sampleRate) {
  const Enclosure enclosure = enclosureOf(setup.cabinet);
  const Room room(setup, enclosure);
  const std::size_t size = transformSize(sampleRate), bins = size / 2 + 1;
  const double binHz = sampleRate / static_cast<double>(size);

  const Curve direct(std::min(kHighestHz, sampleRate / 2.0), [&](double hz) { return room.direct(hz); });
  std::vector<double> magnitudes((bins - 1) * kFinerForPhase + 1), directs(magnitudes.size(), direct.at(0.0));
  for (std::size_t i = 1; i < magnitudes.size(); ++i) {
    const Hertz frequency{static_cast<double>(i) * binHz / kFinerForPhase};
    magnitudes[i] = coneMagnitude(enclosure.speaker, enclosure.boxLitres, frequency) *
                    microphoneMagnitude(setup.microphone, frequency);
    directs[i] = direct.at(frequency.value);
  }
  const dsp::Spectrum parts = dsp::minimumPhase(magnitudes), near = dsp::minimumPhase(directs);

  const double radius = enclosure.speaker.radiusM;
  const double reference = 2.0 * (std::hypot(kReferenceM, radius) - kReferenceM) / (radius * radius);
  dsp::Spectrum spectrum(bins);
  for (std::size_t bin = 1; bin < bins && static_cast<double>(bin) * binHz < kHighestHz; ++bin) {
    const double hz = static_cast<double>(bin) * binHz;
    spectrum[bin] =
        parts[bin * kFinerForPhase] * (near[bin * kFinerForPhase] + room.indirect(hz)) / reference;
  }
  std::vector<float> response = dsp::responseOf(spectrum);
  shorten(response, sampleRate);
  return response;
}

std::vector<float> movedMicrophoneResponse(MicrophoneKind microphone, double fromCm, double toCm,
                                           double sampleRate) {
  const Enclosure enclosure = enclosureOf(CabinetKind::closed4x12);
  const Room from({.microphone = microphone, .distanceCm = fromCm}, enclosure);
  const Room to({.microphone = microphone, .distanceCm = toCm}, enclosure);
  const Curve moved(std::min(kHighestHz, sampleRate / 2.0), [&](double hz) {
    const double airDb = airAttenuation({hz}) * (toCm - fromCm) / 100.0;
    return to.direct(hz) / from.direct(hz) * std::pow(10.0, -airDb / 20.0);
  });
  const std::size_t bins = transformSize(sampleRate) / 2 + 1;
  std::vector<double> magnitudes(bins);
  for (std::size_t bin = 0; bin < bins; ++bin)
    magnitudes[bin] = moved.at(static_cast<double>(bin) * sampleRate / 2.0 / static_cast<double>(bins - 1));
  std::vector<float> response = dsp::responseOf(dsp::minimumPhase(magnitudes));
  shorten(response, sampleRate);
  return response;
}

}  // namespace gainstage::analog
