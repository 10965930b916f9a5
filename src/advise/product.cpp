#include "advise/product.h"

#include <algorithm>
#include <array>

namespace gainstage::advise {

std::string_view nameOf(Kind kind) noexcept {
  constexpr std::array<std::string_view, kKinds> kNames{"headphones", "interfaces", "amplifiers",
                                                        "microphones", "pickups"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view oneOf(Kind kind) noexcept {
  constexpr std::array<std::string_view, kKinds> kNames{"headphone", "interface", "headphone amplifier",
                                                        "microphone", "pickup"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view nameOf(Status status) noexcept {
  constexpr std::array<std::string_view, 3> kNames{"maker", "measured", "unverified"};
  return kNames[static_cast<std::size_t>(status)];
}

const Figure* Product::find(std::string_view id, std::string_view unit) const noexcept {
  const auto found = std::ranges::find_if(figures, [&](const Figure& figure) {
    return figure.id == id && (unit.empty() || figure.unit == unit);
  });
  return found == figures.end() ? nullptr : &*found;
}

std::vector<const Figure*> Product::all(std::string_view id) const {
  std::vector<const Figure*> found;
  for (const Figure& figure : figures)
    if (figure.id == id) found.push_back(&figure);
  return found;
}

std::optional<bool> Product::yesNo(std::string_view id) const noexcept {
  const Figure* figure = find(id);
  if (!figure) return std::nullopt;
  return figure->isYes();
}

std::optional<double> Product::number(std::string_view id, std::string_view unit) const noexcept {
  const Figure* figure = find(id, unit);
  if (!figure) return std::nullopt;
  return figure->number();
}

}  // namespace gainstage::advise
