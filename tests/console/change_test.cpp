#include <gtest/gtest.h>

#include "console/desk.h"

namespace gainstage {
namespace {

using console::SourceKind;
using testing::Signal;

/// Four strips with per-sample rigs into two mixes.
console::Session busySession() {
  console::Session session;
  for (int s = 1; s <= 4; ++s) {
    console::StripState strip = testing::strip("s" + std::to_string(s), {s});
    testing::value(strip.values, console::StripParameter::highpassOn) = 1.0f;
    testing::value(strip.values, console::StripParameter::reverbSendDb) = -10.0f;
    strip.rig.blocks = {testing::block("gate", "gate"), testing::block("eq", "eq"),
                        testing::block("compressor", "comp"), testing::block("delay", "echo")};
    session.strips.push_back(strip);
  }
  for (int o = 0; o < 2; ++o) {
    std::vector<console::SendState> mix;
    for (int s = 1; s <= 4; ++s) {
      mix.push_back(
          testing::send(SourceKind::wet, "s" + std::to_string(s), -6.0f - static_cast<float>(s + o)));
      mix.push_back(testing::send(SourceKind::direct, "s" + std::to_string(s), -12.0f));
    }
    mix.push_back(testing::send(SourceKind::reverb, "", -6.0f));
    mix.push_back(testing::send(SourceKind::metronome, "", -6.0f));
    session.outputs.push_back(testing::headphones("o" + std::to_string(o), {2 * o + 1, 2 * o + 2}, mix));
    testing::value(session.outputs.back().values, console::OutputParameter::ceilingOn) = 1.0f;
  }
  testing::value(session.metronome, console::MetronomeParameter::on) = 1.0f;
  return session;
}

Signal fourInputs(FrameCount frames) {
  Signal in;
  for (unsigned c = 0; c < 4; ++c) {
    testing::Mono row = testing::sine(110.0 * (c + 1), 48000, frames, 0.3f);
    const testing::Mono noise = testing::noise(frames, 0.05f, c + 1);
    for (std::size_t n = 0; n < row.size(); ++n) row[n] += noise[n];
    // A rest in the middle, long enough for a strip to fall asleep and wake.
    if (c == 2 && frames > 20000) std::fill(row.begin() + 9000, row.end() - 9000, 0.0f);
    in.push_back(row);
  }
  return in;
}

/// Plays half a second of changes, each on its frame, in the given blocks.
Signal play(std::span<const FrameCount> blocks, FrameCount frames) {
  console::Session session = busySession();
  testing::Desk desk(session);
  auto& console = desk.console();
  testing::value(session.strips[0].values, console::StripParameter::trimDb) = -7.0f;
  testing::value(session.strips[1].values, console::StripParameter::polarityInverted) = 1.0f;
  EXPECT_TRUE(console.apply(session, 777));
  testing::value(session.outputs[0].mix[0].values, console::SendParameter::pan) = -0.7f;
  testing::value(session.strips[3].values, console::StripParameter::highpassHz) = 250.0f;
  testing::setNumber(session.strips[2].rig.blocks[2], "thresholdDb", -40.0f);
  session.strips[0].rig.blocks[1].on = false;
  EXPECT_TRUE(console.apply(session, 5001));
  testing::value(session.strips[1].values, console::StripParameter::solo) = 1.0f;
  EXPECT_TRUE(console.apply(session, 9100));
  testing::value(session.strips[1].values, console::StripParameter::solo) = 0.0f;
  session.strips[3].rig.blocks.erase(session.strips[3].rig.blocks.begin());
  EXPECT_TRUE(console.apply(session, 12345));
  testing::value(session.outputs[1].values, console::OutputParameter::levelDb) = 9.0f;
  testing::value(session.tempo, console::TempoParameter::beatsPerMinute) = 177.0f;
  EXPECT_TRUE(console.apply(session, 14000));
  return desk.render(fourInputs(frames), 4, blocks);
}

TEST(Splits, AgreeToTheBitThroughEveryKindOfChange) {
  constexpr FrameCount kFrames = 130000;
  const Signal reference = play(testing::splits(kFrames, 64), kFrames);
  EXPECT_GT(testing::rms(reference[0]), 0.01);
  for (const auto& blocks :
       {testing::splits(kFrames, 1), testing::splits(kFrames, 7), testing::splits(kFrames, 96),
        testing::splits(kFrames, 1024), testing::splits(kFrames, 1024, 11)}) {
    const Signal other = play(blocks, kFrames);
    for (std::size_t c = 0; c < 4; ++c)
      ASSERT_EQ(testing::largestDifference(reference[c], other[c]), 0.0) << "first block " << blocks[0];
  }
}

TEST(Events, LandOnTheirFrame) {
  console::Session session;
  session.strips = {testing::strip("a", {1})};
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::direct, "a")})};
  testing::Desk desk(session);
  testing::value(session.strips[0].values, console::StripParameter::trimDb) = -20.0f;
  ASSERT_TRUE(desk.console().apply(session, 1000));
  const Signal out = desk.render({testing::dc(1.0f, 3000)}, 2, 1024);
  EXPECT_EQ(out[0][999], 1.0f);
  EXPECT_LT(out[0][1000], 1.0f);
  EXPECT_GT(out[0][1958], 0.1f);
  EXPECT_FLOAT_EQ(out[0][1959], 0.1f);
}

TEST(Rig, IsReplacedWithoutAStepAndItsTailRingsOut) {
  console::Session session;
  session.strips = {testing::strip("a", {1})};
  rig::BlockState delay = testing::block("delay", "echo");
  testing::setNumber(delay, "timeMs", 200.0f);
  session.strips[0].rig.blocks = {delay};
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "a")})};
  testing::Desk desk(session);
  desk.render({testing::sine(220, 48000, 12000, 0.4f)}, 2);
  session.strips[0].rig.blocks = {testing::block("gain", "clean")};
  ASSERT_TRUE(desk.console().apply(session));
  testing::Mono in = testing::sine(220, 48000, 24000, 0.4f, 2 * 3.14159265358979 * 220 * 12000 / 48000);
  for (std::size_t n = 4800; n < in.size(); ++n) in[n] = 0.0f;
  const Signal out = desk.render({in}, 2);
  EXPECT_LT(testing::largestStep(std::span(out[0]).first(4800)), 1.5 * 2 * 0.8 * 3.14159 * 220 / 48000);
  // The echo of what was played before the change still comes, 200 ms later.
  EXPECT_GT(testing::peak(std::span(out[0]).subspan(6000, 3000)), 0.02);
}

TEST(Strips, SleepNoSoonerThanTheEchoesThatTheirRigHasByNow) {
  console::Session session;
  session.strips = {testing::strip("a", {1})};
  session.strips[0].rig.blocks = {testing::block("delay", "echo")};
  rig::BlockState& echo = session.strips[0].rig.blocks[0];
  testing::setNumber(echo, "timeMs", 20.0f);
  testing::setNumber(echo, "feedback", 0.0f);
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "a")})};
  testing::Desk desk(session);
  desk.render({testing::silence(4800)}, 2);
  testing::setNumber(echo, "timeMs", 2000.0f);
  ASSERT_TRUE(desk.console().apply(session));
  desk.render({testing::dc(0.01f, 9600)}, 2);
  Signal out = desk.render({testing::impulse(100000, 100)}, 2);
  EXPECT_GT(testing::peak(std::span(out[0]).subspan(96000, 200)), 0.1);
  // And a shorter one lets them sleep sooner, with nothing left behind.
  testing::setNumber(echo, "timeMs", 20.0f);
  ASSERT_TRUE(desk.console().apply(session));
  out = desk.render({testing::silence(200000)}, 2);
  EXPECT_EQ(testing::peak(std::span(out[0]).last(48000)), 0.0);
}

TEST(Strips, ComeAndGoWhileTheOthersPlayOn) {
  console::Session session = busySession();
  testing::Desk desk(session);
  desk.render(fourInputs(9600), 4);
  const console::Session all = session;
  session.strips.pop_back();
  for (auto& output : session.outputs)
    std::erase_if(output.mix, [](const console::SendState& send) { return send.source == "s4"; });
  ASSERT_TRUE(desk.console().apply(session));
  desk.render(fourInputs(9600), 4);
  EXPECT_EQ(desk.console().stripSlot("s4"), -1);
  ASSERT_TRUE(desk.console().apply(all));
  const Signal out = desk.render(fourInputs(9600), 4);
  EXPECT_GE(desk.console().stripSlot("s4"), 0);
  EXPECT_TRUE(testing::allFinite(out[0]));
}

}  // namespace
}  // namespace gainstage
