#include "headphones/curve_plot.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace gainstage::headphones {
namespace {

constexpr double kLowestHz = 20.0, kHighestHz = 20000.0, kMostDb = 60.0;
constexpr int kColumns = 64, kRows = 17;
constexpr std::array<double, 10> kTicks{20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000};
constexpr std::array<const char*, 4> kColours{"#888888", "#c0392b", "#2471a3", "#1e8449"};
constexpr double kWidth = 900.0, kHeight = 420.0, kLeft = 60.0, kRight = 20.0, kTop = 40.0, kBottom = 60.0;

/// From the left edge to the right one, 0..1.
double across(double hertz) { return std::log(hertz / kLowestHz) / std::log(kHighestHz / kLowestHz); }

std::string tickText(double hertz) {
  return hertz < 1000.0 ? fmt::format("{:g}", hertz) : fmt::format("{:g}k", hertz / 1000.0);
}

/// Whole steps of 1, 2, 5 or 10 dB around all that is drawn.
struct Range {
  double lowest, highest, step;
};
Range rangeOf(std::span<const PlotCurve> curves) {
  double lowest = 0.0, highest = 0.0;
  for (const PlotCurve& curve : curves)
    for (const double gain : curve.gainsDb) {
      lowest = std::min(lowest, std::clamp(gain, -kMostDb, kMostDb));
      highest = std::max(highest, std::clamp(gain, -kMostDb, kMostDb));
    }
  const double span = std::max(highest - lowest, 2.0);
  const double step = span <= 8.0 ? 1.0 : span <= 16.0 ? 2.0 : span <= 40.0 ? 5.0 : 10.0;
  return {step * std::floor(lowest / step), step * std::max(std::ceil(highest / step), 1.0), step};
}

double gainAt(std::span<const double> hertz, const PlotCurve& curve, double at) {
  const auto above = std::ranges::upper_bound(hertz, at);
  if (above == hertz.begin()) return curve.gainsDb.front();
  if (above == hertz.end()) return curve.gainsDb.back();
  const auto k = static_cast<std::size_t>(above - hertz.begin());
  const double share = std::log(at / hertz[k - 1]) / std::log(hertz[k] / hertz[k - 1]);
  return curve.gainsDb[k - 1] + share * (curve.gainsDb[k] - curve.gainsDb[k - 1]);
}

/// Markup takes these for its own.
std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text)
    safe += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
  return safe;
}

}  // namespace

std::string textPlot(std::span<const double> frequenciesHz, std::span<const PlotCurve> curves) {
  const Range range = rangeOf(curves);
  const auto rowOf = [&](double gain) {
    const double share =
        (range.highest - std::clamp(gain, -kMostDb, kMostDb)) / (range.highest - range.lowest);
    return std::clamp(static_cast<int>(std::lround(share * (kRows - 1))), 0, kRows - 1);
  };
  std::vector<std::string> rows(kRows, std::string(kColumns, ' '));
  rows[static_cast<std::size_t>(rowOf(0.0))] = std::string(kColumns, '-');
  for (const PlotCurve& curve : curves)
    for (int column = 0; column < kColumns; ++column) {
      const double hertz = kLowestHz * std::pow(kHighestHz / kLowestHz, column / (kColumns - 1.0));
      rows[static_cast<std::size_t>(rowOf(gainAt(frequenciesHz, curve, hertz)))]
          [static_cast<std::size_t>(column)] = curve.mark;
    }
  std::vector<std::string> labels(kRows, std::string(7, ' '));
  for (double gain = range.lowest; gain <= range.highest + 0.5 * range.step; gain += range.step)
    labels[static_cast<std::size_t>(rowOf(gain))] = fmt::format("{:>+5.0f} |", gain);
  std::string text = "   dB\n";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (labels[row].back() == ' ') labels[row].back() = '|';
    text += labels[row] + rows[row] + '\n';
  }
  std::string axis(kColumns + 7, ' ');
  for (const double tick : kTicks) {
    const std::string label = tickText(tick);
    const auto at = 7 + static_cast<std::size_t>(std::lround(across(tick) * (kColumns - 1)));
    axis.replace(std::min(at, axis.size() - label.size()), label.size(), label);
  }
  text += axis + " Hz\n";
  std::string legend;
  for (const PlotCurve& curve : curves) legend += fmt::format("  {} {}", curve.mark, curve.name);
  return curves.size() > 1 ? text + "     " + legend + '\n' : text;
}

std::string svgPlot(std::span<const double> frequenciesHz, std::span<const PlotCurve> curves,
                    const std::string& title) {
  const Range range = rangeOf(curves);
  const auto x = [](double hertz) { return kLeft + across(hertz) * (kWidth - kLeft - kRight); };
  const auto y = [&](double gain) {
    return kTop + (range.highest - gain) / (range.highest - range.lowest) * (kHeight - kTop - kBottom);
  };
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:g}\" height=\"{1:g}\" viewBox=\"0 0 {0:g} "
      "{1:g}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      "<text x=\"{2:g}\" y=\"24\" font-size=\"15\">{3}</text>\n",
      kWidth, kHeight, kLeft, escaped(title));
  const auto line = [&](double x1, double y1, double x2, double y2, const char* colour) {
    svg += fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1,
                       y1, x2, y2, colour);
  };
  for (const double tick : kTicks) {
    line(x(tick), y(range.highest), x(tick), y(range.lowest), "#dddddd");
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x(tick),
                       kHeight - kBottom + 18.0, tickText(tick));
  }
  for (double gain = range.lowest; gain <= range.highest + 0.5 * range.step; gain += range.step) {
    line(kLeft, y(gain), kWidth - kRight, y(gain), std::abs(gain) < 0.5 * range.step ? "#999999" : "#dddddd");
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\">{:+.0f} dB</text>\n", kLeft - 6.0,
                       y(gain) + 4.0, gain);
  }
  for (std::size_t c = 0; c < curves.size(); ++c) {
    const char* const colour = kColours[c % kColours.size()];
    svg += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\" points=\"", colour);
    for (std::size_t i = 0; i < frequenciesHz.size(); ++i)
      if (frequenciesHz[i] >= kLowestHz && frequenciesHz[i] <= kHighestHz)
        svg += fmt::format("{:.1f},{:.1f} ", x(frequenciesHz[i]),
                           y(std::clamp(curves[c].gainsDb[i], range.lowest, range.highest)));
    svg +=
        fmt::format("\"/>\n<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n",
                    kLeft + 160.0 * static_cast<double>(c), kHeight - 16.0, colour, escaped(curves[c].name));
  }
  return svg + "</svg>\n";
}

}  // namespace gainstage::headphones
