#include "bench/bench.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>

#include "bench/machine.h"

namespace gainstage::bench {
namespace {

TEST(Bench, NamesEveryCaseOnceAsRoomWhatFrames) {
  const std::regex shape("[a-z]+/[a-z0-9-]+(x[0-9]+)?/[0-9]+");
  std::set<std::string> names;
  for (const Case& item : allCases()) {
    EXPECT_TRUE(std::regex_match(item.name, shape)) << item.name;
    EXPECT_TRUE(item.name.ends_with("/" + std::to_string(item.frames))) << item.name;
    EXPECT_TRUE(names.insert(item.name).second) << item.name;
    EXPECT_GE(item.blocks, 1000) << item.name;
  }
  EXPECT_FALSE(names.empty());
}

TEST(Bench, PrintsOneObjectWithEveryFigureOfTheContract) {
  std::ostringstream out;
  ASSERT_TRUE(runBench({.filter = "^core/16-events/64$", .json = true}, out).ok());
  const auto whole = nlohmann::json::parse(out.str());
  for (const char* key : {"cpu", "simd"}) EXPECT_TRUE(whole.at("machine").at(key).is_string()) << key;
  for (const char* key : {"fmaPeakGflops", "memoryGbps"}) EXPECT_GT(whole.at("machine").at(key), 0.0) << key;
  ASSERT_EQ(whole.at("results").size(), 1u);
  const auto& row = whole.at("results").at(0);
  EXPECT_EQ(row.at("name"), "core/16-events/64");
  EXPECT_EQ(row.at("frames"), 64);
  EXPECT_GE(row.at("p999NsPerBlock"), row.at("nsPerBlock"));
  EXPECT_GT(row.at("timesRealtime48k"), 0.0);
  EXPECT_TRUE(row.at("fmaPeakFraction").is_null());
}

TEST(Bench, RefusesAFilterThatIsNoneOrMatchesNothing) {
  std::ostringstream out;
  for (const char* filter : {"(", "no-such-case"}) {
    const auto result = runBench({.filter = filter}, out);
    ASSERT_FALSE(result.ok()) << filter;
    EXPECT_EQ(result.error().kind, ErrorKind::usage);
    EXPECT_NE(result.error().message.find(filter), std::string::npos);
  }
  EXPECT_EQ(out.str(), "");
}

TEST(TestSignal, IsTheSameEveryTimeAndHasSoundAndSilence) {
  const AudioBuffer a = testSignal(2, 8192), b = testSignal(2, 8192);
  EXPECT_TRUE(std::ranges::equal(a.channel(1), b.channel(1)));
  EXPECT_FALSE(std::ranges::equal(a.channel(0), a.channel(1)));
  EXPECT_EQ(a.channel(0)[4000], 0.0f);
  EXPECT_NE(a.channel(0)[4100], 0.0f);
}

}  // namespace
}  // namespace gainstage::bench
