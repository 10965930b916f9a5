#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Real gear as the catalogue holds it: figures, each with the place it was read. All of it [any thread].
namespace gainstage::advise {

enum class Kind { headphones, interfaces, amplifiers, microphones, pickups };
inline constexpr std::size_t kKinds = 5;

/// "headphones", which is also the name of the file; "a headphone", for sentences.
std::string_view nameOf(Kind kind) noexcept;
std::string_view oneOf(Kind kind) noexcept;

/// Who says so.
enum class Status { maker, measured, unverified };
std::string_view nameOf(Status status) noexcept;

/// One figure of a product. A number, known exactly (low == high) or as bounds, or a word.
struct Figure {
  std::string id;               ///< "impedance", as figureDeclarations() lists them
  std::string written;          ///< the value as it stands in the file
  std::string unit;             ///< the one that low and high are in
  double low = 0.0;             ///< -infinity where there is only an upper bound
  double high = 0.0;            ///< +infinity where there is only a lower bound
  std::optional<double> atOhm;  ///< the load it holds for
  std::optional<double> atHz;
  std::string region;  ///< of a price: where; "unknown"
  std::optional<int> year;
  Status status = Status::unverified;
  std::string source;
  int line = 0;

  bool isExact() const noexcept { return low == high; }
  /// The lower end of what is stated, or the only one.
  double number() const noexcept { return std::isfinite(low) ? low : high; }
  bool isYes() const noexcept { return written == "yes"; }
};

struct Product {
  Kind kind = Kind::headphones;
  std::string brand, model;
  std::vector<Figure> figures;
  bool isOwn = false;  ///< from the user's own file

  std::string name() const { return brand + ' ' + model; }
  /// The first of that id (and unit), or nullptr.
  const Figure* find(std::string_view id, std::string_view unit = {}) const noexcept;
  std::vector<const Figure*> all(std::string_view id) const;
  /// yes, no, or nothing known.
  std::optional<bool> yesNo(std::string_view id) const noexcept;
  /// The figure's number where it is known exactly, or the bound that is.
  std::optional<double> number(std::string_view id, std::string_view unit = {}) const noexcept;
};

}  // namespace gainstage::advise
