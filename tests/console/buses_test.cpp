#include <gtest/gtest.h>

#include "console/desk.h"

namespace gainstage {
namespace {

using console::SourceKind;
using testing::Signal;

console::Session quietRoom() {
  console::Session session;
  session.strips = {testing::strip("vox", {1})};
  session.outputs = {testing::headphones("one", {1, 2}, {}), testing::headphones("two", {3, 4}, {})};
  return session;
}

TEST(Talkback, IsHeardWhileItIsOnAndDimsEverythingElse) {
  console::Session session = quietRoom();
  session.talkbackInput = 2;
  session.outputs[0].mix = {testing::send(SourceKind::direct, "vox"),
                            testing::send(SourceKind::talkback, "")};
  session.outputs[1].mix = {testing::send(SourceKind::direct, "vox")};
  testing::Desk desk(session);
  const Signal in{testing::dc(0.25f, 9600), testing::dc(0.1f, 9600)};
  const Signal before = desk.render(in, 4);
  EXPECT_NEAR(before[0].back(), 0.25, 1e-6);

  testing::value(session.talkback, console::TalkbackParameter::on) = 1.0f;
  ASSERT_TRUE(desk.console().apply(session));
  const Signal during = desk.render(in, 4);
  const double dimmed = 0.25 * Decibels{-12.0}.linear();
  EXPECT_NEAR(during[0].back(), dimmed + 0.1, 1e-5);
  EXPECT_NEAR(during[2].back(), dimmed, 1e-5);
}

TEST(Reverb, IsFedByItsSendsAndHeardWhereItIsMixed) {
  console::Session session = quietRoom();
  testing::value(session.strips[0].values, console::StripParameter::reverbSendDb) = 0.0f;
  session.outputs[0].mix = {testing::send(SourceKind::reverb, "")};
  testing::Desk desk(session);
  testing::Mono in = testing::noise(48000, 0.3f);
  std::fill(in.begin() + 24000, in.end(), 0.0f);
  const Signal out = desk.render({in}, 4);
  EXPECT_GT(testing::decibels(testing::rms(std::span(out[0]).subspan(12000, 12000))), -30.0);
  EXPECT_GT(testing::rms(std::span(out[0]).subspan(24000, 9600)),
            testing::rms(std::span(out[0]).subspan(38400)));
  EXPECT_EQ(testing::peak(out[2]), 0.0);
}

TEST(Metronome, ClicksOnItsBeatsInTheMixesThatWantIt) {
  console::Session session = quietRoom();
  session.outputs[1].mix = {testing::send(SourceKind::metronome, "")};
  testing::value(session.metronome, console::MetronomeParameter::on) = 1.0f;
  testing::value(session.tempo, console::TempoParameter::beatsPerMinute) =
      150.0f;  // a beat every 19,200 frames
  testing::Desk desk(session);
  const Signal out = desk.render({testing::silence(60000)}, 4);
  EXPECT_EQ(testing::peak(out[0]), 0.0);
  for (const std::size_t beat : {0u, 19200u, 38400u, 57600u}) {
    EXPECT_GT(testing::peak(std::span(out[2]).subspan(beat, 960)), 0.05) << beat;
    if (beat == 0) continue;
    EXPECT_EQ(testing::peak(std::span(out[2]).subspan(beat - 4800, 4800)), 0.0) << beat;
  }
}

TEST(Mono, OutputOfOneChannelHearsBothSides) {
  console::Session session = quietRoom();
  session.outputs = {testing::headphones("centre", {3}, {testing::send(SourceKind::direct, "vox")})};
  testing::value(session.outputs[0].mix[0].values, console::SendParameter::pan) = -1.0f;
  testing::Desk desk(session);
  const Signal out = desk.render({testing::dc(0.5f, 100)}, 4);
  EXPECT_NEAR(out[2].back(), 0.5 * 0.5 * std::sqrt(2.0), 1e-6);
  EXPECT_EQ(out[0].back(), 0.0f);
}

TEST(Silence, CostsNoTailAndWakesWithTheFirstSample) {
  console::Session session = quietRoom();
  session.strips[0].rig.blocks = {testing::block("compressor", "comp"), testing::block("gain", "gain")};
  session.outputs[0].mix = {testing::send(SourceKind::wet, "vox")};
  testing::Desk asleep(session), awake(session);
  asleep.render({testing::silence(96000)}, 4);
  testing::Mono in = testing::silence(4800);
  for (std::size_t n = 1000; n < in.size(); ++n) in[n] = 0.3f * std::sin(0.03f * static_cast<float>(n));
  const Signal a = asleep.render({in}, 4), b = awake.render({in}, 4);
  EXPECT_GT(testing::peak(a[0]), 0.2);
  EXPECT_EQ(testing::largestDifference(a[0], b[0]), 0.0);
}

}  // namespace
}  // namespace gainstage
