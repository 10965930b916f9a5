#pragma once

#include <span>
#include <string>
#include <string_view>

namespace gainstage::formats {

/// Edits (insert, delete, replace, swap of neighbours) that make `b` of `a`, letter case aside. Names over 64
/// bytes count as their first 64. Optimal string alignment, Damerau (1964). [control]
int editDistance(std::string_view a, std::string_view b);

/// The candidate that `name` most likely was meant to be, or empty where none is near: at most a third of
/// its letters (and at least one) may differ. The first of equals. [control]
std::string nearestName(std::string_view name, std::span<const std::string_view> candidates);
std::string nearestName(std::string_view name, std::span<const std::string> candidates);

}  // namespace gainstage::formats
