#include "devices/jack/jack_transport.h"

#include <gtest/gtest.h>

namespace gainstage::devices::jack {
namespace {

jack_position_t position(int bar, int beat, int tick) {
  jack_position_t p{};
  p.valid = JackPositionBBT;
  p.bar = bar;
  p.beat = beat;
  p.tick = tick;
  p.beats_per_bar = 3.0f;
  p.beat_type = 4.0f;
  p.ticks_per_beat = 1920.0;
  p.beats_per_minute = 90.0;
  return p;
}

TEST(JackTransport, CountsBeatsFromTheStartOfTheSong) {
  EXPECT_DOUBLE_EQ(fromJack(JackTransportRolling, position(1, 1, 0), 48000.0).beat, 0.0);
  const Transport transport = fromJack(JackTransportRolling, position(5, 3, 480), 48000.0);
  EXPECT_TRUE(transport.valid);
  EXPECT_TRUE(transport.rolling);
  EXPECT_DOUBLE_EQ(transport.beat, 4 * 3 + 2 + 0.25);
  EXPECT_DOUBLE_EQ(transport.beatsPerMinute, 90.0);
  EXPECT_DOUBLE_EQ(transport.beatsPerBar, 3.0);
}

TEST(JackTransport, IsInvalidWithoutATimebaseMasterButTellsWhetherItRolls) {
  jack_position_t plain = position(2, 1, 0);
  plain.valid = jack_position_bits_t{};
  EXPECT_FALSE(fromJack(JackTransportRolling, plain, 48000.0).valid);
  EXPECT_TRUE(fromJack(JackTransportRolling, plain, 48000.0).rolling);
  EXPECT_FALSE(fromJack(JackTransportStopped, plain, 48000.0).rolling);
  EXPECT_FALSE(fromJack(JackTransportStarting, plain, 48000.0).rolling);
}

TEST(JackTransport, IsInvalidWhereAMasterGivesNoMetreOrTempo) {
  jack_position_t broken = position(2, 1, 0);
  broken.beats_per_bar = 0.0f;
  EXPECT_FALSE(fromJack(JackTransportRolling, broken, 48000.0).valid);
  broken = position(2, 1, 0);
  broken.beats_per_minute = 0.0;
  EXPECT_FALSE(fromJack(JackTransportRolling, broken, 48000.0).valid);
}

TEST(JackTransport, AddsTheFramesThatThePositionLiesBack) {
  jack_position_t early = position(1, 1, 0);
  early.valid = static_cast<jack_position_bits_t>(JackPositionBBT | JackBBTFrameOffset);
  early.bbt_offset = 16000;  // half a beat at 90 beats a minute and 48 kHz
  EXPECT_DOUBLE_EQ(fromJack(JackTransportRolling, early, 48000.0).beat, 0.5);
}

TEST(JackTransport, MovesOnInsideACallbackOnlyWhileItRolls) {
  const Transport rolling = fromJack(JackTransportRolling, position(1, 2, 0), 48000.0);
  EXPECT_DOUBLE_EQ(later(rolling, 8000, 48000.0).beat, 1.25);
  const Transport stopped = fromJack(JackTransportStopped, position(1, 2, 0), 48000.0);
  EXPECT_DOUBLE_EQ(later(stopped, 8000, 48000.0).beat, 1.0);
}

}  // namespace
}  // namespace gainstage::devices::jack
