#include <gtest/gtest.h>

#include "devices/jack/frame_clock.h"

namespace gainstage::devices::jack {
namespace {

/// A server at 48 kHz with 64 frames, as a client sees it.
struct SteadyServer {
  FrameClock clock;
  std::uint32_t frame = 1000;
  double us = 5e6;

  FrameTime callback(FrameCount frames = 64) {
    const FrameTime lost = clock.advance(frame, static_cast<std::int64_t>(us), frames, 48000.0);
    pass(frames);
    return lost;
  }
  void pass(FrameCount frames) {
    frame += static_cast<std::uint32_t>(frames);
    us += frames * 1e6 / 48000.0;
  }
};

TEST(JackFrameClock, BeginsAtZeroAndGoesOnWithTheServersCount) {
  SteadyServer server;
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.clock.frame(), 0);
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.callback(256), 0);
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.clock.frame(), 64 + 64 + 256);
}

TEST(JackFrameClock, CountsFramesThatNeverCameOnceTheStreamGoesOn) {
  SteadyServer server;
  server.callback();
  server.pass(3 * 64);
  EXPECT_EQ(server.callback(), 0) << "it may only be late";
  EXPECT_EQ(server.clock.frame(), 64);
  EXPECT_EQ(server.callback(), 192);
  EXPECT_EQ(server.clock.frame(), 5 * 64);
  EXPECT_EQ(server.callback(), 0);
}

TEST(JackFrameClock, TakesLateCallbacksForNoLoss) {
  SteadyServer server;
  server.callback();
  // Two callbacks run while the server is already in the third cycle: all three read the same count.
  server.pass(2 * 64);
  const std::uint32_t frame = server.frame;
  const double us = server.us;
  for (int i = 0; i < 3; ++i) {
    server.frame = frame;
    server.us = us;
    EXPECT_EQ(server.callback(), 0);
  }
  EXPECT_EQ(server.clock.frame(), 3 * 64);
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.clock.frame(), 4 * 64);
}

TEST(JackFrameClock, CountsLossesWithoutTheServersTimeToo) {
  FrameClock clock;
  clock.advance(0, -1, 64, 48000.0);
  clock.advance(128, -1, 64, 48000.0);
  EXPECT_EQ(clock.advance(192, -1, 64, 48000.0), 64);
  clock.advance(256 + 48000 * 11, -1, 64, 48000.0);
  EXPECT_EQ(clock.advance(320 + 48000 * 11, -1, 64, 48000.0), 0) << "no outage of 11 s is an xrun";
}

TEST(JackFrameClock, NeverGoesBackWhereTheServersCounterWraps) {
  SteadyServer server;
  server.frame = 0xffffffffu - 95;
  server.callback();
  server.callback();
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.clock.frame(), 128);
}

TEST(JackFrameClock, TakesAnotherDriversCounterForNoLoss) {
  for (const std::int32_t jump : {-900, 4800, 480000, 2000000000}) {
    SteadyServer server;
    server.callback();
    server.frame += static_cast<std::uint32_t>(jump);
    EXPECT_EQ(server.callback(), 0) << jump;
    EXPECT_EQ(server.clock.frame(), 64) << jump;
    EXPECT_EQ(server.callback(), 0) << jump;
    EXPECT_EQ(server.clock.frame(), 128) << jump;
  }
}

TEST(JackFrameClock, CountsTheFramesOfAnOutageOnce) {
  SteadyServer server;
  server.callback();
  server.clock.skip(4800);
  server.frame = 77;  // another server, another count
  server.us = 9e6;
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.clock.frame(), 64 + 4800);
}

TEST(JackFrameClock, GoesOnWithoutAJumpAfterAResync) {
  SteadyServer server;
  server.callback();
  server.pass(48000);
  server.clock.resync();
  EXPECT_EQ(server.callback(), 0);
  EXPECT_EQ(server.clock.frame(), 64);
  server.pass(64);
  server.callback();
  EXPECT_EQ(server.callback(), 64) << "only the first jump is forgiven";
}

}  // namespace
}  // namespace gainstage::devices::jack
