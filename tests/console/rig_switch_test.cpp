#include <gtest/gtest.h>

#include "console/desk.h"
#include "support/steps.h"

/// Rigs that are kept settled, and what is heard when one takes another's place.
namespace gainstage {
namespace {

using console::RigPlan;
using console::SourceKind;
using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 64};
constexpr FrameCount kSecond = 48000;

rig::BlockState with(rig::BlockState block,
                     std::initializer_list<std::pair<std::string_view, float>> values) {
  for (const auto& [key, value] : values) testing::setNumber(block, key, value);
  return block;
}

rig::BlockState inChain(rig::Chain chain, rig::BlockState block) {
  block.chain = chain;
  return block;
}

/// Five rigs of like level, two with tails, one split.
std::vector<rig::RigState> rigs() {
  return {
      {},
      {{with(testing::block("eq", "eq"), {{"band2GainDb", 4.0f}, {"band4GainDb", -6.0f}})}},
      {{with(testing::block("delay", "echo"), {{"timeMs", 90.0f}, {"feedback", 0.3f}})}},
      {{testing::block("split", "two"),
        inChain(rig::Chain::a, with(testing::block("gain", "a"), {{"gainDb", 3.0f}})),
        inChain(rig::Chain::b, with(testing::block("delay", "b"), {{"timeMs", 40.0f}, {"feedback", 0.2f}}))}},
      {{with(testing::block("compressor", "comp"), {{"thresholdDb", -30.0f}, {"makeUpDb", 9.0f}})}},
  };
}

console::Session sessionOf(const rig::RigState& rig) {
  console::Session session;
  session.strips = {testing::strip("a", {1})};
  session.strips[0].rig = rig;
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "a")})};
  return session;
}

struct Switch {
  FrameCount frame;
  std::size_t rig;
};

/// Plays a sine, and switches to settled rigs when their frames have come, as a command does: with the next
/// callback.
Signal play(std::span<const Switch> switches, FrameCount frames, FrameCount block = 64,
            std::size_t* unsettled = nullptr) {
  const auto all = rigs();
  testing::Desk desk(sessionOf(all[0]), kFormat);
  auto& console = desk.console();
  std::vector<RigPlan> plans;
  for (const rig::RigState& rig : all) plans.push_back(console.rigPlan(console.session().strips[0], rig));
  const Mono in = testing::sine(196.0, kSecond, frames, 0.3f);
  Signal out(2);
  FrameCount at = 0;
  const auto playTo = [&](FrameCount end) {
    const Signal part = desk.render({Mono(in.begin() + at, in.begin() + end)}, 2, block);
    for (std::size_t c = 0; c < 2; ++c) out[c].insert(out[c].end(), part[c].begin(), part[c].end());
    at = end;
  };
  for (const Switch& change : switches) {
    playTo(change.frame);
    console.rigPool().wish(plans);
    console.rigPool().waitUntilSettled();
    if (unsettled && !console.rigPool().has(plans[change.rig])) ++*unsettled;
    console::Session next = console.session();
    next.strips[0].rig = all[change.rig];
    EXPECT_TRUE(console.apply(next));
  }
  playTo(frames);
  return out;
}

FrameCount firstDifference(const Signal& a, const Signal& b) {
  for (std::size_t n = 0; n < a[0].size(); ++n)
    if (a[0][n] != b[0][n] || a[1][n] != b[1][n]) return static_cast<FrameCount>(n);
  return -1;
}

TEST(RigSwitching, MakesNoStepAmongSettledRigsWhilePlaying) {
  const std::vector<Switch> switches{
      {2 * kSecond, 1}, {4 * kSecond, 2}, {6 * kSecond, 3}, {8 * kSecond, 4}, {10 * kSecond, 0}};
  std::size_t unsettled = 0;
  const Signal out = play(switches, 12 * kSecond, 64, &unsettled);
  EXPECT_EQ(unsettled, 0u);
  std::vector<testing::Transition> transitions;
  for (const Switch& change : switches) transitions.push_back({change.frame, change.frame + kSecond});
  for (const Mono& channel : out) {
    const auto settled = std::span(channel).subspan(kSecond);  // the start from silence is no switch
    std::vector<testing::Transition> shifted;
    for (const auto& t : transitions) shifted.push_back({t.begins - kSecond, t.ends - kSecond});
    EXPECT_TRUE(testing::makesNoStep(settled, std::span<const testing::Transition>(shifted)));
  }
}

TEST(RigSwitching, IsHeardFromTheNextCallbackOnEvenWhileOlderTailsRing) {
  // 60 ms apart, so that a tail of 90 ms echoes still rings.
  const std::vector<Switch> both{{kSecond, 2}, {2 * kSecond, 3}, {2 * kSecond + 2880, 1}};
  for (std::size_t last = 0; last < both.size(); ++last) {
    const std::vector<Switch> before(both.begin(), both.begin() + static_cast<std::ptrdiff_t>(last));
    const std::vector<Switch> with(both.begin(), both.begin() + static_cast<std::ptrdiff_t>(last) + 1);
    const FrameCount first = firstDifference(play(before, 3 * kSecond), play(with, 3 * kSecond));
    EXPECT_GE(first, both[last].frame);
    // One frame may pass with a share of the new sound too small for the last bit.
    EXPECT_LE(first - both[last].frame, 2) << "switch " << last;
  }
}

TEST(RigSwitching, GivesTheSameHoweverTheStreamIsSplit) {
  const std::vector<Switch> switches{{4800, 2}, {9600, 3}, {12480, 1}, {12480 + 960, 4}};
  const Signal expected = play(switches, 2 * kSecond, 64);
  for (const FrameCount block : {1, 48}) EXPECT_EQ(play(switches, 2 * kSecond, block), expected) << block;
}

TEST(RigSwitching, LetsTheTailOfTheRigThatWasLeftRingOut) {
  const auto all = rigs();
  testing::Desk desk(sessionOf(all[2]), kFormat);
  desk.render({testing::sine(196.0, kSecond, kSecond, 0.3f)}, 2);
  ASSERT_TRUE(desk.console().apply(sessionOf(all[1])));
  const Signal out = desk.render({testing::silence(kSecond)}, 2);
  EXPECT_GT(testing::peak(std::span(out[0]).subspan(3000, 2000)), 0.02);  // an echo of 90 ms
  EXPECT_EQ(testing::peak(std::span(out[0]).last(1000)), 0.0);
}

TEST(RigSwitching, DoesNotHoldBackARigOfLikeLevelWhateverItsLevelParametersSay) {
  // 24 dB of make-up behind a compressor that takes as much: some dB louder than nothing, as it was measured.
  const rig::RigState squeezed{{with(testing::block("compressor", "comp"),
                                     {{"thresholdDb", -40.0f}, {"ratio", 20.0f}, {"makeUpDb", 24.0f}})}};
  testing::Desk desk(sessionOf({}), kFormat);
  const Mono in = testing::sine(196.0, kSecond, kSecond, 0.25f);
  desk.render({in}, 2);
  ASSERT_TRUE(desk.console().apply(sessionOf(squeezed)));
  const Signal out = desk.render({in}, 2);
  const double soon = testing::rms(std::span(out[0]).subspan(6000, 4800));
  const double later = testing::rms(std::span(out[0]).last(4800));
  EXPECT_NEAR(testing::decibels(soon / later), 0.0, 0.5);
}

TEST(RigSwitching, HoldsARigBackThatIsMuchLouderThanTheOneBefore) {
  const rig::RigState loud{{with(testing::block("gain", "up"), {{"gainDb", 20.0f}})}};
  testing::Desk desk(sessionOf({}), kFormat);
  const Mono in = testing::sine(200.0, kSecond, 2 * kSecond, 0.05f);
  desk.render({in}, 2);
  ASSERT_TRUE(desk.console().apply(sessionOf(loud)));
  const Signal out = desk.render({in}, 2);
  const auto levelAt = [&](FrameCount frame) {
    return testing::decibels(testing::rms(std::span(out[0]).subspan(static_cast<std::size_t>(frame), 2400)) /
                             (0.05 / std::sqrt(2.0)));
  };
  EXPECT_LT(levelAt(2400), 6.0 + 20.0 * 0.1 + 0.1);  // 6 dB at once, then 20 dB per second
  EXPECT_LT(levelAt(kSecond / 4), 6.0 + 20.0 * 0.3 + 0.1);
  EXPECT_NEAR(levelAt(kSecond), 20.0, 0.1);
}

TEST(RigPool, KeepsTheLikeliestOfItsBudgetAndTheFirstWhateverItTakes) {
  console::RigPool pool;
  pool.prepare(kFormat);
  std::vector<RigPlan> plans;
  for (int i = 0; i < 6; ++i)
    plans.push_back(
        {.rig = {{with(testing::block("delay", "d"), {{"timeMs", 100.0f + static_cast<float>(i)}})}}});
  pool.wish(plans);
  pool.waitUntilSettled();
  EXPECT_EQ(pool.keptCount(), 6u);
  const std::size_t all = pool.keptBytes();
  EXPECT_GE(all, 6 * console::RigPool::kLeastBytes);
  pool.setBudget(all / 2);
  pool.waitUntilSettled();
  EXPECT_LE(pool.keptBytes(), all / 2);
  EXPECT_GE(pool.keptCount(), 1u);
  for (std::size_t i = 0; i < plans.size(); ++i) EXPECT_EQ(pool.has(plans[i]), i < pool.keptCount()) << i;
  std::ranges::reverse(plans);
  pool.wish(plans);
  pool.waitUntilSettled();
  EXPECT_TRUE(pool.has(plans[0]));
  EXPECT_FALSE(pool.has(plans[5]));
  pool.setBudget(0);
  EXPECT_EQ(pool.keptCount(), 1u);
  EXPECT_TRUE(pool.has(plans[0]));
  pool.setBudget(console::RigPool::kUsualBudgetBytes);
  pool.waitUntilSettled();
  EXPECT_EQ(pool.keptCount(), 6u);
}

TEST(RigPool, SettlesARigThatComesBackAsIfItWereNew) {
  const auto all = rigs();
  const RigPlan plan{.rig = all[3]};
  console::RigPool pool;
  pool.prepare(kFormat);
  pool.wish({plan});
  pool.waitUntilSettled();
  auto taken = pool.take(plan);
  ASSERT_TRUE(taken);
  EXPECT_FALSE(pool.has(plan));
  const auto sound = [&](rig::Rig& rig) {
    Signal io{testing::noise(9600), testing::silence(9600)};
    testing::renderInPlace(io, testing::splits(9600, 64), [&](AudioView view) { rig.process(view); });
    return io;
  };
  const Signal fresh = sound(*taken->rig);
  taken->rig->set(1, 0, -20.0f);
  taken->rig->setOn(2, false);
  sound(*taken->rig);
  taken->rig->settle(plan.rig, taken->beatsPerMinute);
  EXPECT_EQ(sound(*taken->rig), fresh);
  EXPECT_EQ(sound(*console::settledRig(plan, kFormat, rig::kUsualTempo).rig), fresh);
}

}  // namespace
}  // namespace gainstage
