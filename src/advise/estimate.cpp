#include "advise/estimate.h"

#include <cmath>
#include <fmt/format.h>

namespace gainstage::advise {

Estimate exactly(double value, std::string_view unit, std::string_view reason) {
  return {value, value, std::string(unit), std::string(reason)};
}

Estimate spanning(std::span<const double> values, std::string_view unit, std::string_view reason) {
  Estimate estimate = exactly(values.empty() ? 0.0 : values.front(), unit, reason);
  for (const double value : values) estimate.include(value);
  return estimate;
}

std::string numberText(double value) {
  if (!std::isfinite(value)) return value > 0 ? "unlimited" : value < 0 ? "nothing" : "unknown";
  const double size = std::abs(value);
  if (size < 1e-12) return "0";
  const int decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  if (text == "-0" || text == "0") return size < 5e-4 ? fmt::format("{:.1g}", value) : "0";
  return text;
}

std::string counted(double count, std::string_view what) {
  return fmt::format("{} {}{}", numberText(count), what, count == 1.0 ? "" : "s");
}

std::string textOf(const Estimate& estimate) {
  const std::string low = numberText(estimate.low), high = numberText(estimate.high);
  const std::string unit = estimate.unit.empty() ? "" : ' ' + estimate.unit;
  if (std::isinf(estimate.high) && std::isfinite(estimate.low)) return "at least " + low + unit;
  if (std::isinf(estimate.low) && std::isfinite(estimate.high)) return "at most " + high + unit;
  return low == high ? low + unit : fmt::format("{} to {}{}", low, high, unit);
}

std::string sourceOf(const Product& product, const Figure& figure) {
  std::string where;
  if (figure.atOhm) where += fmt::format(" at {} ohm", numberText(*figure.atOhm));
  if (figure.atHz) where += fmt::format(" at {} Hz", numberText(*figure.atHz));
  return fmt::format("{}, {} {}{}{} ({}): {}", product.name(), figure.id, figure.written,
                     figure.unit.empty() ? "" : " ", figure.unit, std::string(nameOf(figure.status)) + where,
                     figure.source);
}

}  // namespace gainstage::advise
