#include "headphones/curve_plot.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

#include "headphones/preset.h"

namespace gainstage::headphones {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// The line and column of the plot's area where `mark` stands highest.
struct Place {
  int row = -1, column = -1;
};
Place highest(const std::string& plot, char mark) {
  std::istringstream lines(plot);
  std::string line;
  std::getline(lines, line);
  for (int row = 0; std::getline(lines, line) && row < 17; ++row)
    if (const auto at = line.find(mark, 7); at != std::string::npos) return {row, static_cast<int>(at) - 7};
  return {};
}

TEST(TextPlot, PutsAPeakAtItsFrequencyAndGain) {
  const auto hertz = logFrequencies(20.0, 20000.0, 400);
  std::vector<double> gains(hertz.size(), -2.0);
  for (std::size_t i = 0; i < hertz.size(); ++i)
    gains[i] = hertz[i] > 900.0 && hertz[i] < 1100.0 ? 6.0 : -2.0;
  const std::string plot = textPlot(hertz, std::vector<PlotCurve>{{"gain", '*', gains}});
  const Place top = highest(plot, '*');
  EXPECT_EQ(top.row, 0) << plot;
  EXPECT_NEAR(top.column, 63.0 * std::log(900.0 / 20.0) / std::log(1000.0), 2.0) << plot;
  EXPECT_THAT(plot, HasSubstr("   +6 |"));
  EXPECT_THAT(plot, HasSubstr("   -2 |"));
}

TEST(TextPlot, DrawsEveryCurveAndClipsWhatIsFarOut) {
  const auto hertz = logFrequencies(20.0, 20000.0, 50);
  const std::vector<PlotCurve> curves{{"low", '.', std::vector<double>(50, -500.0)},
                                      {"high", '+', std::vector<double>(50, 3.0)}};
  const std::string plot = textPlot(hertz, curves);
  EXPECT_THAT(plot, HasSubstr("  . low  + high"));
  EXPECT_THAT(plot, HasSubstr("  -60 |" + std::string(64, '.')));
  EXPECT_EQ(std::ranges::count(plot, '\n'), 20);
}

TEST(SvgPlot, KeepsItsMarkupWhateverANameHolds) {
  const auto hertz = logFrequencies(20.0, 20000.0, 50);
  const std::string svg =
      svgPlot(hertz, std::vector<PlotCurve>{{"a<b", '*', std::vector<double>(50, 1.0)}}, "R&D </svg>");
  EXPECT_THAT(svg, HasSubstr("R&amp;D &lt;/svg&gt;"));
  EXPECT_THAT(svg, HasSubstr("a&lt;b"));
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace gainstage::headphones
