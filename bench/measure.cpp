#include "bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/realtime.h"

namespace gainstage::bench {
namespace {

constexpr int kReplays = 5;

// What reading the clock twice takes, some 20 ns: as much as a small block's work.
double clockCost(const Clock& clock) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 1000; ++i) {
    const double start = clock();
    least = std::min(least, clock() - start);
  }
  return least;
}

}  // namespace

double steadyClock() {
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double Measurement::timesRealtime48k() const { return frames / kSampleRate * 1e9 / nsPerBlock; }

std::optional<double> Measurement::fmaPeakFraction(double fmaPeakGflops) const {
  if (multiplyAdds <= 0.0 || fmaPeakGflops <= 0.0) return std::nullopt;
  return 2.0 * multiplyAdds * frames / nsPerBlock / fmaPeakGflops;
}

Measurement measure(const Case& item, const Clock& clock) {
  const auto work = item.prepare();
  const double cost = clockCost(clock);
  std::vector<double> least(static_cast<std::size_t>(item.blocks), std::numeric_limits<double>::infinity());
  for (int pass = 0; pass <= kReplays; ++pass) {
    RealtimeScope realtime;
    work->rewind();
    for (int block = 0; block < item.blocks; ++block) {
      work->feed(block);
      const double start = clock();
      work->run();
      const double taken = std::max(clock() - start - cost, 1.0);
      if (pass > 0)
        least[static_cast<std::size_t>(block)] = std::min(least[static_cast<std::size_t>(block)], taken);
    }
  }
  return {.name = item.name,
          .frames = item.frames,
          .nsPerBlock = percentile(least, 0.5),
          .p999NsPerBlock = percentile(least, 0.999),
          .multiplyAdds = item.multiplyAdds};
}

double percentile(std::span<double> values, double share) {
  if (values.empty()) return 0.0;
  const auto count = static_cast<double>(values.size());
  const auto rank = static_cast<std::ptrdiff_t>(std::clamp(std::ceil(share * count), 1.0, count)) - 1;
  std::ranges::nth_element(values, values.begin() + rank);
  return values[static_cast<std::size_t>(rank)];
}

}  // namespace gainstage::bench
