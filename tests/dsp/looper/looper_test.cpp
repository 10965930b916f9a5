#include "dsp/looper/looper.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 64};
constexpr std::size_t kFade = 480;

struct Event {
  FrameCount frame;
  LoopAction action;
};

/// A looper, its control thread, and a player.
class Player {
 public:
  explicit Player(StreamFormat format = kFormat) : looper_(format) {}

  Looper& looper() { return looper_; }

  /// Plays the signal while actions come; what the looper adds to it. `late`: the control thread sleeps.
  Signal play(const Signal& in, std::vector<Event> events = {}, FrameCount block = 64, unsigned seed = 0,
              bool late = false) {
    Signal io = in;
    std::vector<FrameCount> lengths;
    FrameCount at = 0;
    auto next = events.begin();
    for (FrameCount left : testing::splits(static_cast<FrameCount>(in[0].size()), block, seed))
      while (left > 0) {
        while (next != events.end() && next->frame <= at) ++next;
        const FrameCount frames = next != events.end() ? std::min(left, next->frame - at) : left;
        lengths.push_back(frames);
        at += frames;
        left -= frames;
      }
    at = 0;
    next = events.begin();
    std::size_t from = 0;
    while (from < lengths.size()) {
      // The control thread looks after it every 100 ms or so.
      if (!late) looper_.service();
      std::size_t to = from;
      for (FrameCount frames = 0; to < lengths.size() && frames < 4800; ++to) frames += lengths[to];
      Signal part(2);
      const std::span<const FrameCount> blocks(lengths.data() + from, to - from);
      FrameCount total = 0;
      for (const FrameCount frames : blocks) total += frames;
      for (std::size_t c = 0; c < 2; ++c) part[c].assign(io[c].begin() + at, io[c].begin() + at + total);
      const FrameCount start = at;
      testing::renderInPlace(part, blocks, [&](AudioView view) {
        for (; next != events.end() && next->frame <= at; ++next) looper_.act(next->action);
        looper_.process(view);
        at += view.frames();
      });
      for (std::size_t c = 0; c < 2; ++c) std::ranges::copy(part[c], io[c].begin() + start);
      from = to;
    }
    for (std::size_t c = 0; c < 2; ++c)
      for (std::size_t n = 0; n < io[c].size(); ++n) io[c][n] -= in[c][n];
    return io;
  }
  Signal silence(FrameCount frames, std::vector<Event> events = {}) {
    return play({testing::silence(frames), testing::silence(frames)}, std::move(events));
  }

  /// A loop of so many frames, playing; what was played.
  Signal record(FrameCount frames, double hz = 331.0) {
    const Signal in = tones(frames + 4800, hz);
    play(in, {{0, LoopAction::record}, {frames, LoopAction::play}});
    return in;
  }

  static Signal tones(FrameCount frames, double hz, float amplitude = 0.3f) {
    return {testing::sine(hz, 48000.0, frames, amplitude),
            testing::sine(1.5 * hz, 48000.0, frames, amplitude, 1.0)};
  }

 private:
  Looper looper_;
};

/// From frame `at` on, so many.
Mono part(const Mono& all, std::size_t at, std::size_t frames) {
  return {all.begin() + static_cast<std::ptrdiff_t>(at),
          all.begin() + static_cast<std::ptrdiff_t>(at + frames)};
}

TEST(Looper, RepeatsWhatWasPlayedToTheSampleInEveryPass) {
  for (const FrameCount frames : {3000, 4096, 30000, 48011}) {
    SCOPED_TRACE(frames);
    Player player;
    const auto length = static_cast<std::size_t>(frames);
    const Signal in = player.record(frames);  // and 4800 of its first pass
    const Signal out = player.silence(3 * frames);
    for (std::size_t c = 0; c < 2; ++c) {
      EXPECT_EQ(part(out[c], 0, length), part(out[c], length, length));
      EXPECT_EQ(part(out[c], length, length), part(out[c], 2 * length, length));
      // Beyond the seam it is what was played, to the bit.
      for (std::size_t n = 0; n < 2 * length; ++n)
        if (const std::size_t place = (n + 4800) % length; place >= kFade) {
          ASSERT_EQ(out[c][n], in[c][place]) << n;
        }
    }
    EXPECT_EQ(player.looper().reading().lengthFrames, frames);
  }
}

TEST(Looper, HasNoStepLargerThanTheSignalsOwnAtItsSeamNorAtAnyAction) {
  Player player;
  const Signal in = player.record(30011);
  const double own = testing::largestStep(in[0]);
  const Signal out = player.silence(240000, {{31000, LoopAction::stop},
                                             {40000, LoopAction::play},
                                             {70123, LoopAction::stop},
                                             {70200, LoopAction::play},
                                             {150001, LoopAction::undo}});
  EXPECT_LE(testing::largestStep(out[0]), 1.5 * own);
  const Signal played = Player::tones(90000, 217.0);
  const Signal loop = player.play(played, {{1000, LoopAction::overdub}, {50000, LoopAction::play}});
  const double both = own + testing::largestStep(played[0]);
  EXPECT_LE(testing::largestStep(loop[0]), 1.5 * both);
  const Signal after = player.silence(300000, {{20000, LoopAction::undo},
                                               {50000, LoopAction::redo},
                                               {80000, LoopAction::undo},
                                               {80100, LoopAction::redo},
                                               {200000, LoopAction::clear}});
  EXPECT_LE(testing::largestStep(after[0]), 1.5 * both);
  EXPECT_EQ(testing::peak(std::span(after[0]).last(90000)), 0.0);
}

TEST(Looper, GivesTheSameHoweverTheStreamIsSplit) {
  const Signal in{testing::noise(120000, 0.3f, 1), testing::noise(120000, 0.3f, 2)};
  const std::vector<Event> events{
      {700, LoopAction::record},    {9000, LoopAction::overdub},  {31003, LoopAction::play},
      {40000, LoopAction::overdub}, {40100, LoopAction::undo},    {60000, LoopAction::redo},
      {61000, LoopAction::stop},    {63000, LoopAction::play},    {90000, LoopAction::record},
      {100000, LoopAction::clear},  {100100, LoopAction::record}, {110000, LoopAction::play}};
  Player whole;
  const Signal expected = whole.play(in, events, 1024);
  for (const FrameCount block : {1, 7, 64, 1000}) {
    Player split;
    EXPECT_EQ(split.play(in, events, block, block == 1000 ? 3 : 0), expected) << block;
  }
}

TEST(Looper, UndoesAndRedoesAnOverdubToTheBit) {
  Player player;
  player.record(20000);
  const Signal before = player.silence(20000);
  Signal overdubbed;
  for (int layer = 0; layer < 3; ++layer) {
    player.play(Player::tones(40000, 100.0 + 50.0 * layer),
                {{0, LoopAction::overdub}, {40000 - 960, LoopAction::play}});
    overdubbed = player.silence(20000);
    EXPECT_NE(overdubbed, before);
  }
  EXPECT_EQ(player.looper().reading().undoable, 3);
  // An action and its fade take less than a pass; then a whole one is heard.
  const auto passAfter = [&](LoopAction action) {
    player.silence(20000, {{0, action}});
    return player.silence(20000);
  };
  passAfter(LoopAction::undo);
  passAfter(LoopAction::undo);
  EXPECT_EQ(passAfter(LoopAction::undo), before);
  EXPECT_EQ(player.looper().reading().redoable, 3);
  passAfter(LoopAction::redo);
  passAfter(LoopAction::redo);
  EXPECT_EQ(passAfter(LoopAction::redo), overdubbed);
}

TEST(Looper, AddsAnOverdubAtItsPlaceAndLetsTheOldOneDecayByWhatIsAsked) {
  for (const double decayDb : {0.0, 6.0}) {
    Player player;
    player.looper().setDecay(Decibels{decayDb});
    player.record(24000);
    const Signal before = player.silence(24000);  // from place 4800 on, as all that follow
    const Signal over = Player::tones(24000, 97.0, 0.2f);
    player.play(over, {{0, LoopAction::overdub}});
    player.silence(24000, {{0, LoopAction::play}});
    const Signal after = player.silence(24000);
    const float kept = Decibels{-decayDb}.linear();
    for (std::size_t n = 2 * kFade; n < 24000 - kFade; ++n)
      ASSERT_NEAR(after[0][n], kept * before[0][n] + over[0][n], 1e-6) << n;
  }
}

TEST(Looper, PlaysBackwardsAndAtHalfSpeed) {
  Player player;
  player.record(24000, 440.0);
  const Signal forward = player.silence(24000);
  player.looper().setReverse(true);
  player.silence(4800);
  const Signal first = player.silence(24000), second = player.silence(24000);
  EXPECT_EQ(first, second);
  // The same samples in the other order, from wherever it turned round.
  for (const std::size_t c : {0u, 1u}) {
    Mono twice(forward[c].rbegin(), forward[c].rend());
    twice.insert(twice.end(), forward[c].rbegin(), forward[c].rend());
    EXPECT_FALSE(std::ranges::search(twice, first[c]).empty());
  }
  player.looper().setReverse(false);
  player.looper().setHalfSpeed(true);
  player.silence(4800);
  const Signal slow = player.silence(48000);
  EXPECT_GT(testing::amplitudeAt(slow[0], 220.0, 48000.0), 0.29);
  EXPECT_LT(testing::decibels(testing::amplitudeAt(slow[0], 440.0, 48000.0) / 0.3), -40.0);
  EXPECT_LE(testing::largestStep(slow[0]), 1.5 * testing::largestStep(forward[0]));
  EXPECT_EQ(player.silence(48000), slow);
  // At full speed again it is what it was.
  player.looper().setHalfSpeed(false);
  player.silence(4800);
  const Signal again = player.silence(24000);
  Mono twice = forward[0];
  twice.insert(twice.end(), forward[0].begin(), forward[0].end());
  EXPECT_FALSE(std::ranges::search(twice, again[0]).empty());
}

TEST(Looper, OverdubsInTheDirectionThatWasSetWhileItStoodStill) {
  constexpr FrameCount kLength = 24000;
  Player player;
  player.record(kLength, 440.0);
  const Signal forward = player.silence(kLength);
  player.silence(kLength, {{0, LoopAction::stop}});
  player.looper().setReverse(true);
  const Signal back = player.silence(kLength, {{0, LoopAction::overdub}});
  EXPECT_EQ(player.looper().reading().state, LoopState::overdubbing);
  // The same samples in the other order.
  Mono twice(forward[0].rbegin(), forward[0].rend());
  twice.insert(twice.end(), forward[0].rbegin(), forward[0].rend());
  const auto heard = std::span(back[0]).subspan(2 * kFade, 12000);
  EXPECT_FALSE(std::ranges::search(twice, heard).empty());
}

TEST(Looper, TakesWholeBeatsWhereItIsAskedTo) {
  // Beats of 12,000 frames: pressed early it goes on to the beat, pressed late it ends on the one before.
  for (const auto& [pressed, length] :
       {std::pair{23000, 24000}, {25500, 24000}, {31000, 36000}, {3000, 12000}}) {
    Player player;
    player.looper().setBeat(12000.0);
    const Signal in = Player::tones(60000, 331.0);
    const Signal out = player.play(in, {{0, LoopAction::record}, {pressed, LoopAction::play}});
    EXPECT_EQ(player.looper().reading().lengthFrames, length);
    // Whenever it was pressed, the loop is where the beat is.
    for (std::size_t n = 50000; n < 60000; ++n)
      if (const std::size_t place = n % static_cast<std::size_t>(length); place >= kFade) {
        ASSERT_EQ(out[0][n] + in[0][n], in[0][place] + in[0][n]) << n << " pressed at " << pressed;
      }
    const double own = testing::largestStep(in[0]);
    EXPECT_LE(testing::largestStep(player.silence(60000)[0]), 1.5 * own);
  }
}

TEST(Looper, KeepsWhatItHasWhereMemoryDoesNotCome) {
  Player player;
  player.looper().service();  // 8 s, and no more
  const Signal in = Player::tones(480000 + 96000, 331.0);
  const Signal out = player.play(in, {{0, LoopAction::record}}, 64, 0, true);
  const LoopReading reading = player.looper().reading();
  EXPECT_TRUE(reading.ranOut);
  EXPECT_EQ(reading.state, LoopState::playing);
  EXPECT_GE(reading.lengthFrames, 8 * 48000);
  EXPECT_LE(reading.lengthFrames, 9 * 48000);
  EXPECT_LE(testing::largestStep(out[0]), 1.5 * testing::largestStep(in[0]));
  // An overdub that cannot begin is refused, and the loop goes on.
  player.play(Player::tones(9600, 97.0), {{0, LoopAction::overdub}}, 64, 0, true);
  EXPECT_TRUE(player.looper().reading().ranOut);
  EXPECT_EQ(player.looper().reading().state, LoopState::playing);
  // With memory again it goes.
  player.play(Player::tones(9600, 97.0), {{4800, LoopAction::overdub}});
  EXPECT_EQ(player.looper().reading().state, LoopState::overdubbing);
}

TEST(Looper, EndsAnOverdubWithoutAStepWhereMemoryDoesNotCome) {
  Player player;
  const Signal in = Player::tones(960000, 331.0);
  player.play(in, {{0, LoopAction::record}, {900000, LoopAction::play}});
  player.looper().service();
  const Signal over = Player::tones(600000, 97.0);
  player.play(over, {{0, LoopAction::overdub}}, 64, 0, true);
  EXPECT_TRUE(player.looper().reading().ranOut);
  EXPECT_EQ(player.looper().reading().state, LoopState::playing);
  const double both = testing::largestStep(in[0]) + testing::largestStep(over[0]);
  EXPECT_LE(testing::largestStep(player.silence(900000)[0]), 1.2 * both);
}

TEST(Looper, HoldsTenMinutesInMemoryThatGrowsAndGivesItBack) {
  Player player;
  player.looper().service();
  const std::size_t atFirst = player.looper().bytes();
  EXPECT_LT(atFirst, std::size_t{4} << 20);
  const FrameCount minute = 60 * 48000;
  for (int n = 0; n < 10; ++n)
    player.play({testing::noise(minute, 0.3f, static_cast<unsigned>(n)), testing::silence(minute)},
                n == 0 ? std::vector<Event>{{0, LoopAction::record}} : std::vector<Event>{}, 1024);
  // Nobody pressed: it ends by itself after ten minutes, and plays.
  EXPECT_EQ(player.looper().reading().state, LoopState::playing);
  EXPECT_EQ(player.looper().reading().lengthFrames, 10 * minute);
  EXPECT_NEAR(static_cast<double>(player.looper().bytes()),
              600.0 * 48000.0 * 8.0 + static_cast<double>(atFirst), 1e6);
  const Signal out = player.silence(minute);
  const Mono first = testing::noise(minute, 0.3f, 0);
  EXPECT_EQ(part(out[0], kFade, 100000), part(first, kFade, 100000));
  player.silence(9600, {{0, LoopAction::clear}});
  EXPECT_EQ(player.looper().reading().state, LoopState::empty);
  player.silence(12 * 48000);
  player.looper().service();
  EXPECT_LT(player.looper().bytes(), std::size_t{4} << 20);
}

TEST(Looper, ShowsItsLoopToWhoeverSavesItAndChangesNothingMeanwhile) {
  Player player;
  player.record(20000);
  const Signal pass = player.silence(20000 - 4800);
  player.silence(64, {{0, LoopAction::pin}});
  ASSERT_TRUE(player.looper().isPinned());
  ASSERT_EQ(player.looper().pinnedFrames(), 20000);
  player.play(Player::tones(30000, 97.0), {{0, LoopAction::overdub}, {20000, LoopAction::play}});
  player.silence(9600, {{0, LoopAction::clear}});
  AudioBuffer saved(2, 20000);
  player.looper().readPinned(0, saved.view());
  for (std::size_t n = 0; n < pass[0].size(); ++n) ASSERT_EQ(saved.channel(1)[n + 4800], pass[1][n]);
  player.silence(64, {{0, LoopAction::unpin}});
  player.silence(64);
  EXPECT_EQ(player.looper().reading().state, LoopState::empty);
}

}  // namespace
}  // namespace gainstage::dsp
