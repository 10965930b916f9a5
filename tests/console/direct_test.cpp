#include <gtest/gtest.h>

#include "console/desk.h"

namespace gainstage {
namespace {

using console::SourceKind;
using testing::Signal;

/// A guitar and a voice into two headphone mixes that differ.
console::Session twoMixes() {
  console::Session session;
  session.strips = {testing::strip("gtr", {1}), testing::strip("vox", {2})};
  session.outputs = {testing::headphones("one", {1, 2},
                                         {testing::send(SourceKind::direct, "gtr", 0.0f),
                                          testing::send(SourceKind::wet, "vox", -6.0f)}),
                     testing::headphones("two", {3, 4},
                                         {testing::send(SourceKind::direct, "gtr", -12.0f),
                                          testing::send(SourceKind::direct, "vox", 0.0f)})};
  return session;
}

TEST(Direct, ComesOutInItsOwnFrameAtTheLevelOfEachMix) {
  for (const FrameCount block : {1, 7, 64, 1024}) {
    SCOPED_TRACE(block);
    testing::Desk desk(twoMixes());
    const Signal in{testing::impulse(3000, 1234), testing::silence(3000)};
    const Signal out = desk.render(in, 4, block);
    for (int channel = 0; channel < 4; ++channel) {
      const double expected = channel < 2 ? 1.0 : Decibels{-12.0}.linear();
      for (std::size_t n = 0; n < 3000; ++n)
        ASSERT_NEAR(out[static_cast<std::size_t>(channel)][n], n == 1234 ? expected : 0.0, 1e-6)
            << channel << ' ' << n;
    }
  }
}

TEST(Direct, IsNotDelayedByARigThatIs) {
  console::Session session = twoMixes();
  rig::BlockState delay = testing::block("delay", "echo");
  testing::setNumber(delay, "timeMs", 500.0f);
  session.strips[0].rig.blocks = {delay};
  testing::Desk desk(session);
  const Signal out = desk.render({testing::impulse(3000, 10), testing::silence(3000)}, 4);
  EXPECT_NEAR(out[0][10], 1.0, 1e-6);
}

TEST(Mix, PansWithConstantPower) {
  for (const float pan : {-1.0f, -0.5f, 0.0f, 0.3f, 1.0f}) {
    SCOPED_TRACE(pan);
    console::Session session = twoMixes();
    testing::value(session.outputs[0].mix[0].values, console::SendParameter::pan) = pan;
    testing::Desk desk(session);
    const Signal out = desk.render({testing::dc(0.5f, 200), testing::silence(200)}, 4);
    const double left = out[0][199] / 0.5, right = out[1][199] / 0.5;
    EXPECT_NEAR(left * left + right * right, 2.0, 1e-5);
    EXPECT_NEAR(std::atan2(right, left), (pan + 1.0) * 0.78539816, 1e-5);
  }
}

TEST(Mix, FollowsTheFaderAfterItAndNotBeforeIt) {
  console::Session session = twoMixes();
  testing::value(session.strips[0].values, console::StripParameter::faderDb) = -10.0f;
  testing::value(session.outputs[1].mix[0].values, console::SendParameter::postFader) = 0.0f;
  testing::Desk desk(session);
  const Signal out = desk.render({testing::dc(0.5f, 200), testing::silence(200)}, 4);
  EXPECT_NEAR(testing::decibels(out[0][199] / 0.5), -10.0, 0.01);
  EXPECT_NEAR(testing::decibels(out[2][199] / 0.5), -12.0, 0.01);
}

TEST(Solo, IsHeardInPlaceAloneAndByListenersAtUnity) {
  console::Session session = twoMixes();
  testing::value(session.outputs[1].values, console::OutputParameter::soloMode) = 1.0f;  // listen
  testing::value(session.strips[0].values, console::StripParameter::solo) = 1.0f;
  testing::Desk desk(session);
  const Signal out = desk.render({testing::dc(0.25f, 200), testing::dc(0.5f, 200)}, 4);
  EXPECT_NEAR(out[0][199], 0.25, 1e-6);  // in place: the voice is gone
  EXPECT_NEAR(out[2][199], 0.25, 1e-6);  // listening: at unity, though its send says -12 dB
}

TEST(Solo, ChangesNothingWhereItIsIgnored) {
  console::Session session = twoMixes();
  testing::value(session.outputs[1].values, console::OutputParameter::soloMode) = 2.0f;  // ignore
  testing::Desk plain(session);
  testing::value(session.strips[0].values, console::StripParameter::solo) = 1.0f;
  testing::Desk soloed(session);
  const Signal in{testing::noise(500, 0.3f, 1), testing::noise(500, 0.3f, 2)};
  const Signal a = plain.render(in, 4), b = soloed.render(in, 4);
  EXPECT_EQ(a[2], b[2]);
  EXPECT_NE(a[0], b[0]);
}

TEST(Mute, SilencesSendsWithin20MsAndLeavesMetersAlone) {
  console::Session session = twoMixes();
  testing::Desk desk(session);
  desk.render({testing::sine(440, 48000, 4800, 0.5f), testing::silence(4800)}, 4);
  testing::value(session.strips[0].values, console::StripParameter::mute) = 1.0f;
  ASSERT_TRUE(desk.console().apply(session));
  const Signal out = desk.render({testing::sine(440, 48000, 4800, 0.5f), testing::silence(4800)}, 4);
  EXPECT_EQ(testing::peak(std::span(out[0]).subspan(960)), 0.0);
  EXPECT_LT(testing::largestStep(out[0]), 1.5 * 0.5 * 2 * 3.14159 * 440 / 48000);
  EXPECT_NEAR(desk.console().stripMeters("gtr").input[0].heldPeak, 0.5, 0.01);
  EXPECT_NEAR(desk.console().stripMeters("gtr").wet[0].heldPeak, 0.5, 0.01);
}

TEST(Output, SumsToMonoInvertsDimsAndMutes) {
  console::Session session = twoMixes();
  session.outputs[0].mix = {testing::send(SourceKind::direct, "gtr")};
  testing::value(session.outputs[0].mix[0].values, console::SendParameter::pan) = -1.0f;
  testing::value(session.outputs[0].values, console::OutputParameter::mono) = 1.0f;
  testing::value(session.outputs[0].values, console::OutputParameter::polarityInverted) = 1.0f;
  testing::value(session.outputs[0].values, console::OutputParameter::dim) = 1.0f;
  testing::Desk desk(session);
  const Signal out = desk.render({testing::dc(0.5f, 100), testing::silence(100)}, 4);
  const double expected = -0.5 * 0.5 * std::sqrt(2.0) * Decibels{-20.0}.linear();
  EXPECT_NEAR(out[0][99], expected, 1e-6);
  EXPECT_NEAR(out[1][99], expected, 1e-6);
}

}  // namespace
}  // namespace gainstage
