#pragma once

#include <optional>

#include "advise/answer.h"
#include "advise/drive.h"

/// What to look at when choosing, as a filter over the catalogue. [control]
namespace gainstage::advise {

struct Wishes {
  int inputs = 0;  ///< analogue, at once
  int micInputs = 0;
  int headphoneOutputs = 0;
  bool ownLevels = false;  ///< each of them with a level of its own
  int lineOutputs = 0;
  std::optional<bool> phantom, midi, directMonitoring, busPowered, classCompliant, converter;
  std::vector<std::string> connectors;  ///< "XLR", "6.3 mm", "RCA", "balanced"
  std::optional<double> sampleRateKhz, bits, weightG, lengthMm;
  std::optional<double> budget;
  std::string currency = "USD";
  std::vector<HeadphoneModel> headphones;  ///< to be driven to peakSpl
  double peakSpl = kPeakSpl;
};

enum class Held { yes, no, unknown };

/// One wish, held against one product.
struct Check {
  Held held = Held::unknown;
  std::string text;
  bool isDrive = false;  ///< about driving a headphone
};

std::vector<Check> checksOf(const Product& product, const Wishes& wishes, const Catalogue& catalogue);

/// A catalogue sorted by wishes. Where it lacks a figure, a product neither passes nor fails.
struct Selection {
  std::vector<Candidate> fitting, undecided, failing;  ///< each cheapest first
  std::vector<const Product*> fittingProducts;         ///< in the order of `fitting`
  std::vector<const Product*> undecidedProducts;       ///< in the order of `undecided`
};
Selection select(Kind kind, const Wishes& wishes, const Catalogue& catalogue);

}  // namespace gainstage::advise
