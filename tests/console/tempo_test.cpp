#include <gtest/gtest.h>

#include "console/desk.h"

/// The session's tempo, as rigs hear of it.
namespace gainstage {
namespace {

using console::SourceKind;
using console::TempoParameter;
using testing::Mono;
using testing::Signal;

extern const rig::BlockDeclaration kTempoMeter;

/// Gives a thousandth of the tempo that it was told of, and of the one in which it was settled on the right.
class TempoMeter final : public rig::Block {
 public:
  const rig::BlockDeclaration& declaration() const noexcept override { return kTempoMeter; }
  Result<void> prepare(const StreamFormat&, int) override { return {}; }
  int outputChannels(int) const noexcept override { return 2; }
  void setTempo(double beatsPerMinute) noexcept override { tempo_ = beatsPerMinute; }
  void set(ParameterIndex, float) noexcept override {}
  void reset() noexcept override { settledTempo_ = tempo_; }
  void process(AudioView io) noexcept override {
    std::ranges::fill(io.channel(0), static_cast<float>(tempo_ / 1000.0));
    std::ranges::fill(io.channel(1), static_cast<float>(settledTempo_ / 1000.0));
  }

 private:
  double tempo_ = rig::kUsualTempo, settledTempo_ = 0.0;
};

constinit const rig::BlockDeclaration kTempoMeter{
    "tempoMeter", "Tempo meter", {}, [] { return std::unique_ptr<rig::Block>(new TempoMeter); }};

rig::BlockState tempoMeter(std::string id) { return rig::makeBlockState(kTempoMeter, std::move(id)); }

/// A strip whose wet signal tells the tempo; it never sleeps, for something comes in.
console::Session sessionAt(float beatsPerMinute) {
  console::Session session;
  session.strips = {testing::strip("a", {1})};
  session.strips[0].rig.blocks = {tempoMeter("meter")};
  session.outputs = {testing::headphones("o", {1, 2}, {testing::send(SourceKind::wet, "a")})};
  testing::value(session.tempo, TempoParameter::beatsPerMinute) = beatsPerMinute;
  return session;
}

struct Transport {
  bool valid = true;
  double beatsPerMinute = 120.0;
};

/// What both channels tell last, in beats per minute.
std::array<double, 2> told(console::Console& console, FrameCount frames,
                           Transport transport = {.valid = false}) {
  const Mono in = testing::dc(0.1f, 64);
  AudioBuffer out(2, 64);
  const float* const row = in.data();
  for (FrameCount at = 0; at < frames; at += 64)
    console.process({.frames = 64,
                     .inputs = {&row, 1, 64},
                     .outputs = out.view(),
                     .transportValid = transport.valid,
                     .transportRolling = true,
                     .transportBeatsPerMinute = transport.beatsPerMinute});
  console.service();
  return {1000.0 * static_cast<double>(out.channel(0)[63]), 1000.0 * static_cast<double>(out.channel(1)[63])};
}

TEST(Tempo, ReachesTheRigsOnItsFrameAndSettlesNewOnes) {
  console::Session session = sessionAt(96.0f);
  testing::Desk desk(session);
  testing::value(session.tempo, TempoParameter::beatsPerMinute) = 150.0f;
  ASSERT_TRUE(desk.console().apply(session, 1000));
  Signal out = desk.render({testing::dc(0.1f, 2000)}, 2, 96);
  EXPECT_FLOAT_EQ(out[0][999], 0.096f);
  EXPECT_FLOAT_EQ(out[0][1000], 0.150f);
  EXPECT_FLOAT_EQ(out[1][1999], 0.096f);
  // A rig built now is settled in the tempo that comes with it.
  session.strips[0].rig.blocks = {tempoMeter("another")};
  testing::value(session.tempo, TempoParameter::beatsPerMinute) = 75.0f;
  ASSERT_TRUE(desk.console().apply(session));
  out = desk.render({testing::dc(0.1f, 4800)}, 2);
  EXPECT_FLOAT_EQ(out[0].back(), 0.075f);
  EXPECT_FLOAT_EQ(out[1].back(), 0.075f);
}

TEST(Tempo, OfATransportReachesTheRigsWhileItIsFollowedAndTheSessionsAfterIt) {
  console::Session session = sessionAt(96.0f);
  testing::value(session.tempo, TempoParameter::source) = 1.0f;
  testing::Desk desk(session);
  console::Console& console = desk.console();
  EXPECT_NEAR(told(console, 64)[0], 96.0, 1e-4);
  EXPECT_NEAR(told(console, 64, {.beatsPerMinute = 133.0})[0], 133.0, 1e-4);
  // The session's does not show through.
  testing::value(session.tempo, TempoParameter::beatsPerMinute) = 80.0f;
  ASSERT_TRUE(console.apply(session));
  EXPECT_NEAR(told(console, 64, {.beatsPerMinute = 133.0})[0], 133.0, 1e-4);
  // A rig built meanwhile is settled in the transport's.
  session.strips[0].rig.blocks = {tempoMeter("another")};
  ASSERT_TRUE(console.apply(session));
  const auto followed = told(console, 4800, {.beatsPerMinute = 133.0});
  EXPECT_NEAR(followed[0], 133.0, 1e-4);
  EXPECT_NEAR(followed[1], 133.0, 1e-4);
  EXPECT_NEAR(told(console, 64)[0], 80.0, 1e-4);
}

}  // namespace
}  // namespace gainstage
