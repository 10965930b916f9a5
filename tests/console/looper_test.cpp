#include <gtest/gtest.h>

#include "console/desk.h"

/// The looper behind a strip's rig, as the console runs it.
namespace gainstage::console {
namespace {

using dsp::LoopAction;
using dsp::LoopState;
using testing::Mono;
using testing::Signal;

Session oneStrip() {
  Session session;
  session.strips = {testing::strip("gtr", {1})};
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "gtr")})};
  return session;
}

/// A loop of a second, playing.
void record(testing::Desk& desk) {
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::record).ok());
  desk.render({testing::sine(331.0, 48000.0, 48000, 0.3f)}, 2);
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::play).ok());
  desk.render({testing::silence(48000)}, 2);
}

TEST(StripLooper, OutlivesTheRigThatItsLoopWasPlayedThrough) {
  testing::Desk desk(oneStrip());
  record(desk);
  const Signal before = desk.render({testing::silence(48000)}, 2);
  EXPECT_GT(testing::rms(before[0]), 0.1);
  Session next = oneStrip();
  next.strips[0].rig.blocks = {testing::block("chorus", "chorus")};
  ASSERT_TRUE(desk.console().apply(next));
  const Signal during = desk.render({testing::silence(48000)}, 2);
  EXPECT_LE(testing::largestDifference(during[0], before[0]), 0.0);
  next.strips[0].rig.blocks.clear();
  ASSERT_TRUE(desk.console().apply(next));
  EXPECT_EQ(desk.render({testing::silence(48000)}, 2), before);
}

TEST(StripLooper, PlaysOnWhileItsStripSleepsAndLetsItSleep) {
  testing::Desk desk(oneStrip());
  record(desk);
  const Signal before = desk.render({testing::silence(48000)}, 2);
  for (int second = 0; second < 4; ++second) EXPECT_EQ(desk.render({testing::silence(48000)}, 2), before);
  EXPECT_GT(desk.console().stripMeters("gtr").wet[0].rms, 0.1f);
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::stop).ok());
  desk.render({testing::silence(48000)}, 2);
  EXPECT_EQ(testing::peak(desk.render({testing::silence(48000)}, 2)[0]), 0.0);
}

TEST(StripLooper, ActsAtTheFrameThatIsAskedFor) {
  testing::Desk desk(oneStrip());
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::record, 1000).ok());
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::play, 13345).ok());
  const Mono in = testing::noise(48000, 0.3f);
  const Signal out = desk.render({in}, 2);
  EXPECT_EQ(desk.console().stripMeters("gtr").loop->lengthFrames, 12345);
  // With itself a pass later on top; 10 ms of seam left out.
  for (std::size_t n = 13345 + 480; n < 13345 + 12345; ++n)
    ASSERT_NEAR(out[0][n], in[n] + in[n - 12345], 1e-6) << n;
}

TEST(StripLooper, TakesItsValuesFromTheStripAndItsBeatFromTheTempo) {
  Session session = oneStrip();
  testing::value(session.strips[0].values, StripParameter::loopQuantise) = 1.0f;
  testing::value(session.tempo, TempoParameter::beatsPerMinute) = 150.0f;  // 19,200 frames
  testing::Desk desk(session);
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::record).ok());
  desk.render({testing::noise(40000)}, 2);
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::play).ok());
  desk.render({testing::silence(20000)}, 2);
  EXPECT_EQ(desk.console().stripMeters("gtr").loop->lengthFrames, 38400);
  const std::int64_t at = desk.console().stripMeters("gtr").loop->positionFrames;
  testing::value(session.strips[0].values, StripParameter::loopReverse) = 1.0f;
  ASSERT_TRUE(desk.console().apply(session));
  desk.render({testing::silence(640)}, 2);
  EXPECT_NEAR(static_cast<double>(desk.console().stripMeters("gtr").loop->positionFrames),
              static_cast<double>(at - 640), 2.0);
}

TEST(StripLooper, TellsWhenALoopEndsByItself) {
  testing::Desk desk(oneStrip());
  ASSERT_TRUE(desk.console().loop("gtr", LoopAction::record).ok());
  const Mono minute = testing::dc(0.1f, 60 * 48000);
  for (int n = 0; n < 11; ++n) desk.render({minute}, 2, 1024);
  const auto faults = desk.console().takeFaults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, FaultKind::loopEnded);
  EXPECT_EQ(faults[0].where, "strips/gtr");
  EXPECT_EQ(desk.console().stripMeters("gtr").loop->state, LoopState::playing);
}

TEST(StripLooper, IsNotThereForAStripThatIsNot) {
  testing::Desk desk(oneStrip());
  EXPECT_FALSE(desk.console().loop("nobody", LoopAction::record).ok());
  EXPECT_EQ(desk.console().looper("gtr"), nullptr);
}

}  // namespace
}  // namespace gainstage::console
