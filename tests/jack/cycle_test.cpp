// Sound through the device takes no time of its own, on either server.
#include "jack/rack.h"

namespace gainstage::testing {
namespace {

struct Setup {
  std::string server;
  int blockFrames;
  friend void PrintTo(const Setup& setup, std::ostream* out) {
    *out << setup.server << " " << setup.blockFrames;
  }
};

class SameCycle : public ::testing::TestWithParam<Setup> {
  void SetUp() override {
    if (const auto reason = reasonToSkip(GetParam().server); !reason.empty()) GTEST_SKIP() << reason;
  }
};

TEST_P(SameCycle, AnImpulseReachesAnotherProgramAtTheFrameItWasSent) {
  Rack rack(makeServer(GetParam().server, {.blockFrames = GetParam().blockFrames}));
  const auto sender = rack.peer("sender", 0, 1);
  const auto receiver = rack.peer("receiver", 2, 0);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}, {"sendNames", {"direct"}}});
  connect(*sender, "sender:out_1", "Gainstage:input_2");
  connect(*sender, "Gainstage:output_2", "receiver:in_1");
  connect(*sender, "sender:out_1", "Gainstage:input_1");
  connect(*sender, "Gainstage:send_1", "receiver:in_2");

  // 97 is prime: the impulses fall on all sorts of places in a block. Short, as blocks of a third of a
  // millisecond do not stay clean for long.
  const BurstResult result = cleanBurst(*sender, *receiver, 40, 97, 2);
  const std::set<std::uint32_t> sent(result.sent.begin(), result.sent.end());
  ASSERT_EQ(sent.size(), 40u);
  ASSERT_EQ(result.first.size(), 2u);
  EXPECT_EQ(result.first[0], sent) << "through output_2";
  EXPECT_EQ(result.first[1], sent) << "through send_1";
  EXPECT_EQ(result.peaks[0], 1.0f);

  const Json counts = host->ask("counts", "counts");
  EXPECT_EQ(counts["frames"], GetParam().blockFrames);
  EXPECT_EQ(counts["broken"], 0);
  const double periodNs = 1e9 * GetParam().blockFrames / 48000.0;
  EXPECT_GT(counts["budgetNs"], 0);
  EXPECT_LE(counts["budgetNs"], periodNs);
}

INSTANTIATE_TEST_SUITE_P(Servers, SameCycle,
                         ::testing::Values(Setup{"jackd", 16}, Setup{"jackd", 64}, Setup{"jackd", 256},
                                           Setup{"pipewire", 16}, Setup{"pipewire", 64},
                                           Setup{"pipewire", 256}),
                         [](const auto& setup) {
                           return setup.param.server + std::to_string(setup.param.blockFrames);
                         });

}  // namespace
}  // namespace gainstage::testing
