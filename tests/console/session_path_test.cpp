#include <gtest/gtest.h>
#include <set>

#include "console/path.h"
#include "console/session_json.h"
#include "console/value_text.h"
#include "session_documents.h"

namespace gainstage::console {
namespace {

Session handWritten() { return *parseSession(testing::handWrittenSession(), "test", testing::blocks()); }

std::string textAt(const Session& session, std::string_view path) {
  const auto ref = resolve(session, path);
  return ref ? getText(session, *ref) : ref.error().message;
}

std::string setAt(Session& session, std::string_view path, std::string_view text) {
  const auto ref = resolve(session, path);
  if (!ref) return ref.error().message;
  const auto done = setText(session, *ref, text);
  return done ? getText(session, *ref) : done.error().message;
}

TEST(SessionPath, LeadsToEveryKindOfValue) {
  const Session session = handWritten();
  EXPECT_EQ(textAt(session, "strips/gtr/trimDb"), "6");
  EXPECT_EQ(textAt(session, "strips/gtr/kind"), "instrument");
  EXPECT_EQ(textAt(session, "strips/gtr/highpassSlope"), "12dB");
  EXPECT_EQ(textAt(session, "strips/gtr/rig/gate/thresholdDb"), "-55.5");
  EXPECT_EQ(textAt(session, "strips/gtr/rig/echo/on"), "false");
  EXPECT_EQ(textAt(session, "strips/gtr/rig/cab/irFile"), "cabs/4x12.wav");
  EXPECT_EQ(textAt(session, "outputs/phones1/levelDb"), "-12");
  EXPECT_EQ(textAt(session, "outputs/phones1/kind"), "headphones");
  EXPECT_EQ(textAt(session, "outputs/phones1/liveInputs"), "false");
  EXPECT_EQ(textAt(session, "outputs/phones1/mix/gtr.wet/levelDb"), "0");
  EXPECT_EQ(textAt(session, "outputs/phones1/mix/vox.direct/pan"), "0.1");
  EXPECT_EQ(textAt(session, "outputs/phones1/mix/daw/levelDb"), "-3");
  EXPECT_EQ(textAt(session, "tempo/beatsPerMinute"), "96");
  EXPECT_EQ(textAt(session, "reverb/decayS"), "1.8");
  EXPECT_EQ(textAt(session, "metronome/on"), "true");
  EXPECT_EQ(textAt(session, "talkback/dimDb"), "-12");
}

TEST(SessionPath, IsTheSameThereAndBackForEverythingThatIsListed) {
  const Session session = testing::randomSession(11);
  const auto paths = listPaths(session);
  EXPECT_EQ(std::set(paths.begin(), paths.end()).size(), paths.size());
  for (const std::string& path : paths) {
    const auto ref = resolve(session, path);
    ASSERT_TRUE(ref.ok()) << ref.error().message;
    EXPECT_EQ(pathOf(session, *ref), path);
    Session other = session;
    const std::string text = getText(other, *ref);
    ASSERT_TRUE(setText(other, *ref, text).ok()) << path << " " << text;
    EXPECT_EQ(getText(other, *ref), text) << path;
  }
}

TEST(SessionPath, ReachesEveryNumberOfTheSession) {
  Session session = testing::randomSession(12);
  const Session before = session;
  ASSERT_GT(session.strips.size() * session.outputs.size(), 0u);
  for (const std::string& path : listPaths(session)) {
    const auto ref = resolve(session, path);
    if (ref->parameter->type == ParameterType::file) continue;
    const float old = get(session, *ref);
    const float other = old == ref->parameter->minimum ? ref->parameter->maximum : ref->parameter->minimum;
    const bool isListed = ref->owner != Owner::send || sendIndex(session, *ref).has_value();
    set(session, *ref, other);
    EXPECT_EQ(get(session, *ref), other) << path;
    EXPECT_NE(session, before) << path;
    set(session, *ref, old);
    if (isListed)
      EXPECT_EQ(session, before) << path;
    else
      session = before;
  }
}

TEST(SessionPath, FindsASendThatIsNotListedOffAndAddsItWhenItIsSet) {
  Session session = handWritten();
  EXPECT_EQ(textAt(session, "outputs/phones2/mix/gtr.wet/levelDb"), "off");
  EXPECT_EQ(textAt(session, "outputs/phones2/mix/reverb/levelDb"), "off");
  EXPECT_EQ(setAt(session, "outputs/phones2/mix/gtr.wet/levelDb", "-9"), "-9");
  ASSERT_EQ(session.outputs[1].mix.size(), 2u);
  EXPECT_EQ(session.outputs[1].mix[1].kind, SourceKind::wet);
  EXPECT_EQ(session.outputs[1].mix[1].source, "gtr");
  EXPECT_EQ(textAt(session, "outputs/phones2/mix/gtr.direct/levelDb"), "off");
}

TEST(SessionPath, TellsTheNearestNameOfAPartThatIsNotKnown) {
  Session session = handWritten();
  EXPECT_EQ(textAt(session, "stripes/gtr/trimDb"),
            "\"stripes/gtr/trimDb\": there is no part \"stripes\"; did you mean \"strips\"?");
  EXPECT_EQ(textAt(session, "strips/gtt/trimDb"),
            "\"strips/gtt/trimDb\": there is no strip \"gtt\"; did you mean \"gtr\"?");
  EXPECT_EQ(textAt(session, "strips/gtr/trimDbu"),
            "\"strips/gtr/trimDbu\": there is no parameter \"trimDbu\"; did you mean \"trimDb\"?");
  EXPECT_EQ(textAt(session, "strips/gtr/rig/gat/on"),
            "\"strips/gtr/rig/gat/on\": there is no block \"gat\"; did you mean \"gate\"?");
  EXPECT_EQ(textAt(session, "strips/vox/rig/gate/on"),
            "\"strips/vox/rig/gate/on\": there is no block \"gate\"; there is none in this session");
  EXPECT_EQ(textAt(session, "outputs/phones1/mix/gtr/levelDb"),
            "\"outputs/phones1/mix/gtr/levelDb\": there is no source \"gtr\"; there is gtr.direct, gtr.wet, "
            "vox.direct, vox.wet, daw, reverb, metronome, talkback");
  EXPECT_EQ(
      textAt(session, "tempo/beatsPerMinut"),
      "\"tempo/beatsPerMinut\": there is no parameter \"beatsPerMinut\"; did you mean \"beatsPerMinute\"?");
  for (const char* path :
       {"", "/", "strips", "strips/", "strips/gtr", "strips/gtr/rig", "strips/gtr/rig/gate",
        "strips/gtr/trimDb/more", "outputs/phones1/mix", "returns/daw/levelDb", "tempo"}) {
    const auto ref = resolve(session, path);
    ASSERT_FALSE(ref.ok()) << path;
    EXPECT_EQ(ref.error().kind, ErrorKind::usage);
  }
}

TEST(SessionPath, TakesValuesAsPeopleWriteThem) {
  Session session = handWritten();
  EXPECT_EQ(setAt(session, "strips/gtr/trimDb", "+3.5"), "3.5");
  EXPECT_EQ(setAt(session, "strips/gtr/faderDb", "off"), "off");
  EXPECT_EQ(setAt(session, "strips/gtr/mute", "on"), "true");
  EXPECT_EQ(setAt(session, "strips/gtr/mute", "false"), "false");
  EXPECT_EQ(setAt(session, "outputs/phones1/soloMode", "only"), "only");
  EXPECT_EQ(setAt(session, "tempo/beatsPerBar", "7"), "7");
  EXPECT_EQ(setAt(session, "outputs/phones2/kind", "monitors"), "monitors");
  EXPECT_EQ(session.outputs[1].kind, OutputKind::monitors);
}

TEST(SessionPath, RefusesValuesThatAParameterCannotHave) {
  Session session = handWritten();
  const Session before = session;
  EXPECT_EQ(setAt(session, "strips/gtr/trimDb", "41"),
            "trimDb should be a number from -60 to 40 (dB), but is \"41\"");
  EXPECT_EQ(setAt(session, "strips/gtr/faderDb", "loud"),
            "faderDb should be a number from -90 to 12 (dB) or off, but is \"loud\"");
  EXPECT_EQ(setAt(session, "strips/gtr/trimDb", "off"),
            "trimDb should be a number from -60 to 40 (dB), but is \"off\"");
  EXPECT_EQ(setAt(session, "outputs/phones1/soloMode", "onyl"),
            "soloMode should be one of inPlace, only, ignore, but is \"onyl\"; did you mean only?");
  for (const char* text : {"", "nan", "inf", "1e9", "1e99", "3 ", "0x10", "3dB", "+-3", "true"})
    EXPECT_NE(setAt(session, "strips/gtr/trimDb", text).find("but is"), std::string::npos) << text;
  EXPECT_NE(setAt(session, "tempo/beatsPerBar", "3.5").find("whole number"), std::string::npos);
  EXPECT_NE(setAt(session, "strips/gtr/mute", "1").find("true or false"), std::string::npos);
  EXPECT_NE(setAt(session, "strips/gtr/rig/cab/irFile", "a\nb").find("control characters"),
            std::string::npos);
  EXPECT_EQ(session, before);
}

TEST(SessionPath, ForgetsTheHashOfAFileThatIsReplaced) {
  Session session = handWritten();
  session.strips[0].rig.blocks[1].fileHashes[0] = std::string(64, 'a');
  EXPECT_EQ(setAt(session, "strips/gtr/rig/cab/irFile", "cabs/2x12.wav"), "cabs/2x12.wav");
  EXPECT_EQ(session.strips[0].rig.blocks[1].fileHashes[0], "");
}

}  // namespace
}  // namespace gainstage::console
