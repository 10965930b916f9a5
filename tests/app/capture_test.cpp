#include <cmath>
#include <gtest/gtest.h>

#include "app/program.h"
#include "formats/audio_file.h"
#include "rig/test_captures.h"

/// Captures as a user has them: offline, in a rig, and looked at.
namespace gainstage::testing {
namespace {

using rig::linearCapture;
using rig::slimmableCapture;

Signal read(const std::filesystem::path& path) {
  const auto data = formats::readAudioFile(path, {});
  EXPECT_TRUE(data.ok()) << path;
  Signal audio;
  for (int c = 0; data && c < data->audio.channels(); ++c) {
    const std::span<const float> channel = data->audio.channel(c);
    audio.emplace_back(channel.begin(), channel.end());
  }
  return audio;
}

/// 0.5 x - 0.25 x, the frame before, + 0.125.
Mono applied(const Mono& in) {
  Mono out(in.size());
  for (std::size_t n = 0; n < in.size(); ++n)
    out[n] = 0.5f * in[n] - (n > 0 ? 0.25f * in[n - 1] : 0.0f) + 0.125f;
  return out;
}

// Levels that it says, but that rendering the capture alone must not apply.
const std::string kCapture = linearCapture({0.5, -0.25}, 0.125, {.loudness = "-10", .inputLevelDbu = "12"});

TEST(RenderCapture, AppliesTheCaptureToEachChannelAndNothingElse) {
  const Workplace place;
  place.write("amp.nam", kCapture);
  const Signal in{noise(5000, 0.5f, 1), noise(5000, 0.5f, 2), noise(5000, 0.5f, 3)};
  place.writeWav("in.wav", in, 48000.0);
  const Outcome outcome = place.run({"render", "in.wav", "-o", "out.wav", "--capture", "amp.nam"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  const Signal out = read(place / "out.wav");
  ASSERT_EQ(out.size(), 3u);
  for (std::size_t c = 0; c < 3; ++c) {
    ASSERT_EQ(out[c].size(), 5000u);
    EXPECT_LT(largestDifference(out[c], applied(in[c])), 1e-6);
  }
}

TEST(RenderCapture, IsAsLongAsItsInputAndTailAndAlignedToTheFrameAtAnyRate) {
  const Workplace place;
  place.write("amp.nam", linearCapture({1.0}, 0.0));
  for (const double rate : {44100.0, 48000.0, 88200.0, 96000.0}) {
    SCOPED_TRACE(rate);
    place.writeWav("in.wav", {impulse(4000, 1500)}, rate);
    const Outcome outcome =
        place.run({"render", "in.wav", "-o", "out.wav", "--capture", "amp.nam", "--tail", "0.01"});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    const Signal out = read(place / "out.wav");
    ASSERT_EQ(out.size(), 1u);
    EXPECT_EQ(out[0].size(), static_cast<std::size_t>(4000 + rate / 100.0));
    EXPECT_EQ(std::ranges::max_element(out[0]) - out[0].begin(), 1500);
  }
}

TEST(RenderCapture, TakesTheSizeThatIsAskedForAndTheLargestUnlessAsked) {
  const Workplace place;
  place.write("amp.nam",
              slimmableCapture({{0.5, linearCapture({0.25}, 0.0)}, {1.0, linearCapture({0.75}, 0.0)}}));
  place.writeWav("in.wav", {dc(1.0f, 100)}, 48000.0);
  const auto gain = [&](const Words& more) {
    Words words{"render", "in.wav", "-o", "out.wav", "--capture", "amp.nam"};
    words.insert(words.end(), more.begin(), more.end());
    EXPECT_EQ(place.run(words).exitCode, 0);
    return read(place / "out.wav")[0].back();
  };
  EXPECT_EQ(gain({}), 0.75f);
  EXPECT_EQ(gain({"--size", "0"}), 0.25f);
  EXPECT_EQ(gain({"--size", "0.49"}), 0.25f);
  EXPECT_EQ(gain({"--size", "0.5"}), 0.75f);
  EXPECT_EQ(gain({"--size", "1"}), 0.75f);
}

TEST(RenderCapture, GivesTheSameForAnyBlockSizeAndNumberOfJobs) {
  const Workplace place;
  place.write("amp.nam", kCapture);
  Words inputs{"render"};
  for (unsigned i = 1; i <= 6; ++i) {
    const std::string name = "in" + std::to_string(i) + ".wav";
    place.writeWav(name, {noise(3000, 0.5f, i)}, 44100.0);
    inputs.push_back(name);
  }
  const auto render = [&](const std::string& folder, const Words& more) {
    Words words = inputs;
    words.insert(words.end(), {"-o", folder, "--capture", "amp.nam"});
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    std::vector<Signal> all;
    for (unsigned i = 1; i <= 6; ++i)
      all.push_back(read(place / (folder + "/in" + std::to_string(i) + ".wav")));
    return all;
  };
  const auto one = render("one", {});
  EXPECT_EQ(render("three", {"--jobs", "3"}), one);
  EXPECT_EQ(render("sevens", {"--block", "7", "--jobs", "2"}), one);
}

TEST(RenderCapture, PutsACabinetBehindIt) {
  const Workplace place;
  place.write("amp.nam", linearCapture({0.5}, 0.0));
  place.writeWav("cab.wav", {impulse(64, 10)}, 48000.0);
  place.writeWav("in.wav", {impulse(1000, 100)}, 48000.0);
  const Outcome outcome =
      place.run({"render", "in.wav", "-o", "out.wav", "--capture", "amp.nam", "--cab", "cab.wav"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  const Mono out = read(place / "out.wav")[0];
  EXPECT_EQ(std::ranges::max_element(out) - out.begin(), 110);
}

TEST(RenderCapture, RefusesInOneSentenceWhatItCannotUse) {
  const Workplace place;
  place.write("amp.nam", kCapture);
  place.write("r.json", R"({"gainstage": "rig", "version": 1, "blocks": []})");
  place.write("short.nam", R"({"version": "0.5.4", "architecture": "Linear", "sample_rate": 48000,
                               "config": {"receptive_field": 4, "bias": true}, "weights": [1, 2]})");
  place.writeWav("in.wav", {noise(100)}, 48000.0);
  struct Wrong {
    Words words;
    int exitCode;
    std::string naming;
  };
  for (const Wrong& wrong :
       {Wrong{{"--capture", "nowhere.nam"}, 3, "nowhere.nam"}, Wrong{{"--capture", "in.wav"}, 3, "in.wav"},
        Wrong{{"--capture", "short.nam"}, 3, "weights"},
        Wrong{{"--capture", "amp.nam", "--size", "1.5"}, 2, "--size"},
        Wrong{{"--capture", "amp.nam", "--size", "nan"}, 2, "--size"},
        Wrong{{"--size", "0.5"}, 2, "--capture"},
        Wrong{{"--capture", "amp.nam", "--rig", "r.json"}, 2, "--rig"},
        Wrong{{"--capture", "amp.nam", "--session", "s.json"}, 2, "--session"}}) {
    Words words{"render", "in.wav", "-o", "out.wav"};
    words.insert(words.end(), wrong.words.begin(), wrong.words.end());
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, wrong.exitCode) << outcome.err;
    EXPECT_NE(outcome.err.find(wrong.naming), std::string::npos) << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(place / "out.wav"));
  }
}

TEST(InspectCapture, ShowsWhatItSaysOfItselfAndNamesWhatItDoesNotSay) {
  const Workplace place;
  place.write("amp.nam", kCapture);
  const Outcome outcome = place.run({"inspect", "amp.nam", "--json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  const auto json = formats::parseJson(outcome.out, "inspect");
  ASSERT_TRUE(json.ok());
  const auto& found = (*json)["files"][0];
  EXPECT_EQ(found["kind"], "capture");
  EXPECT_EQ(found["loudnessDb"], -10.0);
  EXPECT_EQ(found["inputLevelDbu"], 12.0);
  EXPECT_TRUE(found["outputLevelDbu"].is_null());
  EXPECT_EQ(found["sizes"][0]["receptiveFieldFrames"], 2);
  EXPECT_EQ(found["remarks"].size(), 1u);
}

TEST(InspectRig, TellsWhatACaptureInItCannotLevel) {
  const Workplace place;
  place.write("amp.nam", linearCapture({1.0}, 0.0));
  place.write("r.json", R"({"gainstage": "rig", "version": 1, "blocks": [{"id": "amp", "type": "capture",
                            "file": "amp.nam"}]})");
  const Outcome outcome = place.run({"inspect", "r.json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("does not say its loudness"), std::string::npos) << outcome.out;
  place.write("amp.nam", "{");
  const Outcome broken = place.run({"inspect", "r.json"});
  EXPECT_EQ(broken.exitCode, 1);
  EXPECT_NE(broken.out.find("Block amp is muted"), std::string::npos) << broken.out;
}

}  // namespace
}  // namespace gainstage::testing
