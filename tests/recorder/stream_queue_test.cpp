#include "recorder/stream_queue.h"

#include <gtest/gtest.h>
#include <random>

#include "recorder/take_support.h"

namespace gainstage::recorder {
namespace {

/// Takes all that waits: samples as they are, missing frames as zeros.
void take(StreamQueue& queue, testing::Mono& out) {
  for (;;) {
    const StreamQueue::Piece piece = queue.front();
    if (piece.empty()) return;
    out.insert(out.end(), piece.samples.begin(), piece.samples.end());
    out.insert(out.end(), static_cast<std::size_t>(piece.missingFrames * queue.channels()), 0.0f);
    queue.pop(piece);
  }
}

TEST(StreamQueue, GivesEveryFrameAtItsPlaceOrSaysThatItIsMissing) {
  for (const int channels : {1, 2, 3}) {
    StreamQueue queue(channels, 1000);
    std::mt19937 random(static_cast<unsigned>(channels));
    AudioBuffer block(channels, 300);
    testing::Mono expected, found;
    FrameTime frame = 0;
    for (int round = 0; round < 3000; ++round) {
      const auto count = static_cast<FrameCount>(1 + random() % 300);
      const bool isLost = random() % 10 == 0;
      for (FrameCount n = 0; n < count; ++n)
        for (int c = 0; c < channels; ++c)
          block.channel(c)[static_cast<std::size_t>(n)] = testing::sampleOf(0, c, frame + n);
      bool kept = false;
      {
        const RealtimeScope realtime;
        if (isLost)
          queue.skip(count, MissingReason::source);
        else if (kept = queue.push(block.view(count)); !kept)
          queue.skip(count, MissingReason::disk);
      }
      for (FrameCount n = 0; n < count; ++n)
        for (int c = 0; c < channels; ++c)
          expected.push_back(kept ? block.channel(c)[static_cast<std::size_t>(n)] : 0.0f);
      frame += count;
      if (random() % 8 == 0) take(queue, found);
    }
    queue.flush();
    take(queue, found);
    EXPECT_EQ(found, expected);
    EXPECT_EQ(queue.room(), queue.capacity());
  }
}

TEST(StreamQueue, TakesNothingForAnEighthOfItsLengthOnceItWasFull) {
  StreamQueue queue(1, 800);
  const AudioBuffer block(1, 80);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(queue.push(block.view()));
  EXPECT_FALSE(queue.push(block.view()));
  const StreamQueue::Piece all = queue.front();
  queue.pop({all.samples.first(90), 0, {}});
  EXPECT_FALSE(queue.push(block.view())) << "90 frames are free and 100 needed";
  queue.pop({all.samples.subspan(90, 10), 0, {}});
  EXPECT_TRUE(queue.push(block.view()));
}

TEST(StreamQueue, LosesNoFrameFromItsCountWhereGapsFillUpToo) {
  StreamQueue queue(1, 100000);
  const AudioBuffer block(1, 1);
  std::int64_t frames = 0;
  for (int i = 0; i < 2000; ++i) {  // more gaps than it can note
    queue.skip(2, i % 2 == 0 ? MissingReason::source : MissingReason::disk);
    if (!queue.push(block.view())) queue.skip(1, MissingReason::disk);
    frames += 3;
  }
  testing::Mono found;
  take(queue, found);
  queue.flush();
  take(queue, found);
  EXPECT_EQ(std::ssize(found), frames);
}

}  // namespace
}  // namespace gainstage::recorder
