#include "headphones/graphic_response.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "dsp/spectrum.h"

namespace gainstage::headphones {
namespace {

constexpr double kSeconds = 0.15;
constexpr std::size_t kOversampled = 16;  // bins for each tap: see dsp::minimumPhase

}  // namespace

double graphicGainDb(std::span<const formats::EqPoint> points, double frequencyHz) noexcept {
  const auto above = std::ranges::upper_bound(points, frequencyHz, {}, &formats::EqPoint::frequencyHz);
  if (above == points.begin()) return points.front().gainDb;
  if (above == points.end()) return points.back().gainDb;
  const formats::EqPoint& below = *(above - 1);
  const double share =
      std::log(frequencyHz / below.frequencyHz) / std::log(above->frequencyHz / below.frequencyHz);
  return below.gainDb + share * (above->gainDb - below.gainDb);
}

std::vector<float> graphicResponse(std::span<const formats::EqPoint> points, double rateHz) {
  const std::size_t taps = std::bit_ceil(static_cast<std::size_t>(kSeconds * rateHz));
  std::vector<double> magnitudes(kOversampled * taps / 2 + 1);
  for (std::size_t k = 0; k < magnitudes.size(); ++k) {
    const double hertz = rateHz * static_cast<double>(k) / static_cast<double>(kOversampled * taps);
    magnitudes[k] = std::pow(10.0, graphicGainDb(points, std::max(hertz, 1.0)) / 20.0);
  }
  std::vector<float> response = dsp::responseOf(dsp::minimumPhase(magnitudes));
  response.resize(taps);
  const std::size_t faded = taps / 4;  // what is cut off would ripple over the curve
  for (std::size_t n = 0; n < faded; ++n) {
    const double share = (static_cast<double>(n) + 1.0) / static_cast<double>(faded);
    response[taps - faded + n] *= static_cast<float>(0.5 + 0.5 * std::cos(std::numbers::pi * share));
  }
  return response;
}

}  // namespace gainstage::headphones
