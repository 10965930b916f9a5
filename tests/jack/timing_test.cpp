// What the device tells of time: losses, freewheeling, the transport, latencies.
#include <chrono>
#include <cmath>

#include "jack/rack.h"

namespace gainstage::testing {
namespace {

class JackTiming : public OnServer {};
class JackLatency : public OnServer {};

TEST_P(JackTiming, TellsFramesThatWereLost) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 256}));
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}});
  waitForMore(*host, "blocks", 50);  // PipeWire may change the driver at first, and with it the count
  host->say("stall 100");            // in one callback, of 5.3 ms
  const auto event = host->waitFor(
      [](const Json& json) { return json.value("event", "") == "lostFrames" && json["frames"] > 0; },
      "lostFrames");
  EXPECT_EQ(event["frames"].get<int>() % 256, 0);
  EXPECT_GE(event["frames"], 14 * 256)
      << "4800 frames went by, of which at least 18 blocks of 256 were missed, "
         "some of them made good by the server's own buffer";
  EXPECT_LE(event["frames"], 48000);
  EXPECT_GE(host->ask("counts", "counts")["jumped"], event["frames"]);
}

TEST_P(JackTiming, EndsAtItsFrameLimit) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 64}));
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"frameLimit", 10000}});
  EXPECT_EQ(waitForEvent(*host, "ended"), 0);
  EXPECT_TRUE(host->ask("wait 1000", "ended")["ended"]);
  const Json counts = host->ask("counts", "counts");
  EXPECT_GE(counts["frame"].get<int>() + counts["frames"].get<int>(), 10000);
  EXPECT_LT(counts["frame"], 10000) << "the callback that reaches the limit is the last";
}

TEST_P(JackTiming, FreewheelsWithTheServer) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 256}));
  const auto control = rack.peer("control", 0, 1);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}});
  connect(*control, "control:out_1", "Gainstage:input_1");
  const Json before = host->ask("counts", "counts");
  EXPECT_EQ(before["freewheeled"], 0);
  ASSERT_EQ(control->ask("freewheel 1", "freewheel")["freewheel"], 0);
  waitForMore(*host, "freewheeled", 100);
  EXPECT_EQ(host->ask("counts", "counts")["budgetNs"], 0) << "there is no deadline";
  ASSERT_EQ(control->ask("freewheel 0", "freewheel")["freewheel"], 0);
  waitForMore(*host, "paced", 100);
  const Json after = host->ask("counts", "counts");
  EXPECT_EQ(after["broken"], 0);
  EXPECT_GT(after["budgetNs"], 0);
}

TEST_P(JackTiming, PassesTheTransportOnToTheFrame) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 256}));
  const auto master = rack.peer("master", 0, 1);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}});
  connect(*master, "master:out_1", "Gainstage:input_1");
  EXPECT_EQ(host->ask("counts", "counts")["rolled"], 0);
  ASSERT_EQ(master->ask("timebase 90 3", "timebase")["timebase"], 0);
  master->ask("transport start", "transport");
  waitForMore(*host, "rolled", 50);
  const Json transport = host->ask("counts", "counts")["transport"];
  EXPECT_TRUE(transport["valid"]);
  EXPECT_EQ(transport["beatsPerMinute"], 90.0);
  EXPECT_EQ(transport["beatsPerBar"], 3.0);
  // The same relation as the master sees it, by the server's clock. 2 ms: the server smooths its clock, and
  // the master counts in ticks of 0.35 ms; a cycle is 5.3 ms.
  const double frameAtClock0 = master->ask("counts", "counts")["transportAtClock0"];
  EXPECT_NEAR(transport["beatAtClock0"].get<double>() * 60.0 / 90.0, frameAtClock0 / 48000.0, 2e-3)
      << "in seconds";
  master->ask("transport stop", "transport");
  waitForMore(*host, "halted", 50);
}

/// A port's range of one direction, as jack_lsp prints it.
std::pair<int, int> listedLatency(Rack& rack, const std::string& port, const std::string& direction) {
  std::string prefix;
  for (const std::string& word : rack.server().prefix()) prefix += word + " ";
  for (const auto& [name, value] : rack.server().environment()) prefix = name + "='" + value + "' " + prefix;
  const std::string server = rack.server().name().empty() ? "" : " -s " + rack.server().name();
  const std::string listing = outputOf(prefix + "jack_lsp" + server + " -l " + port + " 2>/dev/null");
  const std::string words = "port " + direction + " latency = [ ";
  const auto at = listing.find(words);
  if (at == std::string::npos) throw std::runtime_error("no latency in " + listing);
  int least = -1, most = -1;
  std::sscanf(listing.c_str() + at + words.size(), "%d %d", &least, &most);
  return {least, most};
}

/// A program that is new on PipeWire hears of a port before it hears of its ranges.
void waitForListed(Rack& rack, const std::string& port, const std::string& direction,
                   std::pair<int, int> range) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (listedLatency(rack, port, direction) != range)
    ASSERT_LT(std::chrono::steady_clock::now(), until) << port << " is not listed with its range";
}

TEST_P(JackLatency, ToldOfEachPortIsWhatTheConsoleAdds) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 64}));
  const auto source = rack.peer("source", 0, 1);
  const auto sink = rack.peer("sink", 1, 0);
  const auto host = rack.host({{"inputs", 2},
                               {"outputs", 2},
                               {"connect", false},
                               {"sendNames", {"direct", "processed"}},
                               {"sendIsDirect", {true, false}},
                               {"returnNames", {"daw"}}});
  // A source 100 frames late, and a sink that takes another 300.
  source->ask("latency 100 0", "latency");
  sink->ask("latency 0 300", "latency");
  connect(*source, "source:out_1", "Gainstage:input_1");
  connect(*source, "Gainstage:output_1", "sink:in_1");
  host->ask("latency 0 37", "latency");
  const auto has = [](const char* direction, int least, int most) {
    return [=](const Json& port) { return port[direction] == Json::array({least, most}); };
  };
  waitForPort(*source, "Gainstage:output_1", has("capture", 100, 137));
  waitForPort(*source, "Gainstage:send_1", has("capture", 100, 100));
  waitForPort(*source, "Gainstage:send_2", has("capture", 100, 137));
  waitForPort(*source, "Gainstage:input_1", has("playback", 300, 337));
  waitForPort(*source, "Gainstage:return_1", has("playback", 300, 300));
  EXPECT_EQ(host->ask("deviceLatency", "deviceLatency")["deviceLatency"], Json::array({100, 300}));

  // Others change theirs, and nobody touches a cord.
  host->ask("latency 0 0", "latency");
  source->ask("latency 150 0", "latency");
  sink->ask("latency 0 350", "latency");
  waitForPort(*source, "Gainstage:output_1", has("capture", 150, 150));
  waitForPort(*source, "Gainstage:input_1", has("playback", 350, 350));
  EXPECT_EQ(host->ask("deviceLatency", "deviceLatency")["deviceLatency"], Json::array({150, 350}));
  if (!hasProgram("jack_lsp")) GTEST_SKIP() << "jack_lsp is not installed";
  waitForListed(rack, "Gainstage:output_1", "capture", {150, 150});
  waitForListed(rack, "Gainstage:input_1", "playback", {350, 350});
}

// A libjack that calls back while it is being called, or waits for what waits for it, stops here for good.
TEST_P(JackLatency, IsToldStillAfterManyChangesAtOnce) {
  Rack rack(makeServer(GetParam(), {.blockFrames = 64}));
  const auto peer = rack.peer("peer", 1, 1);
  const auto host = rack.host({{"inputs", 2}, {"outputs", 2}, {"connect", false}, {"returnNames", {"daw"}}});
  connect(*peer, "peer:out_1", "Gainstage:input_1");
  int added = 0;
  for (int round = 0; round < 10; ++round) {
    // Nobody waits for an answer, so that one change comes while others are being told.
    for (const int block : {128, 64}) {
      peer->say("bufsize " + std::to_string(block));
      peer->say(std::string(round % 2 ? "disconnect" : "connect") + " Gainstage:output_1|peer:in_1");
      for (int i = 0; i < 20; ++i) host->say("latency 0 " + std::to_string(++added));
    }
    host->ask("counts", "counts");
    peer->ask("counts", "counts");
  }
  waitForPort(*peer, "Gainstage:output_1", [&](const Json& port) {
    return port["capture"] == Json::array({0, added});
  });
  waitForPort(*peer, "Gainstage:input_1", [&](const Json& port) {
    return port["playback"] == Json::array({0, added});
  });
  waitForMore(*host, "blocks", 10);
  EXPECT_EQ(host->ask("counts", "counts")["broken"], 0);
  host->say("quit");
  EXPECT_EQ(host->waitForEnd(), 0);
}

INSTANTIATE_TEST_SUITE_P(On, JackTiming, ::testing::Values("jackd", "pipewire"),
                         [](const auto& kind) { return kind.param; });
INSTANTIATE_TEST_SUITE_P(On, JackLatency, ::testing::Values("jackd", "pipewire"),
                         [](const auto& kind) { return kind.param; });

}  // namespace
}  // namespace gainstage::testing
