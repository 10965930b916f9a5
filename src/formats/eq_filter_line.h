#pragma once

#include <optional>

#include "formats/eq_file.h"
#include "formats/eq_scanner.h"

namespace gainstage::formats {

/// What "Filter 1:" is followed by.
struct EqFilterLine {
  std::optional<EqFilter> filter;  ///< none: it is off, or "None"
  bool off = false;
  int commas = 0;  ///< numbers with a comma for the decimal point
};

/// One filter as Equalizer APO and Room EQ Wizard write it. An error is the end of a sentence: "has ...".
/// `rateHz`: that the file is made for. [control]
Result<EqFilterLine> readEqFilterLine(EqScanner scanner, double rateHz);

/// A number from `lowest` to `highest` of `what`, with its unit or without. [control]
Result<double> readEqNumber(EqScanner& scanner, std::string_view what, std::string_view unit, double lowest,
                            double highest, int& commas);

}  // namespace gainstage::formats
