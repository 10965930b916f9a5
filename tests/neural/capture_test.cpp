#include "neural/capture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "neural/silence.h"
#include "neural/test_programs.h"
#include "support/files.h"

namespace gainstage::neural {
namespace {

using gainstage::testing::TemporaryFolder;
using gainstage::testing::writeFile;

std::string linear(double gain) {
  return fmt::format(R"({{"version": "0.5.4", "architecture": "Linear", "sample_rate": 48000,
                          "config": {{"receptive_field": 1, "bias": false}}, "weights": [{}]}})",
                     gain);
}

/// Models of 1, 2, 3 ... times, in equal steps of size.
std::string sizes(int count) {
  std::string models;
  for (int i = 1; i <= count; ++i)
    models += fmt::format(R"({}{{"max_value": {}, "model": {}}})", i > 1 ? ", " : "",
                          static_cast<double>(i) / count, linear(i));
  return fmt::format(R"({{"version": "0.7.0", "architecture": "SlimmableContainer", "sample_rate": 48000,
                          "weights": [], "config": {{"submodels": [{}]}}}})",
                     models);
}

float gainOf(const Program& program) { return testing::render(*program.makePlayer(), {1.0f})[0]; }

TEST(Capture, IsTheSameForTheSameContentAsLongAsItIsHeld) {
  const TemporaryFolder folder;
  const auto a = loadCapture(writeFile(folder / "a.nam", sizes(2)));
  const auto b = loadCapture(writeFile(folder / "b.nam", sizes(2)));
  const auto c = loadCapture(writeFile(folder / "c.nam", sizes(3)));
  ASSERT_TRUE(a.ok() && b.ok() && c.ok());
  EXPECT_EQ(*a, *b);
  EXPECT_NE(*a, *c);
}

TEST(Capture, LetsGoOfItsWeightsWithTheLastThatHoldsIt) {
  const TemporaryFolder folder;
  const auto file = writeFile(folder / "a.nam", sizes(2));
  std::weak_ptr<const Program> program;
  {
    const auto capture = loadCapture(file);
    ASSERT_TRUE(capture.ok());
    program = (*capture)->sizes()[0].program;
  }
  EXPECT_TRUE(program.expired());
}

TEST(Capture, HasAProgramForEachSizeAndFindsIt) {
  const TemporaryFolder folder;
  const auto capture = loadCapture(writeFile(folder / "a.nam", sizes(4)));
  ASSERT_TRUE(capture.ok());
  ASSERT_EQ((*capture)->sizes().size(), 4u);
  for (const auto& [size, gain] :
       {std::pair{0.0, 1.0f}, {0.24, 1.0f}, {0.25, 2.0f}, {0.6, 3.0f}, {1.0, 4.0f}})
    EXPECT_EQ(gainOf(*(*capture)->sizes()[(*capture)->indexOfSize(size)].program), gain) << size;
}

TEST(Capture, KeepsAtMost8SizesTheSmallestAndTheLargestAmongThem) {
  const TemporaryFolder folder;
  const auto capture = loadCapture(writeFile(folder / "a.nam", sizes(30)));
  ASSERT_TRUE(capture.ok());
  const auto& kept = (*capture)->sizes();
  ASSERT_EQ(kept.size(), Capture::kMostSizes);
  EXPECT_EQ(gainOf(*kept.front().program), 1.0f);
  EXPECT_EQ(gainOf(*kept.back().program), 30.0f);
  EXPECT_EQ((*capture)->indexOfSize(1.0), 7u);
}

TEST(Capture, ThatCannotBeReadIsNamed) {
  const TemporaryFolder folder;
  const auto absent = loadCapture(folder / "absent.nam");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().kind, ErrorKind::file);
  EXPECT_NE(absent.error().message.find("absent.nam"), std::string::npos);
}

TEST(MeasuredTail, IsWhenFeedbackHasFallenBy90Decibels) {
  // 0.9 for each turn of 100 frames: 98 turns to -90 dB.
  testing::PlainPlayer player(testing::PlainLaw{.offset = 0.1f, .feedback = 0.9f, .delay = 100});
  EXPECT_NEAR(static_cast<double>(measuredTail(player, 100000)), 9800.0, 900.0);
  EXPECT_EQ(measuredTail(player, 4000), 4000);
  testing::PlainPlayer dry(testing::PlainLaw{.offset = 0.1f});
  EXPECT_EQ(measuredTail(dry, 100000), 0);
}

}  // namespace
}  // namespace gainstage::neural
