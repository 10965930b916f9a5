#pragma once

#include <span>
#include <string_view>

#include "advise/product.h"

/// Which figures a catalogue may hold, in which units, within which bounds. Declared once: the reader, the
/// manual and the tests go by it. [any thread]
namespace gainstage::advise {

enum class FigureType { number, yesNo, word, text };

/// A unit that a figure may be written in, and the one it is kept in.
struct UnitForm {
  enum class Law { factor, decibel, percent };  ///< x f; f 10^(x/20); 20 log10(x / 100)
  std::string_view written;
  std::string_view kept;
  double factor = 1.0;
  Law law = Law::factor;
  double minimum = 0.0, maximum = 0.0;  ///< what is plausible, as kept

  double keep(double value) const noexcept;
};

struct FigureDeclaration {
  Kind kind;
  std::string_view id;
  std::string_view what;  ///< for the manual
  FigureType type = FigureType::number;
  std::span<const UnitForm> units;          ///< numbers only; a count has one without a name
  std::span<const std::string_view> words;  ///< words only
};

/// Those of one kind.
std::span<const FigureDeclaration> figureDeclarations(Kind kind) noexcept;
const FigureDeclaration* findDeclaration(Kind kind, std::string_view id) noexcept;

}  // namespace gainstage::advise
