#include "formats/nearest_name.h"

#include <algorithm>
#include <array>

namespace gainstage::formats {
namespace {

constexpr std::size_t kLongest = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

template <typename Text>
std::string nearest(std::string_view name, std::span<const Text> candidates) {
  std::string_view best;
  int bestDistance = std::max(1, static_cast<int>(std::min(name.size(), kLongest) / 3)) + 1;
  for (const std::string_view candidate : candidates) {
    const int distance = editDistance(name, candidate);
    if (distance < bestDistance && distance < static_cast<int>(candidate.size())) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return std::string(best);
}

}  // namespace

int editDistance(std::string_view a, std::string_view b) {
  a = a.substr(0, kLongest);
  b = b.substr(0, kLongest);
  std::array<std::array<int, kLongest + 1>, 3> rows{};  // two letters back, one back, this one
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    rows[2][0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      int cost = std::min({rows[1][j] + 1, rows[2][j - 1] + 1, rows[1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        cost = std::min(cost, rows[0][j - 2] + 1);
      rows[2][j] = cost;
    }
    std::rotate(rows.begin(), rows.begin() + 1, rows.end());
  }
  return rows[1][b.size()];
}

std::string nearestName(std::string_view name, std::span<const std::string_view> candidates) {
  return nearest(name, candidates);
}

std::string nearestName(std::string_view name, std::span<const std::string> candidates) {
  return nearest(name, candidates);
}

}  // namespace gainstage::formats
