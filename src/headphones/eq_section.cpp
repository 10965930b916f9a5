#include "headphones/eq_section.h"

namespace gainstage::headphones {

EqSection cookbookSection(const formats::EqFilter& filter, double rateHz) noexcept {
  using enum formats::EqFilterType;
  const double warped = warpedOf(filter.frequencyHz, rateHz);
  const double a = std::pow(10.0, filter.gainDb / 40.0), perQ = 1.0 / filter.q;
  switch (filter.type) {
    case peak:
      return {1.0, a * perQ, 1.0, perQ / a, warped};
    case lowShelf:  // see dsp/filters/biquad.h for the factor sqrt(A)
      return {1.0, a * perQ, a * a, perQ, warped / std::sqrt(a)};
    case highShelf:
      return {a * a, a * perQ, 1.0, perQ, warped * std::sqrt(a)};
    case lowPass:
      return {0.0, 0.0, 1.0, perQ, warped};
    case highPass:
      return {1.0, 0.0, 0.0, perQ, warped};
    case bandPass:
      return {0.0, perQ, 0.0, perQ, warped};
    case notch:
      return {1.0, 0.0, 1.0, perQ, warped};
    case allPass:
      return {1.0, -perQ, 1.0, perQ, warped};
  }
  return {};
}

}  // namespace gainstage::headphones
