// The server dies, and comes back.
#include <csignal>

#include "jack/rack.h"

namespace gainstage::testing {
namespace {

class JackOutage : public OnServer {};
class JackdOutage : public OnJackd {};

const Json kPlain = {{"inputs", 2}, {"outputs", 2}, {"sendNames", {"direct"}}};

TEST_P(JackOutage, TheSessionGoesOnWithThePortsAndConnectionsThereWere) {
  for (const int signalNumber : {SIGKILL, SIGTERM}) {
    SCOPED_TRACE(signalNumber);
    Rack rack(makeServer(GetParam()));
    auto sender = rack.peer("sender", 0, 1);
    auto receiver = rack.peer("receiver", 1, 0);
    const auto host = rack.host(kPlain);
    // What a user does: unplugs one output, plugs others.
    const auto isJoined = [](const Json& port) { return !port["connections"].empty(); };
    const std::string speaker = waitForPort(*sender, "Gainstage:output_2", isJoined)["connections"][0];
    ASSERT_EQ(sender->ask("disconnect Gainstage:output_2|" + speaker, "disconnect")["disconnect"], 0);
    connect(*sender, "sender:out_1", "Gainstage:input_2");
    connect(*sender, "Gainstage:send_1", "receiver:in_1");
    connect(*sender, "sender:out_1", "Gainstage:input_1");
    expectSameCycle(cleanBurst(*sender, *receiver, 40, 97), 0);
    const std::int64_t frameBefore = host->ask("counts", "counts")["frame"];
    // A cord pulled in the server's last second might have been pulled by its death: this one was not.
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));

    rack.server().kill(signalNumber);
    waitForEvent(*host, "gone");
    rack.server().start();
    const std::int64_t away = waitForEvent(*host, "back");
    EXPECT_GT(away, 0);
    waitForMore(*host, "blocks", 1);
    EXPECT_GE(host->ask("counts", "counts")["frame"], frameBefore + away);

    sender = rack.peer("sender", 0, 1);
    receiver = rack.peer("receiver", 1, 0);
    const auto joins = [](const std::string& other) {
      return [other](const Json& port) { return isConnectedTo(port, other); };
    };
    waitForPort(*sender, "Gainstage:input_1", joins("sender:out_1"));
    waitForPort(*sender, "Gainstage:input_2", joins("sender:out_1"));
    waitForPort(*sender, "Gainstage:send_1", joins("receiver:in_1"));
    waitForPort(*sender, "Gainstage:output_1", isJoined);
    EXPECT_EQ(waitForPort(*sender, "Gainstage:output_2")["connections"], Json::array()) << "it was unplugged";
    expectSameCycle(cleanBurst(*sender, *receiver, 40, 97), 0);
    EXPECT_EQ(host->ask("counts", "counts")["broken"], 0);
    EXPECT_EQ(rack.errorsOf("host").find("annot"), std::string::npos) << rack.errorsOf("host");
  }
}

TEST_F(JackdOutage, IsPreparedAnewWhereTheServerComesBackAtAnotherRate) {
  Rack rack(makeServer("jackd"));
  const auto host = rack.host(kPlain);
  rack.server().kill(SIGKILL);
  waitForEvent(*host, "gone");
  rack.serverAs<JackServer>().setSampleRate(44100);
  rack.server().start();
  EXPECT_GT(waitForEvent(*host, "back"), 0);
  EXPECT_EQ(host->waitFor("format")["rate"], 44100.0);
  waitForEvent(*host, "formatChanged");
  const auto sender = rack.peer("sender", 0, 1);
  const auto receiver = rack.peer("receiver", 1, 0);
  connect(*sender, "sender:out_1", "Gainstage:input_1");
  connect(*sender, "Gainstage:output_1", "receiver:in_1");
  expectSameCycle(cleanBurst(*sender, *receiver, 40, 97), 0);
}

TEST_P(JackOutage, EndsAtOnceWhetherTheServerLivesOrIsDead) {
  for (const bool dead : {false, true}) {
    SCOPED_TRACE(dead);
    Rack rack(makeServer(GetParam()));
    const auto host = rack.host(kPlain);
    if (dead) {
      rack.server().kill(SIGKILL);
      waitForEvent(*host, "gone");
    }
    host->signal(SIGINT);
    EXPECT_EQ(host->waitForEnd(std::chrono::seconds(20)), 0);
  }
}

TEST_P(JackOutage, EndsInTheMiddleOfTheServersDeath) {
  Rack rack(makeServer(GetParam()));
  const auto host = rack.host(kPlain);
  rack.server().kill(SIGKILL);
  host->signal(SIGINT);
  EXPECT_EQ(host->waitForEnd(std::chrono::seconds(20)), 0);
}

TEST_P(JackOutage, StopsAndStartsAgainAsItWasConnected) {
  Rack rack(makeServer(GetParam()));
  const auto sender = rack.peer("sender", 0, 1);
  const auto receiver = rack.peer("receiver", 1, 0);
  const auto host = rack.host(kPlain);
  connect(*sender, "sender:out_1", "Gainstage:input_1");
  connect(*sender, "Gainstage:output_1", "receiver:in_1");
  host->ask("stop", "stopped");
  const Json before = host->ask("counts", "counts");
  sender->ask("burst 0 100 97", "burst");  // some hundred cycles of everybody else
  EXPECT_EQ(host->ask("counts", "counts")["blocks"], before["blocks"]);
  EXPECT_TRUE(host->ask("start", "started")["started"]);
  expectSameCycle(cleanBurst(*sender, *receiver, 40, 97), 0);
  EXPECT_LT(host->ask("counts", "counts")["jumped"], 9700) << "the count goes on where it was";
}

INSTANTIATE_TEST_SUITE_P(On, JackOutage, ::testing::Values("jackd", "pipewire"),
                         [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace gainstage::testing
