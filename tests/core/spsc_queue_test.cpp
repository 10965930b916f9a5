#include "core/spsc_queue.h"

#include <array>
#include <gtest/gtest.h>
#include <numeric>
#include <thread>

#include "core/realtime.h"

namespace gainstage {
namespace {

TEST(SpscQueue, GivesBackInTheOrderPushed) {
  SpscQueue<int> queue(4);
  int value = 0;
  EXPECT_FALSE(queue.tryPop(value));
  EXPECT_TRUE(queue.tryPush(1));
  EXPECT_TRUE(queue.tryPush(2));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_TRUE(queue.tryPop(value));
  EXPECT_EQ(value, 1);
  EXPECT_TRUE(queue.tryPop(value));
  EXPECT_EQ(value, 2);
  EXPECT_FALSE(queue.tryPop(value));
}

TEST(SpscQueue, HasRoomForAtLeastWhatWasAskedFor) {
  for (const std::size_t wanted : {0u, 1u, 2u, 3u, 100u, 128u}) {
    SpscQueue<int> queue(wanted);
    EXPECT_GE(queue.capacity(), wanted);
    for (std::size_t i = 0; i < queue.capacity(); ++i) EXPECT_TRUE(queue.tryPush(1));
    EXPECT_FALSE(queue.tryPush(1));
  }
}

TEST(SpscQueue, TakesABatchWholeOrNotAtAll) {
  SpscQueue<int> queue(8);
  const std::array five{1, 2, 3, 4, 5};
  EXPECT_TRUE(queue.tryPush(five));
  EXPECT_FALSE(queue.tryPush(five));
  EXPECT_EQ(queue.size(), 5u);
  int value = 0;
  for (const int expected : five) {
    ASSERT_TRUE(queue.tryPop(value));
    EXPECT_EQ(value, expected);
  }
  EXPECT_FALSE(queue.tryPop(value));
  EXPECT_TRUE(queue.tryPush(five));  // across the end of the ring
  for (const int expected : five) {
    ASSERT_TRUE(queue.tryPop(value));
    EXPECT_EQ(value, expected);
  }
}

TEST(SpscQueue, IsUsedOnTheAudioThreadWithoutAllocating) {
  SpscQueue<int> queue(16);
  const std::array batch{1, 2, 3};
  RealtimeScope realtime;
  int value = 0;
  for (int i = 0; i < 100; ++i) {
    queue.tryPush(batch);
    while (queue.tryPop(value)) {
    }
  }
}

TEST(SpscQueue, HandsEveryBatchWholeFromOneThreadToAnother) {
  // The pushing thread sends 0, 1, 2, ... in batches of 1 to 7. Whatever moment the popping thread looks at
  // the queue, what waits there ends where a batch ends.
  constexpr int kBatches = 10000;
  struct Item {
    int number;
    int leftInBatch;
  };
  SpscQueue<Item> queue(32);
  std::jthread pusher([&](const std::stop_token& stop) {
    int number = 0;
    for (int b = 0; b < kBatches; ++b) {
      std::array<Item, 7> batch{};
      const int length = 1 + b % 7;
      for (int i = 0; i < length; ++i) batch[static_cast<std::size_t>(i)] = {number++, length - 1 - i};
      while (!queue.tryPush(std::span<const Item>(batch).first(static_cast<std::size_t>(length)))) {
        if (stop.stop_requested()) return;
        std::this_thread::yield();
      }
    }
  });
  int expected = 0;
  int total = 0;
  for (int b = 0; b < kBatches; ++b) total += 1 + b % 7;
  Item item{};
  bool inBatch = false;
  while (expected < total) {
    if (!queue.tryPop(item)) {
      ASSERT_FALSE(inBatch) << "a batch was seen in parts";
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(item.number, expected++);
    inBatch = item.leftInBatch > 0;
  }
  EXPECT_FALSE(queue.tryPop(item));
}

}  // namespace
}  // namespace gainstage
