#include "core/parameter.h"

#include <array>
#include <gtest/gtest.h>
#include <limits>

namespace gainstage {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr Parameter kCutoff{.id = "cutoffHz",
                            .name = "Cutoff",
                            .unit = "Hz",
                            .minimum = 20.0f,
                            .maximum = 400.0f,
                            .defaultValue = 80.0f};

constexpr Parameter named(std::string_view id) { return {.id = id, .name = id, .unit = ""}; }

TEST(Parameter, ClampsToItsRange) {
  EXPECT_EQ(kCutoff.clamp(19.0f), 20.0f);
  EXPECT_EQ(kCutoff.clamp(123.25f), 123.25f);
  EXPECT_EQ(kCutoff.clamp(1e9f), 400.0f);
  EXPECT_EQ(kCutoff.clamp(-kInfinity), 20.0f);
  EXPECT_EQ(kCutoff.clamp(kInfinity), 400.0f);
}

TEST(Parameter, TurnsNotANumberIntoItsDefault) {
  EXPECT_EQ(kCutoff.clamp(std::numeric_limits<float>::quiet_NaN()), 80.0f);
}

TEST(Parameter, RoundsWhatHasOnlyWholeValues) {
  const Parameter bars{.id = "beatsPerBar",
                       .name = "Beats in a bar",
                       .unit = "",
                       .type = ParameterType::integer,
                       .minimum = 1.0f,
                       .maximum = 32.0f};
  EXPECT_EQ(bars.clamp(3.4f), 3.0f);
  EXPECT_EQ(bars.clamp(3.6f), 4.0f);
  EXPECT_EQ(bars.clamp(99.0f), 32.0f);
  const Parameter on{.id = "on", .name = "On", .unit = "", .type = ParameterType::toggle};
  EXPECT_EQ(on.clamp(0.6f), 1.0f);
  EXPECT_EQ(on.clamp(0.4f), 0.0f);
}

TEST(IndexOf, FindsAParameterByItsWholeId) {
  constexpr std::array list{named("gainDb"), named("gain"), named("timeMs")};
  EXPECT_EQ(indexOf(list, "gain"), 1);
  EXPECT_EQ(indexOf(list, "timeMs"), 2);
  EXPECT_EQ(indexOf(list, "gainD"), std::nullopt);
  EXPECT_EQ(indexOf({}, "gain"), std::nullopt);
}

}  // namespace
}  // namespace gainstage
