// What other programs see of the device, and what they keep.
#include "jack/rack.h"

namespace gainstage::testing {
namespace {

class JackPorts : public OnServer {};
class JackdPorts : public OnJackd {};

const Json kConsole = {{"inputs", 2},
                       {"outputs", 2},
                       {"inputNames", {"Guitar", "Voice"}},
                       {"outputNames", {"Headphones (left)", "Headphones (right)"}},
                       {"sendNames", {"Guitar (direct)", "Guitar (left)", "Guitar (right)"}},
                       {"returnNames", {"DAW (left)", "DAW (right)"}}};

TEST_P(JackPorts, HavePlainNamesAndPrettyOnes) {
  Rack rack(makeServer(GetParam()));
  const auto peer = rack.peer("peer", 0, 0);
  const auto host = rack.host(kConsole);
  const std::map<std::string, std::string> pretty = {
      {"input_1", "Guitar"},         {"input_2", "Voice"},         {"output_1", "Headphones (left)"},
      {"send_1", "Guitar (direct)"}, {"send_3", "Guitar (right)"}, {"output_2", "Headphones (right)"},
      {"return_1", "DAW (left)"},    {"return_2", "DAW (right)"},  {"send_2", "Guitar (left)"}};
  for (const auto& [name, prettyName] : pretty) {
    const Json port =
        waitForPort(*peer, "Gainstage:" + name, [&](const Json& p) { return p["pretty"] == prettyName; });
    EXPECT_EQ(port["input"], name.starts_with("input") || name.starts_with("return")) << name;
    EXPECT_FALSE(port["physical"]) << name;
  }
}

TEST_F(JackdPorts, JoinThePhysicalOnesInOrderAndLeaveTheDawItsOwn) {
  Rack rack(makeServer("jackd", {.capturePorts = 3, .playbackPorts = 4}));
  const auto peer = rack.peer("peer", 0, 0);
  const auto host = rack.host(kConsole);
  const auto isJoined = [](const Json& port) { return !port["connections"].empty(); };
  for (const std::string number : {"1", "2"}) {
    EXPECT_EQ(waitForPort(*peer, "Gainstage:input_" + number, isJoined)["connections"],
              Json::array({"system:capture_" + number}));
    EXPECT_EQ(waitForPort(*peer, "Gainstage:output_" + number, isJoined)["connections"],
              Json::array({"system:playback_" + number}));
  }
  for (const std::string name : {"send_1", "send_2", "send_3", "return_1", "return_2"})
    EXPECT_EQ(waitForPort(*peer, "Gainstage:" + name)["connections"], Json::array()) << name;
}

TEST_P(JackPorts, JoinTheSinkInOrder) {
  if (GetParam() != "pipewire") GTEST_SKIP() << "PipeWire's own way to name the physical ports";
  Rack rack(makeServer(GetParam()));
  const auto peer = rack.peer("peer", 0, 0);
  const auto host = rack.host(kConsole);
  const auto isJoined = [](const Json& port) { return !port["connections"].empty(); };
  EXPECT_EQ(waitForPort(*peer, "Gainstage:output_1", isJoined)["connections"],
            Json::array({"speakers:playback_FL"}));
  EXPECT_EQ(waitForPort(*peer, "Gainstage:output_2", isJoined)["connections"],
            Json::array({"speakers:playback_FR"}));
  EXPECT_EQ(waitForPort(*peer, "Gainstage:input_1")["connections"], Json::array())
      << "a sink's monitor is no microphone";
}

TEST_P(JackPorts, JoinNothingWhereTheyAreToldNotTo) {
  Rack rack(makeServer(GetParam()));
  const auto peer = rack.peer("peer", 0, 0);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}});
  for (const std::string name : {"input_1", "input_2", "output_1", "output_2"})
    EXPECT_EQ(waitForPort(*peer, "Gainstage:" + name)["connections"], Json::array()) << name;
}

TEST_F(JackdPorts, AreAsManyAsTheCardHasAndTwoAtLeast) {
  for (const auto [capture, playback, inputs, outputs] : {std::array{5, 3, 5, 3}, std::array{1, 0, 2, 2}}) {
    Rack rack(makeServer("jackd", {.capturePorts = capture, .playbackPorts = playback}));
    const auto peer = rack.peer("peer", 0, 0);
    const auto host = rack.host(Json::object());
    for (const auto& [name, count] : {std::pair{"input_", inputs}, std::pair{"output_", outputs}}) {
      const std::string port = std::string("Gainstage:") + name;
      EXPECT_FALSE(portNamed(*peer, port + std::to_string(count)).is_null()) << port << count;
      EXPECT_TRUE(portNamed(*peer, port + std::to_string(count + 1)).is_null()) << port << count + 1;
    }
  }
}

TEST_F(JackdPorts, LeaveOtherProgramsWhatTheyHave) {
  Rack rack(makeServer("jackd"));
  const auto other = rack.peer("other", 1, 1);
  connect(*other, "other:out_1", "system:playback_1");
  connect(*other, "system:capture_1", "other:in_1");
  auto host = rack.host({{"inputs", 2}, {"outputs", 2}});
  const auto expectUntouched = [&](const char* when) {
    const Json out = portNamed(*other, "other:out_1"), in = portNamed(*other, "other:in_1");
    EXPECT_EQ(out["connections"], Json::array({"system:playback_1"})) << when;
    EXPECT_EQ(in["connections"], Json::array({"system:capture_1"})) << when;
    EXPECT_EQ(other->ask("counts", "counts")["block"], 64) << when;
  };
  expectUntouched("while it runs");
  host->say("quit");
  EXPECT_EQ(host->waitForEnd(), 0);
  expectUntouched("afterwards");
  EXPECT_TRUE(portNamed(*other, "Gainstage:input_1").is_null());
}

TEST_F(JackdPorts, GiveABlockSizeBackThatWasAskedFor) {
  Rack rack(makeServer("jackd"));
  const auto other = rack.peer("other", 0, 0);
  auto host = rack.host({{"block", 128}});
  EXPECT_EQ(other->ask("counts", "counts")["block"], 128);
  host->say("quit");
  EXPECT_EQ(host->waitForEnd(), 0);
  EXPECT_EQ(other->ask("counts", "counts")["block"], 64);

  host = rack.host({{"block", 128}});
  EXPECT_EQ(other->ask("bufsize 256", "bufsize")["bufsize"], 0);
  host->say("quit");
  EXPECT_EQ(host->waitForEnd(), 0);
  EXPECT_EQ(other->ask("counts", "counts")["block"], 256) << "somebody else wanted it so";
}

TEST_P(JackPorts, TakeReturnsFromADawInTheSameCycle) {
  Rack rack(makeServer(GetParam()));
  const auto daw = rack.peer("daw", 0, 1);
  const auto listener = rack.peer("listener", 1, 0);
  const auto host = rack.host(kConsole);
  connect(*daw, "daw:out_1", "Gainstage:return_2");
  connect(*daw, "Gainstage:output_2", "listener:in_1");
  expectSameCycle(cleanBurst(*daw, *listener, 40, 97), 0);
}

INSTANTIATE_TEST_SUITE_P(On, JackPorts, ::testing::Values("jackd", "pipewire"),
                         [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace gainstage::testing
