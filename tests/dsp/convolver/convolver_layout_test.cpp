#include "dsp/convolver/convolver_layout.h"

#include <gtest/gtest.h>

#include "dsp/convolver/convolver_sums.h"

namespace gainstage::dsp {
namespace {

TEST(ConvolverLayout, CoversEveryTapBehindTheDirectOnesOnce) {
  for (const std::int64_t taps : {1, 64, 65, 100, 512, 2048, 8192, 48000, 192000, 2000000, 16000000}) {
    SCOPED_TRACE(taps);
    const auto runs = choosePartitions({.taps = taps});
    std::int64_t covered = kDirectTaps;
    for (const PartitionRun& run : runs) {
      EXPECT_EQ(run.firstTap, covered);
      EXPECT_GT(run.partitions, 0);
      covered += static_cast<std::int64_t>(run.partitions) * run.frames;
    }
    EXPECT_GE(covered, taps);
    EXPECT_LT(covered - taps, runs.empty() ? kDirectTaps : runs.back().frames);
  }
}

TEST(ConvolverLayout, LeavesLargePartitionsAWholeBlockToBeWorkedOn) {
  for (const std::int64_t taps : {10000, 100000, 1000000}) {
    const auto runs = choosePartitions({.taps = taps, .inputs = 2, .outputs = 2, .paths = 4});
    ASSERT_GT(runs.size(), 1u);
    EXPECT_EQ(runs[0].frames, 64);
    EXPECT_EQ(runs[0].firstTap, 64);
    for (std::size_t i = 1; i < runs.size(); ++i) EXPECT_EQ(runs[i].firstTap, 2 * runs[i].frames);
  }
}

}  // namespace
}  // namespace gainstage::dsp
