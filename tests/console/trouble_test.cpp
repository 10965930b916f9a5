#include <gtest/gtest.h>
#include <limits>

#include "console/desk.h"

namespace gainstage {
namespace {

using console::FaultKind;
using console::SourceKind;
using testing::Signal;

/// A clock that only the blocks below move.
std::int64_t fakeNs = 0;
std::int64_t readFakeClock(void*) noexcept { return fakeNs; }

std::int64_t dearNs = 0;  // what a call of the slow block costs

/// Passes its input on, and takes its time.
class SlowBlock final : public rig::Block {
 public:
  const rig::BlockDeclaration& declaration() const noexcept override;
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  void set(ParameterIndex index, float value) noexcept override {
    if (index == 0) share_ = value;
  }
  void reset() noexcept override {}
  void process(AudioView) noexcept override {
    fakeNs += static_cast<std::int64_t>(share_ * static_cast<float>(dearNs));
  }

 private:
  float share_ = 1.0f;
};

/// Gives values that are not numbers from its n-th frame on.
class PoisonBlock final : public rig::Block {
 public:
  const rig::BlockDeclaration& declaration() const noexcept override;
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override { left_ = 5000; }
  void process(AudioView io) noexcept override {
    for (float& sample : io.channel(0))
      if (left_-- < 0) sample = std::numeric_limits<float>::quiet_NaN();
  }

 private:
  int left_ = 5000;
};

constexpr Parameter kSlowParameters[] = {{.id = "share", .name = "Share", .unit = "", .defaultValue = 1.0f}};
const rig::BlockDeclaration kSlow{"slow", "Slow", kSlowParameters,
                                  [] { return std::unique_ptr<rig::Block>(new SlowBlock); }};
const rig::BlockDeclaration kPoison{
    "poison", "Poison", {}, [] { return std::unique_ptr<rig::Block>(new PoisonBlock); }};
const rig::BlockDeclaration& SlowBlock::declaration() const noexcept { return kSlow; }
const rig::BlockDeclaration& PoisonBlock::declaration() const noexcept { return kPoison; }

constexpr std::int64_t kBudgetNs = 1'333'333;  // 64 frames at 48 kHz

console::Session slowStrips(std::initializer_list<float> shares) {
  console::Session session;
  std::vector<console::SendState> mix;
  int input = 0;
  for (const float share : shares) {
    const std::string id = "s" + std::to_string(++input);
    session.strips.push_back(testing::strip(id, {input}));
    session.strips.back().rig.blocks = {rig::makeBlockState(kSlow, "slow")};
    session.strips.back().rig.blocks[0].values[0] = share;
    mix.push_back(testing::send(SourceKind::direct, id));
  }
  session.outputs = {testing::headphones("o", {1, 2}, mix)};
  return session;
}

TEST(Overload, ShedsTheDearestRigFirstAndNeverDirectSound) {
  fakeNs = 0;
  dearNs = 400'000;
  testing::Desk desk(slowStrips({0.5f, 1.0f, 0.7f}), {48000.0, 64},
                     {.inputsAreLive = false, .fadeIn = false, .clock = readFakeClock});
  const Signal in{testing::sine(440, 48000, 64 * 300, 0.2f), testing::silence(64 * 300),
                  testing::silence(64 * 300)};
  Signal noisy = in;
  for (auto& row : noisy) row.back() = 1e-6f;  // awake
  for (std::size_t c = 1; c < 3; ++c) noisy[c] = testing::noise(64 * 300, 1e-6f);
  desk.render(noisy, 2, testing::splits(64 * 300, 64), kBudgetNs);
  EXPECT_TRUE(desk.console().takeFaults().empty()) << "0.88 ms of 1.33 are no reason";

  dearNs = 510'000;  // 1.12 ms: above the line, before the deadline
  const Signal out = desk.render(noisy, 2, testing::splits(64 * 300, 64), kBudgetNs);
  const auto faults = desk.console().takeFaults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, FaultKind::rigShed);
  EXPECT_EQ(faults[0].where, "strips/s2/rig");
  for (std::size_t n = 0; n < out[0].size(); ++n) ASSERT_NEAR(out[0][n], noisy[0][n], 3e-6);
}

TEST(Overload, ThatComesAtOnceShedsWithinTheCallbackAndWithoutAStep) {
  fakeNs = 0;
  dearNs = 10'000;
  console::Session session = slowStrips({1.0f, 0.9f});
  session.strips[0].rig.blocks.push_back(testing::block("gain", "gain"));
  testing::setNumber(session.strips[0].rig.blocks[1], "gainDb", -20.0f);
  session.outputs[0].mix = {testing::send(SourceKind::wet, "s1"), testing::send(SourceKind::direct, "s2")};
  testing::Desk desk(session, {48000.0, 64},
                     {.inputsAreLive = false, .fadeIn = false, .clock = readFakeClock});
  const Signal in{testing::sine(200, 48000, 64 * 100, 0.2f), testing::noise(64 * 100, 1e-4f)};
  desk.render(in, 2, testing::splits(64 * 100, 64), kBudgetNs);
  dearNs = 1'200'000;
  const std::int64_t before = fakeNs;
  const Signal out = desk.render(in, 2, testing::splits(64 * 20, 64), kBudgetNs);
  // One callback ran into it and took 1.7 times its time; from the next on one of the two waits outside.
  EXPECT_LT(fakeNs - before, 20 * kBudgetNs);
  EXPECT_LT(testing::largestStep(std::span(out[0]).first(64 * 20)),
            1.5 * 0.2 * 2 * 3.14159 * 200 / 48000 + 1e-3);
  const auto faults = desk.console().takeFaults();
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0].kind, FaultKind::rigShed);
}

TEST(Overload, IsOverWhenThereIsRoomAgain) {
  fakeNs = 0;
  dearNs = 1'150'000;
  testing::Desk desk(slowStrips({1.0f}), {48000.0, 64},
                     {.inputsAreLive = false, .fadeIn = false, .clock = readFakeClock});
  const Signal in{testing::noise(64 * 200, 0.01f)};
  desk.render(in, 2, testing::splits(64 * 200, 64), kBudgetNs);
  ASSERT_EQ(desk.console().takeFaults().size(), 1u);
  fakeNs += 5'000'000'000;  // a time with nothing to do
  dearNs = 100'000;
  // What it cost before still counts against it: it stays out until that would fit as well.
  for (int i = 0; i < 3; ++i) {
    desk.render(in, 2, testing::splits(64 * 200, 64), kBudgetNs);
    fakeNs += 5'000'000'000;
  }
  EXPECT_TRUE(desk.console().takeFaults().empty());
}

TEST(Overload, DoesNotExistWithoutADeadline) {
  fakeNs = 0;
  dearNs = 1'000'000'000;
  testing::Desk desk(slowStrips({1.0f}), {48000.0, 64},
                     {.inputsAreLive = false, .fadeIn = false, .clock = readFakeClock});
  desk.render({testing::noise(64 * 100)}, 2);
  EXPECT_TRUE(desk.console().takeFaults().empty());
}

TEST(NotFinite, BypassesTheBlockNamesItAndPutsASpareInItsPlace) {
  console::Session session;
  session.strips = {testing::strip("gtr", {1})};
  session.strips[0].rig.blocks = {rig::makeBlockState(kPoison, "fuzz")};
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "gtr")})};
  testing::Desk desk(session);
  const Signal out = desk.render({testing::sine(440, 48000, 4800 * 20, 0.5f)}, 2);
  EXPECT_TRUE(testing::allFinite(out[0]));
  EXPECT_LT(testing::largestStep(out[0]), 1.5 * 0.5 * 2 * 3.14159 * 440 / 48000);
  const auto faults = desk.console().takeFaults();
  ASSERT_EQ(faults.size(), 4u) << "the first and three spares; the last one stays bypassed";
  EXPECT_EQ(faults[0].kind, FaultKind::blockBypassed);
  EXPECT_EQ(faults[0].where, "strips/gtr/rig/fuzz");
}

TEST(Files, ThatAreMissingMuteTheirBlockAndNoMore) {
  console::Session session;
  session.strips = {testing::strip("a", {1}), testing::strip("b", {1})};
  session.strips[0].rig.blocks = {testing::block("convolution", "cab")};
  session.strips[0].rig.blocks[0].files[*indexOf(session.strips[0].rig.blocks[0].declaration->parameters,
                                                 "file")] = "nowhere.wav";
  session.outputs = {
      testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "a")}),
      testing::headphones("p", {3, 4},
                          {testing::send(SourceKind::wet, "b"), testing::send(SourceKind::direct, "a")})};
  testing::Desk desk(session);
  const Signal out = desk.render({testing::dc(0.25f, 4800)}, 4);
  EXPECT_EQ(testing::peak(out[0]), 0.0);
  EXPECT_FLOAT_EQ(out[2].back(), 0.5f);
  const auto faults = desk.console().takeFaults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, FaultKind::fileMissing);
  EXPECT_NE(faults[0].message.find("nowhere.wav"), std::string::npos);
}

}  // namespace
}  // namespace gainstage
