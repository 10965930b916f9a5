#include <algorithm>
#include <cmath>
#include <csignal>
#include <gtest/gtest.h>

#include "app/program.h"
#include "app/sessions.h"

/// A run that is talked to, and the ways in which it ends.
namespace gainstage::testing {
namespace {

using formats::Json;

constexpr double kRate = 48000.0;

const Words kLive{"run", "s.json", "--device", "virtual", "--block", "64", "--take", "takes"};

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// A machine that is too busy for real time loses frames, which the program has to say with 1.
int exitCodeFor(const Json& report) { return report.at("lostFrames") > 0 ? 1 : 0; }

void expectRefused(const Json& reply, const std::string& naming) {
  EXPECT_EQ(reply.at("ok"), false) << reply;
  EXPECT_NE(reply.at("error").get<std::string>().find(naming), std::string::npos) << reply;
}

TEST(Commands, AreEachAnsweredByOneObjectALine) {
  const Workplace place;
  place.write("s.json", directOnly());
  RunningProgram program(place, with(kLive, {"--no-take"}));
  const auto set = program.ask("set strips/gtr/trimDb -6");
  EXPECT_EQ(set.at("ok"), true) << set;
  EXPECT_EQ(program.ask("get strips/gtr/trimDb").at("value"), set.at("value"));
  EXPECT_EQ(program.ask("undo").at("ok"), true);
  const auto undone = program.ask("get strips/gtr/trimDb");
  EXPECT_EQ(undone.at("ok"), true);
  EXPECT_NE(undone.at("value"), set.at("value"));
  EXPECT_EQ(program.ask("redo").at("ok"), true);
  EXPECT_EQ(program.ask("get strips/gtr/trimDb").at("value"), set.at("value"));
  EXPECT_EQ(program.ask("panic").at("ok"), true);
  EXPECT_EQ(program.ask("status").at("panic"), true);
  EXPECT_EQ(program.ask("panic off").at("ok"), true);
  const auto status = program.ask("status");
  EXPECT_EQ(status.at("ok"), true);
  EXPECT_EQ(status.at("panic"), false);
  EXPECT_EQ(status.at("blockFrames"), 64);
  EXPECT_TRUE(status.at("take").is_null());

  expectRefused(program.ask("stauts"), "status");
  expectRefused(program.ask("set strips/gtr/trimdB 3"), "trimDb");
  expectRefused(program.ask("set strips/gtr/trimDb loud"), "loud");
  expectRefused(program.ask("set strips/gtr/trimDb 1e9"), "40");
  expectRefused(program.ask("set strips/gtr/trimDb nan"), "nan");
  expectRefused(program.ask("set strips/gtr/trimDb 1 at -5"), "-5");
  expectRefused(program.ask("set \"strips"), "quote");
  expectRefused(program.ask("take stop"), "take");
  expectRefused(program.ask("redo"), "");
  expectRefused(program.ask(""), "help");
  EXPECT_EQ(program.ask("get strips/gtr/trimDb").at("value"), set.at("value"));

  const int exitCode = exitCodeFor(program.ask("status"));
  EXPECT_EQ(program.ask("quit").at("ok"), true);
  EXPECT_EQ(program.wait().exitCode, exitCode);
  EXPECT_FALSE(std::filesystem::exists(place / "takes"));
}

TEST(Commands, StartAndStopTakesOnTheirFrames) {
  const Workplace place;
  place.write("s.json", directOnly());
  RunningProgram program(place, with(kLive, {"--no-take"}));
  const auto started = program.ask("take start takes");
  ASSERT_EQ(started.at("ok"), true) << started;
  expectRefused(program.ask("take start takes"), "runs already");
  const Json begun = Json::parse(readFile(place / (started.at("take").get<std::string>() + "/take.json")));
  EXPECT_EQ(begun.at("state"), "recording");
  const std::int64_t now = program.waitForFrames(4800);
  const std::int64_t stopAt = now + 48000;
  EXPECT_EQ(program.ask("take stop at " + std::to_string(stopAt)).at("ok"), true);
  program.waitForFrames(stopAt + 4800);
  const int exitCode = exitCodeFor(program.ask("status"));
  program.ask("quit");
  EXPECT_EQ(program.wait().exitCode, exitCode);
  const Take take = onlyTakeIn(place / "takes");
  EXPECT_EQ(take.manifest.at("state"), "complete");
  const auto startFrame = take.manifest.at("startFrame").get<std::int64_t>();
  EXPECT_EQ(startFrame + take.manifest.at("frames").get<std::int64_t>(), stopAt);
}

TEST(Commands, AChangeLandsOnItsFrameInTheTake) {
  const Workplace place;
  place.write("s.json", directOnly());
  // On the frame, after an output's fade-in at the start (0.5 s suffice), and far enough ahead to be in time.
  constexpr std::size_t kSettled = 48000, kFrame = 120001, kRamped = kFrame + 4800;
  RunningProgram program(place, with(kLive, {"--seconds", "3", "--json"}));
  ASSERT_EQ(program.ask("set outputs/a/levelDb -26 at " + std::to_string(kFrame)).at("ok"), true);
  ASSERT_LT(program.ask("status").at("frames"), kFrame) << "too late to land there";
  const Outcome outcome = program.wait();
  EXPECT_EQ(outcome.exitCode, exitCodeFor(Json::parse(outcome.out)));
  const Take take = onlyTakeIn(place / "takes");
  ASSERT_EQ(take.manifest.at("startFrame"), 0);
  const Mono dry = take.stream("dry", "gtr")[0], heard = take.stream("output", "a")[0];
  ASSERT_GT(dry.size(), kRamped + 4800);
  const auto differs = [&](std::size_t n, double levelDb) {
    return std::abs(heard[n] - dry[n] * std::pow(10.0, levelDb / 20.0)) > 2e-6 * std::abs(dry[n]);
  };
  std::size_t first = kSettled;
  while (first < dry.size() && !differs(first, -20.0)) ++first;
  // A ramp's first step may be the frame itself or the next, and a sample near zero shows none.
  EXPECT_GE(first, kFrame);
  EXPECT_LE(first, kFrame + 4);
  for (std::size_t n = kRamped; n < kRamped + 4800; ++n) ASSERT_FALSE(differs(n, -26.0)) << n;
}

TEST(Run, EndsWithTheObjectOfTheContractAndExactlyTheSecondsAskedFor) {
  const Workplace place;
  const Outcome outcome = place.run({"run", "--device", "virtual", "--free-running", "--seconds", "1.25",
                                     "--block", "96", "--take", "takes", "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  ASSERT_TRUE(isOneLine(outcome.out)) << outcome.out;
  const Json summary = Json::parse(outcome.out);
  EXPECT_EQ(summary.at("device"), "virtual");
  EXPECT_EQ(summary.at("sampleRate"), kRate);
  EXPECT_EQ(summary.at("blockFrames"), 96);
  EXPECT_EQ(summary.at("frames"), 60000);
  EXPECT_EQ(summary.at("lostFrames"), 0);
  EXPECT_EQ(summary.at("xruns"), 0);
  for (const char* key : {"mean", "worst"}) EXPECT_TRUE(summary.at("load").at(key).is_number()) << key;
  for (const char* key : {"direct", "processed"})
    EXPECT_EQ(summary.at("addedLatencyFrames").at(key), 0) << key;
  ASSERT_EQ(summary.at("inputs").size(), 2u);
  for (const Json& input : summary.at("inputs")) {
    EXPECT_TRUE(input.at("name").is_string());
    EXPECT_TRUE(input.at("peakDb").is_number() || input.at("peakDb").is_null()) << input;
    EXPECT_TRUE(input.at("clips").is_number_integer());
  }
  EXPECT_TRUE(summary.at("inputs")[0].at("peakDb").is_number()) << "the guitar plays";
  ASSERT_EQ(summary.at("outputs").size(), 2u);
  for (const Json& output : summary.at("outputs")) {
    EXPECT_TRUE(output.at("name").is_string());
    EXPECT_TRUE(output.at("peakDb").is_number()) << output;
    EXPECT_TRUE(output.at("lufs").is_number()) << output;
  }
  EXPECT_EQ(summary.at("faults"), Json::array());
  EXPECT_EQ(summary.size(), 12u) << outcome.out;
  const Take take = onlyTakeIn(place / "takes");
  EXPECT_EQ(place / summary.at("take").get<std::string>(), take.folder);
  EXPECT_EQ(take.manifest.at("frames"), 60000);
}

TEST(Run, IsTheSameEveryTimeOnTheFreeRunningVirtualDevice) {
  const Workplace place;
  const auto heard = [&](const std::string& folder) {
    EXPECT_EQ(place.run({"run", "--device", "virtual", "--free-running", "--seconds", "2", "--take", folder})
                  .exitCode,
              0);
    return onlyTakeIn(place / folder).stream("output", "phones1");
  };
  const Signal first = heard("one");
  EXPECT_GT(peak(first[0]), 0.001f);
  EXPECT_EQ(heard("two"), first);
}

TEST(Run, GoesOnWithoutAMissingImpulseResponseAndNamesTheMutedBlock) {
  const Workplace place;
  place.write("s.json", twoMixes(rigWithCabinet()));
  place.writeWav("in.wav", {noise(48000)}, kRate);
  const Outcome outcome =
      place.run({"run", "s.json", "--device", "file:in.wav", "--take", "takes", "--json"});
  const auto summary = Json::parse(outcome.out);
  EXPECT_EQ(summary.at("frames"), 48000);
  ASSERT_EQ(summary.at("faults").size(), 1u);
  EXPECT_TRUE(isOneLine(outcome.err)) << outcome.err;
  for (const std::string& text : {outcome.err, summary.at("faults")[0].get<std::string>()}) {
    EXPECT_NE(text.find("ir.wav"), std::string::npos) << text;
    EXPECT_NE(text.find("cab"), std::string::npos) << text;
    EXPECT_NE(text.find("Guitar"), std::string::npos) << text;
  }
  EXPECT_EQ(outcome.exitCode, 1) << "it ran and found a fault";
  const Take take = onlyTakeIn(place / "takes");
  EXPECT_EQ(peak(take.stream("wet", "gtr")[0]), 0.0);
  EXPECT_GT(peak(take.stream("output", "b")[0]), 0.01) << "direct monitoring goes on";
}

TEST(Run, LeavesAWholeTakeAtCtrlC) {
  for (const int number : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(number);
    const Workplace place;
    place.write("s.json", directOnly());
    RunningProgram program(place, with(kLive, {"--json"}));
    const std::int64_t frames = program.waitForFrames(24000);
    program.signal(number);
    const Outcome outcome = program.wait();
    const auto summary = Json::parse(outcome.out);
    EXPECT_EQ(outcome.exitCode, exitCodeFor(summary)) << outcome.err;
    EXPECT_GE(summary.at("frames"), frames);
    const Take take = onlyTakeIn(place / "takes");
    EXPECT_EQ(take.manifest.at("state"), "complete");
    EXPECT_EQ(take.manifest.at("frames"), summary.at("frames"));
    const Outcome verified = place.run({"takes", "verify", take.folder.string(), "--json"});
    EXPECT_EQ(verified.exitCode, 0) << verified.out;
    EXPECT_EQ(Json::parse(verified.out).at("whole"), true);
  }
}

TEST(Run, LosesNoMoreThanItsLastSecondWhenItIsKilled) {
  const Workplace place;
  place.write("s.json", directOnly());
  RunningProgram program(place, kLive);
  const std::int64_t frames = program.waitForFrames(3 * 48000);
  program.signal(SIGKILL);
  EXPECT_EQ(program.wait().exitCode, -1);
  const std::string take = onlyTakeIn(place / "takes").folder.string();
  const auto listed = Json::parse(place.run({"takes", "takes", "--json"}).out).at("takes");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("condition"), "interrupted");
  EXPECT_NE(place.run({"takes", "verify", take}).exitCode, 0);

  const Outcome repaired = place.run({"takes", "repair", take, "--json"});
  EXPECT_EQ(repaired.exitCode, 0) << repaired.out << repaired.err;
  EXPECT_EQ(Json::parse(repaired.out).at("lost"), Json::array());
  EXPECT_EQ(place.run({"takes", "verify", take}).exitCode, 0);
  const Take mended = onlyTakeIn(place / "takes");
  EXPECT_EQ(mended.manifest.at("state"), "complete");
  EXPECT_GE(mended.manifest.at("frames"), frames - 48000);
  const Mono dry = mended.stream("dry", "gtr")[0], heard = mended.stream("output", "a")[0];
  EXPECT_EQ(heard.size(), dry.size());
  const auto soundFrames = [](const Mono& samples) {
    return samples.rend() - std::find_if(samples.rbegin(), samples.rend(), [](float x) { return x != 0.0f; });
  };
  for (const Mono& samples : {dry, heard}) EXPECT_GE(soundFrames(samples), frames - 48000);
}

}  // namespace
}  // namespace gainstage::testing
