#include <gtest/gtest.h>

#include "app/program.h"
#include "app/sessions.h"
#include "formats/audio_file.h"

/// The tempo that a rig is rendered in, as docs/commands.md tells it.
namespace gainstage::testing {
namespace {

TEST(RenderTempo, IsThatOfTheCommandLineOr120) {
  const Workplace place;
  place.write("r.json", R"({"gainstage": "rig", "version": 1, "blocks": [
    {"id": "echo", "type": "delay", "sync": "1/4", "mix": 1, "feedback": 0}]})");
  place.writeWav("in.wav", {impulse(60000)}, 48000.0);
  const auto echoAt = [&](const Words& more) {
    Words words{"render", "in.wav", "-o", "out.wav", "--rig", "r.json"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto data = formats::readAudioFile(place / "out.wav", {});
    EXPECT_TRUE(data.ok());
    const std::span<const float> out = data->audio.channel(0);
    return std::ranges::max_element(out) - out.begin();
  };
  EXPECT_EQ(echoAt({}), 24000);
  EXPECT_EQ(echoAt({"--tempo", "96"}), 30000);
}

TEST(RenderTempo, IsRefusedWhereItIsNoneOrTheSessionHasItsOwn) {
  const Workplace place;
  place.write("r.json", R"({"gainstage": "rig", "version": 1, "blocks": []})");
  place.write("s.json", directOnly());
  place.writeWav("in.wav", {impulse(100)}, 48000.0);
  for (const Words& wrong :
       {Words{"--rig", "r.json", "--tempo", "0"}, Words{"--rig", "r.json", "--tempo", "fast"},
        Words{"--session", "s.json", "--tempo", "96"}}) {
    Words words{"render", "in.wav", "-o", "out.wav"};
    words.insert(words.end(), wrong.begin(), wrong.end());
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, 2);
    EXPECT_NE(outcome.err.find("--tempo"), std::string::npos) << outcome.err;
    EXPECT_FALSE(std::filesystem::exists(place / "out.wav"));
  }
}

TEST(RenderQuality, IsOfflineForARigUnlessToldOtherwise) {
  const Workplace place;
  const auto rig = [&](const std::string& quality) {
    place.write(quality + ".json", R"({"gainstage": "rig", "version": 1, "blocks": [
      {"id": "drive", "type": "distortion", "quality": ")" +
                                       quality + R"("}]})");
  };
  rig("live");
  rig("offline");
  place.writeWav("in.wav", {noise(4800)}, 48000.0);
  const auto rendered = [&](const Words& more) {
    Words words{"render", "in.wav", "-o", "out.wav", "--rig"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    const auto data = formats::readAudioFile(place / "out.wav", {});
    EXPECT_TRUE(data.ok());
    const std::span<const float> out = data->audio.channel(0);
    return std::vector<float>(out.begin(), out.end());
  };
  const auto best = rendered({"offline.json"});
  EXPECT_EQ(rendered({"live.json"}), best);
  EXPECT_NE(rendered({"live.json", "--quality", "live"}), best);

  place.write("s.json", directOnly());
  const Outcome refused =
      place.run({"render", "in.wav", "-o", "other.wav", "--session", "s.json", "--quality", "live"});
  EXPECT_EQ(refused.exitCode, 2);
  EXPECT_NE(refused.err.find("--quality"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace gainstage::testing
