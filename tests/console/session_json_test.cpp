#include "console/session_json.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/json.h"
#include "formats/json_text.h"
#include "session_documents.h"
#include "support/files.h"

namespace gainstage::console {
namespace {

using ::testing::HasSubstr;

template <typename T>
T valueOr(Result<T> result, T otherwise) {
  if (!result) ADD_FAILURE() << result.error().message;
  return result ? std::move(*result) : otherwise;
}

Session parsed(std::string_view text) {
  return valueOr(parseSession(text, "test", testing::blocks()), Session{});
}

float valueOf(const Values& values, auto key) { return values[static_cast<std::size_t>(key)]; }

TEST(SessionJson, GivesBackEverySessionExactly) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    const Session session = testing::randomSession(seed);
    const std::string text = sessionText(session);
    const auto again = parseSession(text, "test", testing::blocks());
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(*again, session);
    EXPECT_EQ(sessionText(*again), text);
  }
}

TEST(SessionJson, TakesDeclaredDefaultsForKeysThatAHandLeftOut) {
  const Session session = parsed(testing::handWrittenSession());
  ASSERT_EQ(session.strips.size(), 2u);
  const StripState& guitar = session.strips[0];
  EXPECT_EQ(guitar.kind, StripKind::instrument);
  EXPECT_EQ(guitar.fullScaleDbu, 12.5);
  EXPECT_EQ(valueOf(guitar.values, StripParameter::trimDb), 6.0f);
  EXPECT_EQ(valueOf(guitar.values, StripParameter::highpassHz), 80.0f);
  ASSERT_EQ(guitar.rig.blocks.size(), 3u);
  EXPECT_EQ(guitar.rig.blocks[0].values, (std::vector<float>{-55.5f, 120.0f}));
  EXPECT_EQ(guitar.rig.blocks[1].files[0], "cabs/4x12.wav");
  EXPECT_FALSE(guitar.rig.blocks[2].on);
  EXPECT_EQ(session.talkbackInput, 3);
  ASSERT_EQ(session.outputs.size(), 2u);
  EXPECT_EQ(valueOf(session.outputs[1].values, OutputParameter::levelDb), -30.0f);
  const auto& mix = session.outputs[0].mix;
  ASSERT_EQ(mix.size(), 4u);
  EXPECT_EQ(mix[0].kind, SourceKind::wet);
  EXPECT_EQ(mix[1].kind, SourceKind::direct);
  EXPECT_EQ(mix[2].kind, SourceKind::streamReturn);
  EXPECT_EQ(mix[3].kind, SourceKind::metronome);
  EXPECT_EQ(mix[3].source, "");
}

TEST(SessionJson, WritesEveryAudibleValueSoThatALaterDefaultChangesNothing) {
  const auto document = sessionToJson(parsed(testing::handWrittenSession()));
  const auto expectAll = [](const nlohmann::ordered_json& object, std::span<const Parameter> parameters) {
    for (const Parameter& parameter : parameters) EXPECT_TRUE(object.contains(parameter.id)) << parameter.id;
  };
  expectAll(document["tempo"], tempoParameters());
  expectAll(document["reverb"], reverbParameters());
  expectAll(document["metronome"], metronomeParameters());
  expectAll(document["talkback"], talkbackParameters());
  for (const auto& strip : document["strips"]) {
    expectAll(strip, stripParameters());
    for (const auto& block : strip["rig"]["blocks"])
      for (const auto* declaration : testing::blocks())
        if (declaration->type == block["type"]) expectAll(block, declaration->parameters);
  }
  for (const auto& output : document["outputs"]) {
    expectAll(output, outputParameters());
    for (const auto& send : output["mix"]) expectAll(send, sendParameters());
  }
}

TEST(SessionJson, IsReadable) {
  const std::string text = sessionText(parsed(testing::handWrittenSession()));
  EXPECT_THAT(text,
              HasSubstr("\n        {\"source\": \"vox\", \"tap\": \"direct\", \"levelDb\": -6, \"pan\": 0.1, "
                        "\"mute\": false, \"postFader\": true}"));
  EXPECT_THAT(text, HasSubstr("\"channels\": [1, 2]"));
  EXPECT_THAT(text, HasSubstr("\"highpassSlope\": \"12dB\""));
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    EXPECT_LE(end - at, 120u) << text.substr(at, end - at);
    at = end + 1;
  }
}

TEST(SessionJson, WritesTheFewestDigitsThatReadBackAsTheSameFloat) {
  const auto textOf = [](float value) { return formats::readableText(formats::shortestNumber(value)); };
  EXPECT_EQ(textOf(0.1f), "0.1\n");
  EXPECT_EQ(textOf(-30.0f), "-30\n");
  EXPECT_EQ(textOf(-0.0f), "0\n");
  std::mt19937 random(1);
  std::uniform_real_distribution<float> exponent(-20.0f, 20.0f);
  for (int i = 0; i < 20000; ++i) {
    const float value = std::exp2(exponent(random)) * (i % 2 ? 1.0f : -1.0f);
    const std::string text = textOf(value);
    EXPECT_EQ(static_cast<float>(formats::Json::parse(text).get<double>()), value) << text;
    EXPECT_LE(std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }), 9 + 4) << text;
  }
}

TEST(SessionJson, SavesAndLoadsAFileAndNamesItInErrors) {
  const gainstage::testing::TemporaryFolder temporary;
  const std::filesystem::path folder = temporary.path();
  const Session session = testing::randomSession(7);
  ASSERT_TRUE(saveSession(folder / "song.json", session).ok());
  EXPECT_EQ(valueOr(loadSession(folder / "song.json", testing::blocks()), Session{}), session);
  std::ofstream(folder / "broken.json") << R"({"gainstage": "session", "version": 1, "nam": "x"})";
  const auto broken = loadSession(folder / "broken.json", testing::blocks());
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().kind, ErrorKind::file);
  EXPECT_THAT(broken.error().message, HasSubstr("broken.json\": nam is an unknown key; did you mean name?"));
  const auto missing = loadSession(folder / "missing.json", testing::blocks());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::file);
  EXPECT_FALSE(saveSession(folder / "nowhere" / "song.json", session).ok());
}

TEST(RigJson, GivesBackEveryRigExactly) {
  for (unsigned seed = 1; seed <= 50; ++seed)
    for (const StripState& strip : testing::randomSession(seed).strips) {
      const rig::RigDocument document{strip.name, strip.rig};
      const auto again = rig::parseRig(rig::rigText(document), "test", testing::blocks());
      ASSERT_TRUE(again.ok()) << again.error().message;
      EXPECT_EQ(*again, document);
    }
}

TEST(RigJson, DoesNotTakeASessionForARig) {
  const auto rig = rig::parseRig(testing::handWrittenSession(), "song.json", testing::blocks());
  ASSERT_FALSE(rig.ok());
  EXPECT_EQ(rig.error().message,
            "song.json: gainstage should be \"rig\", but is \"session\": this is another kind of file");
}

}  // namespace
}  // namespace gainstage::console
