// Block size and rate change while it runs.
#include "jack/rack.h"

namespace gainstage::testing {
namespace {

class JackFormat : public OnServer {};

TEST_P(JackFormat, GoesOnThroughEveryBlockSize) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 64}));
  const auto sender = rack.peer("sender", 0, 1);
  const auto receiver = rack.peer("receiver", 1, 0);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}});
  connect(*sender, "sender:out_1", "Gainstage:input_1");
  connect(*sender, "Gainstage:output_1", "receiver:in_1");
  for (const int block : {1024, 128, 512, 64}) {
    SCOPED_TRACE(block);
    ASSERT_EQ(sender->ask("bufsize " + std::to_string(block), "bufsize")["bufsize"], 0);
    EXPECT_EQ(waitForEvent(*host, "formatChanged"), block);
    expectSameCycle(cleanBurst(*sender, *receiver, 40, 97), 0);
    const Json counts = host->ask("counts", "counts");
    EXPECT_EQ(counts["frames"], std::min(block, 256)) << "longer callbacks come in pieces";
    EXPECT_EQ(counts["broken"], 0);
    EXPECT_GT(counts["budgetNs"], 0);
  }
}

TEST_P(JackFormat, IsPreparedAnewForAnotherRate) {
  if (GetParam() == "jackd") GTEST_SKIP() << "jackd keeps its rate while it runs; see the outages";
  Rack rack(makeServer(GetParam(), {.blockFrames = 64}));
  const auto sender = rack.peer("sender", 0, 1);
  const auto receiver = rack.peer("receiver", 1, 0);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}});
  connect(*sender, "sender:out_1", "Gainstage:input_1");
  connect(*sender, "Gainstage:output_1", "receiver:in_1");
  const auto forceRate = [&](int rate) {
    rack.run({"pw-metadata", "-n", "settings", "0", "clock.force-rate", std::to_string(rate)}, "metadata")
        ->waitForEnd();
  };
  for (const int rate : {44100, 48000}) {
    SCOPED_TRACE(rate);
    forceRate(rate);
    EXPECT_EQ(host->waitFor("format")["rate"], rate);
    waitForEvent(*host, "formatChanged");
    expectSameCycle(cleanBurst(*sender, *receiver, 40, 97), 0);
    EXPECT_EQ(host->ask("counts", "counts")["broken"], 0);
  }
}

INSTANTIATE_TEST_SUITE_P(On, JackFormat, ::testing::Values("jackd", "pipewire"),
                         [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace gainstage::testing
