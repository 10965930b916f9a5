// The program itself on a server: direct and processed sound in the cycle they came in, for other programs
// too.
#include <chrono>
#include <csignal>
#include <fstream>

#include "formats/wav_writer.h"
#include "jack/rack.h"

namespace gainstage::testing {
namespace {

struct Where {
  std::string server;
  int blockFrames;
  friend void PrintTo(const Where& where, std::ostream* out) {
    *out << where.server << " " << where.blockFrames;
  }
};

/// A guitar with a whole rig into one pair of headphones, direct into the other.
std::string writeSession(const std::filesystem::path& folder) {
  auto writer =
      formats::WavWriter::createAtomically(folder / "ir.wav", {.sampleRate = 48000.0, .channels = 1});
  float taps[64] = {1.0f, 0.5f, -0.25f};
  const float* rows[] = {taps};
  EXPECT_TRUE(writer && writer->write(ConstAudioView(rows, 1, 64)) && writer->close());
  const auto output = [](const char* id, int first, const char* tap) {
    return Json{{"id", id},
                {"name", id},
                {"kind", "headphones"},
                {"channels", {first, first + 1}},
                {"levelDb", 0},
                {"ceilingOn", false},
                {"mix", {{{"source", "gtr"}, {"tap", tap}, {"levelDb", 0}}}}};
  };
  const Json blocks = {{{"id", "gate"}, {"type", "gate"}, {"thresholdDb", -80}},
                       {{"id", "eq"}, {"type", "eq"}},
                       {{"id", "comp"}, {"type", "compressor"}, {"thresholdDb", 0}},
                       {{"id", "cab"}, {"type", "convolution"}, {"file", "ir.wav"}, {"levelled", false}}};
  const Json session = {
      {"gainstage", "session"},
      {"version", 1},
      {"name", "test"},
      {"strips", {{{"id", "gtr"}, {"name", "Guitar"}, {"inputs", {1}}, {"rig", {{"blocks", blocks}}}}}},
      {"outputs", {output("one", 1, "direct"), output("two", 3, "wet")}}};
  const auto file = folder / "session.json";
  std::ofstream(file) << session.dump(1);
  return file;
}

std::unique_ptr<Child> runProgram(Rack& rack, const std::string& session) {
  const std::string server = rack.server().name();
  return rack.run({program("gainstage"), "run", session, "--device",
                   server.empty() ? "jack" : "jack:" + server, "--no-connect", "--no-take", "--json"},
                  "gainstage");
}

/// Until the outputs have faded in.
void waitForSound(Child& gainstage, double frames) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < until) {
    gainstage.say("status");
    const Json status =
        gainstage.waitFor([](const Json& json) { return json.contains("lostFrames"); }, "status");
    if (status["frame"] >= frames) return;
    usleep(20000);
  }
  FAIL() << "the program does not run";
}

void expectDirectAndWetInTheSameCycle(Rack& rack) {
  const auto sender = rack.peer("sender", 0, 1);
  const auto receiver = rack.peer("receiver", 4, 0);
  for (const char* port : {"Gainstage:input_1", "Gainstage:output_1", "Gainstage:output_3",
                           "Gainstage:send_1", "Gainstage:send_2"})
    waitForPort(*sender, port, [](const Json&) { return true; });
  connect(*sender, "sender:out_1", "Gainstage:input_1");
  connect(*sender, "Gainstage:output_1", "receiver:in_1");
  connect(*sender, "Gainstage:output_3", "receiver:in_2");
  connect(*sender, "Gainstage:send_1", "receiver:in_3");
  connect(*sender, "Gainstage:send_2", "receiver:in_4");
  // A connection takes a server a moment to make.
  for (int attempt = 0; attempt < 100; ++attempt) {
    const BurstResult first = burst(*sender, *receiver, 1, 997);
    if (first.first.size() == 4 && std::ranges::none_of(first.first, &std::set<std::uint32_t>::empty)) break;
  }
  const BurstResult result = cleanBurst(*sender, *receiver, 20, 997);
  const std::set<std::uint32_t> sent(result.sent.begin(), result.sent.end());
  ASSERT_EQ(sent.size(), 20u);
  ASSERT_EQ(result.first.size(), 4u);
  EXPECT_EQ(result.first[0], sent) << "direct, in the first headphones";
  EXPECT_EQ(result.first[1], sent) << "behind gate, EQ, compressor and convolution, in the second";
  EXPECT_EQ(result.first[2], sent) << "direct, for a DAW";
  EXPECT_EQ(result.first[3], sent) << "processed, for a DAW";
  EXPECT_NEAR(result.peaks[0], 1.0f, 1e-3f);
}

class ProgramOnJack : public ::testing::TestWithParam<Where> {
  void SetUp() override {
    if (!hasProgram(GetParam().server)) GTEST_SKIP() << GetParam().server << " is not installed";
    if (GetParam().server == "pipewire" && !hasProgram("pw-jack")) GTEST_SKIP() << "pw-jack is not installed";
  }

 protected:
  static std::unique_ptr<Server> makeServer() {
    const ServerFormat format{.blockFrames = GetParam().blockFrames};
    if (GetParam().server == "jackd") return std::make_unique<JackServer>(format);
    return std::make_unique<PipeWireServer>(format);
  }
};

TEST_P(ProgramOnJack, AddsNoFrameToDirectSoundNorToARig) {
  Rack rack(makeServer());
  const TemporaryFolder folder;
  const auto gainstage = runProgram(rack, writeSession(folder.path()));
  waitForSound(*gainstage, 60000);
  expectDirectAndWetInTheSameCycle(rack);

  gainstage->say("set strips/gtr/mute true");
  EXPECT_TRUE(gainstage->waitFor("path")["ok"].get<bool>());
  gainstage->say("quit");
  const Json summary = gainstage->waitFor("addedLatencyFrames");
  EXPECT_EQ(summary["addedLatencyFrames"]["direct"], 0);
  EXPECT_EQ(summary["addedLatencyFrames"]["processed"], 0);
  EXPECT_EQ(summary["blockFrames"], GetParam().blockFrames);
}

INSTANTIATE_TEST_SUITE_P(Servers, ProgramOnJack,
                         ::testing::Values(Where{"jackd", 16}, Where{"jackd", 64}, Where{"jackd", 256},
                                           Where{"pipewire", 16}, Where{"pipewire", 64},
                                           Where{"pipewire", 256}),
                         [](const auto& where) {
                           return where.param.server + std::to_string(where.param.blockFrames);
                         });

TEST(ProgramOnJackd, GoesOnWhereItWasWhenTheServerDiesAndReturns) {
  if (!hasProgram("jackd")) GTEST_SKIP() << "jackd is not installed";
  Rack rack(std::make_unique<JackServer>(ServerFormat{.blockFrames = 256}));
  const TemporaryFolder folder;
  const auto gainstage = runProgram(rack, writeSession(folder.path()));
  waitForSound(*gainstage, 60000);
  EXPECT_TRUE(gainstage->ask("set strips/gtr/rig/comp/ratio 7", "path")["ok"].get<bool>());
  rack.server().kill(SIGKILL);
  rack.server().start();
  waitForSound(*gainstage, 150000);
  EXPECT_EQ(gainstage->ask("get strips/gtr/rig/comp/ratio", "value")["value"], "7");
  expectDirectAndWetInTheSameCycle(rack);
}

}  // namespace
}  // namespace gainstage::testing
