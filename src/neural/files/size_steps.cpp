#include "neural/files/size_steps.h"

#include <algorithm>

namespace gainstage::neural::files {
namespace {

/// Adds those that lie above `from` and below `to`.
void collect(const Network& network, double from, double to, std::vector<double>& steps) {
  const auto add = [&](double step) {
    if (step > from && step < to) steps.push_back(step);
  };
  if (const auto* net = std::get_if<WaveNet>(&network.kind)) {
    // Of n widths, each has a share of 1/n.
    for (const WaveNetArray& array : net->arrays)
      for (std::size_t i = 1; i < array.widths.size(); ++i)
        add(static_cast<double>(i) / static_cast<double>(array.widths.size()));
  } else if (const auto* sizes = std::get_if<Sizes>(&network.kind)) {
    for (std::size_t i = 0; i < sizes->entries.size(); ++i) {
      const bool last = i + 1 == sizes->entries.size();
      const double end = last ? to : std::min(to, sizes->entries[i].maximumSize);
      collect(*sizes->entries[i].network, from, end, steps);
      if (!last) add(sizes->entries[i].maximumSize);
      from = std::max(from, end);
    }
  }
}

}  // namespace

std::vector<double> sizeStepsOf(const Network& network) {
  std::vector<double> steps;
  collect(network, 0.0, 1.0, steps);
  std::ranges::sort(steps);
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

}  // namespace gainstage::neural::files
