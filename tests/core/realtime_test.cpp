#include "core/realtime.h"

#include <atomic>
#include <gtest/gtest.h>
#include <limits>
#include <thread>

namespace gainstage {
namespace {

constexpr float kSmallestNormal = std::numeric_limits<float>::min();

// Kept from being worked out by the compiler, which knows nothing of the control register.
float times(float a, float b) {
  volatile float left = a;
  volatile float right = b;
  return left * right;
}

TEST(RealtimeScope, MarksThisThreadAndNests) {
  EXPECT_FALSE(isRealtime());
  {
    RealtimeScope outer;
    { RealtimeScope inner; }
    EXPECT_TRUE(isRealtime());
  }
  EXPECT_FALSE(isRealtime());
}

TEST(RealtimeScope, LeavesOtherThreadsUnmarked) {
  std::atomic<int> asked{0};
  std::atomic<bool> other{true};
  std::jthread thread([&] {
    while (asked == 0) std::this_thread::yield();
    other = isRealtime();
    asked = 2;
  });
  RealtimeScope realtime;
  asked = 1;
  while (asked != 2) {
  }
  EXPECT_FALSE(other);
}

TEST(RealtimeScope, FlushesDenormalResultsAndReadsDenormalsAsZero) {
  const float denormal = times(kSmallestNormal, 0.25f);
  ASSERT_GT(denormal, 0.0f);
  float flushed = 1.0f;
  float read = 1.0f;
  {
    RealtimeScope realtime;
    flushed = times(kSmallestNormal, 0.25f);
    read = times(denormal, 1e20f);
  }
  EXPECT_EQ(flushed, 0.0f);
  EXPECT_EQ(read, 0.0f);
}

TEST(RealtimeScope, GivesDenormalsBackAtItsEnd) {
  {
    RealtimeScope outer;
    { RealtimeScope inner; }
    EXPECT_EQ(times(kSmallestNormal, 0.25f), 0.0f);  // the inner one leaves the outer one's setting
  }
  EXPECT_GT(times(kSmallestNormal, 0.25f), 0.0f);
}

}  // namespace
}  // namespace gainstage
