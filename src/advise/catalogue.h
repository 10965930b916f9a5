#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "advise/product.h"
#include "core/result.h"

/// The catalogue: tables of figures, one row each, in the program and in the user's own folder. [control]
namespace gainstage::advise {

/// The columns of every table. The first four, status and source must be there; others may be left out.
std::span<const std::string_view> catalogueColumns() noexcept;

/// Products of a table. Refused with its name, line and what was expected: unknown columns, figures, units
/// and words (each with the nearest known one), numbers out of what is plausible, a figure without a source
/// or with a status that is none, prices without year or region, the same figure twice from the same source.
Result<std::vector<Product>> parseCatalogue(Kind kind, std::string_view text, std::string_view name);

/// What a search for a name gave.
struct Match {
  const Product* product = nullptr;          ///< nullptr: none, or too many alike
  std::vector<const Product*> alternatives;  ///< others that the name fits as well
  std::vector<std::string> nearest;          ///< names that may have been meant, where there is none
};

class Catalogue {
 public:
  /// What came with the program; it has been read by a test.
  static const Catalogue& builtIn();

  /// That, and every "<kind>.csv" of a folder, where there is one. A product of the user's replaces the
  /// built-in one of the same name.
  static Result<Catalogue> withOwn(const std::filesystem::path& folder);

  std::span<const Product> products(Kind kind) const noexcept {
    return products_[static_cast<std::size_t>(kind)];
  }

  /// A product by its name as people write it: letter case, blanks and punctuation aside, the brand may be
  /// left out, and so may the end ("Scarlett 2i2"). Of several generations that fit, the last in the table.
  Match find(Kind kind, std::string_view name) const;
  /// At most five names of those kinds that are close to one: what holds it or what it holds first, then by
  /// spelling.
  std::vector<std::string> nearest(std::span<const Kind> kinds, std::string_view name) const;

  /// Replaces what is of the same name. Of one kind.
  void add(Kind kind, std::vector<Product> products);

 private:
  std::vector<Product> products_[kKinds];
};

}  // namespace gainstage::advise
