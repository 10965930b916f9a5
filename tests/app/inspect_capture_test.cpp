#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/program.h"

/// What `gainstage inspect` tells of captures, as a user and a script see it.
namespace gainstage::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two sizes: half of the input as it is, or a convolution of two taps with 3 + 2 + 2 + 1 + 1 weights more.
constexpr const char* kCapture = R"({"version": "0.7.0", "architecture": "SlimmableContainer", "weights": [],
 "sample_rate": 44100, "metadata": {"loudness": -20.5, "input_level_dbu": 12, "name": "Tiny", "date": 7},
 "config": {"submodels": [
  {"max_value": 0.5, "model": {"version": "0.7.0", "architecture": "Linear", "weights": [0.5],
    "config": {"receptive_field": 1, "bias": false}}},
  {"max_value": 1, "model": {"version": "0.7.0", "architecture": "WaveNet",
    "config": {"head_scale": 1, "layers": [{"input_size": 1, "condition_size": 1, "channels": 1, "kernel_size": 2,
      "dilations": [440], "activation": "Tanh", "head_size": 1, "head_bias": false}]},
    "weights": [1, 0.5, 0.5, 0, 1, 1, 0, 1, 1]}}]}})";

TEST(InspectCapture, TellsAScriptWhatTheFileSaysAndWhatPlayingItCosts) {
  const Workplace place;
  place.write("amp.nam", kCapture);
  const Outcome outcome = place.run({"inspect", "amp.nam", "--json"});
  ASSERT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto found = formats::Json::parse(outcome.out)["files"][0];
  EXPECT_EQ(found["kind"], "capture");
  EXPECT_EQ(found["format"], "NAM 0.7.0");
  EXPECT_EQ(found["architecture"], "SlimmableContainer");
  EXPECT_EQ(found["network"].size(), 4u);
  EXPECT_EQ(found["parameters"], 11) << "1 and 9 weights, and Linear's bias";
  EXPECT_EQ(found["sampleRate"], 44100.0);
  EXPECT_EQ(found["inputLevelDbu"], 12.0);
  EXPECT_EQ(found["loudnessDb"], -20.5);
  EXPECT_EQ(found["name"], "Tiny");
  for (const char* key : {"outputLevelDbu", "gain", "date", "errorToSignal"}) {
    EXPECT_TRUE(found.contains(key)) << key;
    EXPECT_TRUE(found[key].is_null()) << key;
  }
  EXPECT_EQ(found["usable"], true);
  EXPECT_EQ(found["remarks"].size(), 1u) << found["remarks"];
  ASSERT_EQ(found["sizes"].size(), 2u);
  EXPECT_EQ(found["sizes"][0]["from"], 0.0);
  EXPECT_EQ(found["sizes"][0]["multiplyAddsPerFrame"], 1.0);
  EXPECT_EQ(found["sizes"][1]["from"], 0.5);
  EXPECT_EQ(found["sizes"][1]["receptiveFieldFrames"], 441);
  EXPECT_EQ(found["sizes"][1]["receptiveFieldMs"], 10.0);
}

TEST(InspectCapture, TellsAPersonWithoutWhatIsUnknown) {
  const Workplace place;
  place.write("amp.nam", kCapture);
  const Outcome outcome = place.run({"inspect", "amp.nam"});
  EXPECT_EQ(outcome.exitCode, 0);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("kind: capture"), HasSubstr("1 channel, 1 layer of 2 taps, tanh"),
                                 HasSubstr("It says no output level in dBu."),
                                 HasSubstr("receptiveFieldMs 10.0"), Not(HasSubstr("null"))));
}

TEST(InspectCapture, KnowsKerasFilesByWhatIsInThem) {
  const Workplace place;
  place.write("pedal.json", R"({"in_shape": [null, null, 1], "layers": [
      {"type": "dense", "shape": [null, null, 1], "weights": [[[2]], [0]]}]})");
  const Outcome outcome = place.run({"inspect", "pedal.json", "--json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_EQ(formats::Json::parse(outcome.out)["files"][0]["format"], "keras");
}

TEST(InspectCapture, NamesFileAndPlaceWhereItCannotBePlayed) {
  const Workplace place;
  std::string text = kCapture;
  place.write("bad.nam", text.replace(text.find("\"Tanh\""), 6, "\"tanh\""));
  place.write("text.nam", "hello\n");
  for (const auto& [file, naming] :
       {std::pair{"bad.nam", "bad.nam\": config.submodels[1].model.config.layers[0].activation is \"tanh\""},
        {"text.nam", "text.nam\", line 1, column 1"},
        {"none.nam", "none.nam\" does not exist"}}) {
    const Outcome outcome = place.run({"inspect", file});
    EXPECT_EQ(outcome.exitCode, 3);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr(naming));
  }
}

}  // namespace
}  // namespace gainstage::testing
