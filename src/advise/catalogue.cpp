#include "advise/catalogue.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <fmt/format.h>
#include <system_error>

#include "advise/built_in_tables.h"
#include "formats/nearest_name.h"
#include "formats/text_file.h"

namespace gainstage::advise {
namespace {

constexpr std::array kAllKinds{Kind::headphones, Kind::interfaces, Kind::amplifiers, Kind::microphones,
                               Kind::pickups};

/// Letters and digits alone, small: "HD 600" and "hd-600" are one.
std::string folded(std::string_view name) {
  std::string text;
  for (const char c : name)
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80 || c == '+')
      text += c;
    else if (c >= 'A' && c <= 'Z')
      text += static_cast<char>(c - 'A' + 'a');
  return text;
}

/// How far a product's name is from a folded one; nothing where nobody would take the one for the other.
std::optional<int> distanceOf(const Product& product, std::string_view wanted) {
  const std::string model = folded(product.model), whole = folded(product.name());
  const bool isPart =
      wanted.size() >= 3 && (whole.find(wanted) != std::string::npos ||
                             (model.size() >= 3 && wanted.find(model) != std::string_view::npos));
  if (isPart) return 0;
  int distance = std::min(formats::editDistance(wanted, model), formats::editDistance(wanted, whole));
  // Generations are left out more often than not: "Scarlet 4i4" is near the beginning of a longer name.
  for (const std::string& name : {model, whole})
    distance = std::min(distance, 1 + formats::editDistance(wanted, name.substr(0, wanted.size())));
  if (distance > std::max(1, static_cast<int>(wanted.size()) / 2)) return std::nullopt;
  return distance;
}

}  // namespace

const Catalogue& Catalogue::builtIn() {
  static const Catalogue catalogue = [] {
    Catalogue made;
    for (const Kind kind : kAllKinds) {
      auto products = parseCatalogue(kind, builtInTable(kind), fmt::format("catalogue/{}.csv", nameOf(kind)));
      assert(products.ok());  // a test reads all of it
      if (products) made.add(kind, std::move(*products));
    }
    return made;
  }();
  return catalogue;
}

Result<Catalogue> Catalogue::withOwn(const std::filesystem::path& folder) {
  Catalogue catalogue = builtIn();
  if (folder.empty()) return catalogue;
  for (const Kind kind : kAllKinds) {
    const auto path = folder / fmt::format("{}.csv", nameOf(kind));
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) continue;
    const auto text = formats::readTextFile(path);
    if (!text) return text.error();
    auto products = parseCatalogue(kind, *text, path.string());
    if (!products) return products.error();
    for (Product& product : *products) product.isOwn = true;
    catalogue.add(kind, std::move(*products));
  }
  return catalogue;
}

void Catalogue::add(Kind kind, std::vector<Product> products) {
  auto& known = products_[static_cast<std::size_t>(kind)];
  for (Product& product : products) {
    const std::string name = folded(product.name());
    const auto same = std::ranges::find(known, name, [](const Product& each) { return folded(each.name()); });
    if (same != known.end())
      *same = std::move(product);
    else
      known.push_back(std::move(product));
  }
}

std::vector<std::string> Catalogue::nearest(std::span<const Kind> kinds, std::string_view name) const {
  constexpr std::size_t kMost = 5;
  const std::string wanted = folded(name);
  std::vector<std::pair<int, std::string>> ranked;
  for (const Kind kind : kinds)
    for (const Product& product : products(kind))
      if (const auto distance = distanceOf(product, wanted)) ranked.emplace_back(*distance, product.name());
  std::ranges::stable_sort(ranked, {}, &std::pair<int, std::string>::first);
  std::vector<std::string> names;
  for (auto& [distance, each] : ranked)
    if (names.size() < kMost) names.push_back(std::move(each));
  return names;
}

Match Catalogue::find(Kind kind, std::string_view name) const {
  const std::string wanted = folded(name);
  const auto all = products(kind);
  Match match;
  if (wanted.empty()) return match;
  for (const Product& product : all)
    if (folded(product.name()) == wanted || folded(product.model) == wanted) match.product = &product;
  if (match.product) return match;
  for (const Product& product : all)
    if (folded(product.model).starts_with(wanted) || folded(product.name()).starts_with(wanted))
      match.alternatives.push_back(&product);
  // "Scarlett 2i2" begins the names of its generations only; "HD 6" those of different headphones.
  const auto isSameSeries = [&](const Product* product) {
    const std::string model = folded(product->model), whole = folded(product->name());
    const std::string rest = (model.starts_with(wanted) ? model : whole).substr(wanted.size());
    return rest.ends_with("gen") || rest.starts_with("mk");
  };
  if (match.alternatives.size() == 1 ||
      (!match.alternatives.empty() && std::ranges::all_of(match.alternatives, isSameSeries))) {
    match.product = match.alternatives.back();
    match.alternatives.pop_back();
    return match;
  }
  for (const Product* product : match.alternatives)
    if (match.nearest.size() < 5) match.nearest.push_back(product->name());
  if (match.nearest.empty()) match.nearest = nearest({&kind, 1}, name);
  match.alternatives.clear();
  return match;
}

}  // namespace gainstage::advise
