#include "dsp/convolver/convolver_layout.h"

#include <algorithm>
#include <array>

#include "dsp/convolver/convolver_sums.h"
#include "dsp/convolver/convolver_transform.h"

namespace gainstage::dsp {
namespace {

constexpr std::array kSizes{256, 1024, 4096, 16384, 65536};
static_assert(kSizes.size() + 1 == kMostRuns);

std::int64_t partitionsFor(std::int64_t taps, int frames) { return (taps + frames - 1) / frames; }

std::vector<PartitionRun> layoutOf(unsigned sizes, std::int64_t taps) {
  std::vector<PartitionRun> runs{{kTileBins, kDirectTaps, 0}};
  for (std::size_t i = 0; i < kSizes.size(); ++i)
    if ((sizes >> i & 1u) != 0) runs.push_back({kSizes[i], 2 * kSizes[i], 0});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::int64_t end = i + 1 < runs.size() ? std::min(runs[i + 1].firstTap, taps) : taps;
    runs[i].partitions =
        static_cast<int>(std::max<std::int64_t>(0, partitionsFor(end - runs[i].firstTap, runs[i].frames)));
  }
  std::erase_if(runs, [](const PartitionRun& run) { return run.partitions == 0; });
  return runs;
}

/// Nanoseconds for 64 frames.
double costOf(const std::vector<PartitionRun>& runs, const ConvolutionShape& shape) {
  double bytes = 0.0;
  for (const PartitionRun& run : runs)
    bytes += 8.0 * run.frames * run.partitions * (shape.inputs + shape.paths);
  // What a product of two tiles costs depends on where the spectra are found: first and second level, third,
  // memory.
  const double product = bytes < 24e3 ? 5.0 : bytes < 800e3 ? 8.0 : bytes < 8e6 ? 12.0 : 25.0;
  double total = 0.0;
  for (const PartitionRun& run : runs) {
    double transform = 35.0;
    for (int span = run.frames; span > kTileBins; span /= 4) transform += span > 1024 ? 10.0 : 6.0;
    total += (shape.inputs + shape.outputs) * transform + 10.0 + product * run.partitions * shape.paths;
  }
  return total;
}

}  // namespace

std::vector<PartitionRun> choosePartitions(const ConvolutionShape& shape) {
  std::vector<PartitionRun> best = layoutOf(0, shape.taps);
  for (unsigned sizes = 1; sizes < 1u << kSizes.size(); ++sizes) {
    std::vector<PartitionRun> runs = layoutOf(sizes, shape.taps);
    if (costOf(runs, shape) < costOf(best, shape)) best = std::move(runs);
  }
  return best;
}

}  // namespace gainstage::dsp
