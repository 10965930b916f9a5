#include "core/audio_view.h"

#include <array>
#include <cstdint>
#include <gtest/gtest.h>

#include "core/audio_buffer.h"

namespace gainstage {
namespace {

struct Grid {
  std::array<float, 4> a{0, 1, 2, 3}, b{10, 11, 12, 13}, c{20, 21, 22, 23};
  std::array<float*, 3> rows{a.data(), b.data(), c.data()};
  AudioView view() { return {rows.data(), 3, 4}; }
};

TEST(AudioView, GivesRangesOfFramesAndChannelsOfTheSameMemory) {
  Grid grid;
  const AudioView part = grid.view().frameRange(1, 3).channelRange(1, 2).frameRange(1, 2);
  EXPECT_EQ(part.channels(), 2);
  EXPECT_EQ(part.frames(), 2);
  EXPECT_EQ(part.channel(0)[0], 12.0f);
  EXPECT_EQ(part.channel(1)[1], 23.0f);
  part.channel(0)[0] = 99.0f;
  EXPECT_EQ(grid.b[2], 99.0f);
}

TEST(AudioView, ClearsNoMoreThanItShows) {
  Grid grid;
  grid.view().frameRange(1, 2).channelRange(0, 2).clear();
  EXPECT_EQ(grid.a, (std::array<float, 4>{0, 0, 0, 3}));
  EXPECT_EQ(grid.b, (std::array<float, 4>{10, 0, 0, 13}));
  EXPECT_EQ(grid.c, (std::array<float, 4>{20, 21, 22, 23}));
}

TEST(AudioView, IsEmptyWithoutChannelsOrFrames) {
  Grid grid;
  EXPECT_TRUE(AudioView().empty());
  EXPECT_TRUE(grid.view().channelRange(3, 0).empty());
  EXPECT_TRUE(grid.view().frameRange(4, 0).empty());
  EXPECT_FALSE(grid.view().empty());
}

TEST(AudioView, BecomesReadOnlyButNeverWritableAgain) {
  static_assert(std::is_convertible_v<AudioView, ConstAudioView>);
  static_assert(!std::is_convertible_v<ConstAudioView, AudioView>);
  Grid grid;
  const ConstAudioView view = grid.view().frameRange(2, 2);
  EXPECT_EQ(view.channel(1)[0], 12.0f);
}

TEST(Copy, TakesAsManyChannelsAsBothHave) {
  Grid from, to;
  from.a = {5, 5, 5, 5};
  from.b = {6, 6, 6, 6};
  copy(from.view().channelRange(0, 2).frameRange(0, 2), to.view().frameRange(1, 2));
  EXPECT_EQ(to.a, (std::array<float, 4>{0, 5, 5, 3}));
  EXPECT_EQ(to.b, (std::array<float, 4>{10, 6, 6, 13}));
  EXPECT_EQ(to.c, (std::array<float, 4>{20, 21, 22, 23}));
}

TEST(AudioBuffer, IsSilentAndStartsEveryChannelOnA64ByteLine) {
  for (const FrameCount frames : {1, 15, 16, 17, 480, 1024}) {
    SCOPED_TRACE(frames);
    const AudioBuffer buffer(3, frames);
    ASSERT_EQ(buffer.channels(), 3);
    ASSERT_EQ(buffer.frames(), frames);
    for (int c = 0; c < 3; ++c) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.channel(c).data()) % 64, 0u);
      for (const float sample : buffer.channel(c)) ASSERT_EQ(sample, 0.0f);
    }
  }
}

TEST(AudioBuffer, KeepsChannelsApart) {
  AudioBuffer buffer(2, 17);
  std::ranges::fill(buffer.channel(0), 1.0f);
  for (const float sample : buffer.channel(1)) EXPECT_EQ(sample, 0.0f);
}

TEST(AudioBuffer, MayHaveNoChannelsOrNoFrames) {
  EXPECT_TRUE(AudioBuffer().view().empty());
  EXPECT_TRUE(AudioBuffer(0, 64).view().empty());
  EXPECT_TRUE(AudioBuffer(2, 0).view().empty());
}

TEST(AudioBuffer, IsMovedWithItsMemoryAndNeverCopied) {
  static_assert(!std::is_copy_constructible_v<AudioBuffer>);
  AudioBuffer from(1, 8);
  from.channel(0)[3] = 4.0f;
  const float* memory = from.channel(0).data();
  const AudioBuffer to = std::move(from);
  EXPECT_EQ(to.channel(0).data(), memory);
  EXPECT_EQ(to.channel(0)[3], 4.0f);
}

}  // namespace
}  // namespace gainstage
