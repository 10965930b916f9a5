#include "bench/measure.h"

#include <gtest/gtest.h>
#include <numeric>

namespace gainstage::bench {
namespace {

// Time that passes only where the work says so.
struct Script {
  double now = 0.0;
  int pass = -1;  // 0 is the one that warms up
  int block = 0;
  std::function<double(int pass, int block)> takes;
};

class ScriptedWork : public Work {
 public:
  explicit ScriptedWork(Script& script) : script_(script) {}
  void rewind() noexcept override { ++script_.pass; }
  void feed(int index) noexcept override {
    script_.block = index;
    script_.now += 1e6;  // is not counted
  }
  void run() noexcept override { script_.now += script_.takes(script_.pass, script_.block); }

 private:
  Script& script_;
};

Measurement measureScript(Script& script, int blocks, double multiplyAdds = 0.0) {
  const Case item{
      .name = "room/thing/64",
      .frames = 64,
      .multiplyAdds = multiplyAdds,
      .blocks = blocks,
      .prepare = [&]() -> std::unique_ptr<Work> { return std::make_unique<ScriptedWork>(script); }};
  return measure(item, [&] { return script.now; });
}

TEST(Measure, IgnoresWhatDisturbedSomeReplaysOfABlock) {
  // Each block is disturbed in four of its five replays, and all of them while warming up.
  Script script{
      .takes = [](int pass, int block) { return pass == 0 || pass != 1 + block % 5 ? 50000.0 : 1000.0; }};
  const Measurement result = measureScript(script, 2000);
  EXPECT_DOUBLE_EQ(result.nsPerBlock, 1000.0);
  EXPECT_DOUBLE_EQ(result.p999NsPerBlock, 1000.0);
  EXPECT_EQ(script.pass, 5);
}

TEST(Measure, ShowsABlockThatIsDearInEveryReplay) {
  // 3 blocks of 2,000 are more than the 0.1 % that the percentile forgives, 2 are not.
  Script three{.takes = [](int, int block) { return block % 667 == 0 && block > 0 ? 9000.0 : 1000.0; }};
  EXPECT_DOUBLE_EQ(measureScript(three, 2002).p999NsPerBlock, 9000.0);
  Script two{.takes = [](int, int block) { return block % 800 == 0 && block > 0 ? 9000.0 : 1000.0; }};
  EXPECT_DOUBLE_EQ(measureScript(two, 2000).p999NsPerBlock, 1000.0);
}

TEST(Measure, CountsTimesRealTimeAt48kHz) {
  Script script{.takes = [](int, int) { return 64.0 / 48000.0 * 1e9 / 20.0; }};
  EXPECT_NEAR(measureScript(script, 1000).timesRealtime48k(), 20.0, 1e-9);
}

TEST(Measure, GivesTheShareOfThePeakOnlyWhereMultiplyAddsAreCounted) {
  Script script{.takes = [](int, int) { return 1000.0; }};
  // 500 multiply-adds a frame x 64 frames x 2 in 1,000 ns are 64 Gflop/s.
  EXPECT_NEAR(measureScript(script, 1000, 500.0).fmaPeakFraction(128.0).value(), 0.5, 1e-12);
  Script same{.takes = [](int, int) { return 1000.0; }};
  EXPECT_FALSE(measureScript(same, 1000).fmaPeakFraction(128.0).has_value());
}

TEST(Percentile, IsTheLeastValueThatTheShareDoesNotExceed) {
  std::vector<double> values(1000);
  std::iota(values.rbegin(), values.rend(), 1.0);
  EXPECT_EQ(percentile(values, 0.5), 500.0);
  EXPECT_EQ(percentile(values, 0.999), 999.0);
  EXPECT_EQ(percentile(values, 1.0), 1000.0);
  EXPECT_EQ(percentile(values, 0.0), 1.0);
  EXPECT_EQ(percentile({}, 0.5), 0.0);
}

}  // namespace
}  // namespace gainstage::bench
