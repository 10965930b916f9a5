#include <gtest/gtest.h>

#include "console/default_session.h"
#include "console/path.h"
#include "console/session_json.h"
#include "session_documents.h"

namespace gainstage::console {
namespace {

Session made(DefaultSessionRequest request) { return defaultSession(request, testing::blocks()); }

std::string textAt(const Session& session, std::string_view path) {
  const auto ref = resolve(session, path);
  return ref ? getText(session, *ref) : ref.error().message;
}

TEST(DefaultSession, IsOneThatCanBeReadBackForAnyDevice) {
  for (int inputs = 0; inputs <= 70; inputs += 14)
    for (int outputs = 0; outputs <= 70; outputs += 10)
      for (const auto kind :
           {OutputKind::unknown, OutputKind::headphones, OutputKind::monitors, OutputKind::line}) {
        const Session session = made({.inputs = inputs, .outputs = outputs, .outputKind = kind});
        const auto again = parseSession(sessionText(session), "default", testing::blocks());
        ASSERT_TRUE(again.ok()) << again.error().message;
        EXPECT_EQ(*again, session);
        EXPECT_EQ(session.strips.size(), static_cast<std::size_t>(std::min(inputs, 8)));
        EXPECT_EQ(session.outputs.size(), static_cast<std::size_t>(std::min((outputs + 1) / 2, 16)));
      }
}

TEST(DefaultSession, StartsUnknownOutputsAtMinus30dBAndKnownOnesAtMinus12) {
  EXPECT_EQ(textAt(made({.inputs = 2, .outputs = 2}), "outputs/out1/levelDb"), "-30");
  const Session known = made({.inputs = 2, .outputs = 2, .outputKind = OutputKind::headphones});
  EXPECT_EQ(textAt(known, "outputs/phones1/levelDb"), "-12");
  EXPECT_EQ(textAt(known, "outputs/phones1/kind"), "headphones");
}

TEST(DefaultSession, GivesEveryPlayerMoreOfThemselves) {
  const Session session = made({.inputs = 2, .outputs = 4, .outputKind = OutputKind::headphones});
  ASSERT_EQ(session.outputs.size(), 2u);
  EXPECT_EQ(session.outputs[1].channels, (std::vector<int>{3, 4}));
  EXPECT_EQ(textAt(session, "outputs/phones1/mix/gtr.wet/levelDb"), "0");
  EXPECT_EQ(textAt(session, "outputs/phones1/mix/mic.direct/levelDb"), "-9");
  EXPECT_EQ(textAt(session, "outputs/phones2/mix/gtr.wet/levelDb"), "-9");
  EXPECT_EQ(textAt(session, "outputs/phones2/mix/mic.direct/levelDb"), "0");
  const Session alone = made({.inputs = 1, .outputs = 4, .outputKind = OutputKind::headphones});
  EXPECT_EQ(textAt(alone, "outputs/phones1/mix/gtr.wet/levelDb"), "0");
  EXPECT_EQ(textAt(alone, "outputs/phones2/mix/gtr.wet/levelDb"), "-9");
}

TEST(DefaultSession, GivesInstrumentsARigAndOthersNone) {
  const Session session =
      made({.inputs = 3,
            .outputs = 2,
            .inputKinds = {StripKind::instrument, StripKind::instrument, StripKind::line}});
  ASSERT_EQ(session.strips.size(), 3u);
  EXPECT_EQ(session.strips[0].name, "Guitar 1");
  EXPECT_EQ(session.strips[1].id, "gtr2");
  EXPECT_EQ(session.strips[2].name, "Line");
  ASSERT_EQ(session.strips[0].rig.blocks.size(),
            1u);  // of the kinds it wants, the test's list has the gate only
  EXPECT_EQ(session.strips[0].rig.blocks[0].declaration->type, "gate");
  EXPECT_TRUE(session.strips[2].rig.blocks.empty());
}

TEST(DefaultSession, GivesAGuitarGateCompressorAndASwitchedOffEq) {
  const Session session = defaultSession({.inputs = 1, .outputs = 2});
  EXPECT_EQ(textAt(session, "strips/gtr/rig/gate/on"), "true");
  EXPECT_EQ(textAt(session, "strips/gtr/rig/compressor/on"), "true");
  EXPECT_EQ(textAt(session, "strips/gtr/rig/eq/on"), "false");
  const auto again = parseSession(sessionText(session), "default");
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, session);
}

TEST(DefaultSession, MakesNoSoundOfItsOwn) {
  const Session session = made({.inputs = 1, .outputs = 2});
  EXPECT_EQ(textAt(session, "metronome/on"), "false");
  EXPECT_EQ(textAt(session, "talkback/on"), "false");
  EXPECT_EQ(session.talkbackInput, std::nullopt);
  EXPECT_EQ(textAt(session, "strips/gtr/reverbSendDb"), "off");
}

}  // namespace
}  // namespace gainstage::console
