#pragma once

#include <span>
#include <string>
#include <vector>

namespace gainstage::headphones {

/// A curve of a plot.
struct PlotCurve {
  std::string name;
  char mark = '*';  ///< what draws it in text
  std::vector<double> gainsDb;
};

/// Curves over frequencies (Hz, rising, as many as each curve has values) drawn with letters for a terminal,
/// 72 columns and 17 lines and a legend: 20 Hz to 20 kHz along a logarithmic axis, the gains of all within
/// -60..60 dB. Later curves lie over earlier ones. [control]
std::string textPlot(std::span<const double> frequenciesHz, std::span<const PlotCurve> curves);

/// The same as an SVG image of 900 x 420 pixels. [control]
std::string svgPlot(std::span<const double> frequenciesHz, std::span<const PlotCurve> curves,
                    const std::string& title);

}  // namespace gainstage::headphones
