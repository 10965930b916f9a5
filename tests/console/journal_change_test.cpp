#include "console/journal_change.h"

#include <gtest/gtest.h>

#include "console/session_json.h"
#include "session_documents.h"

namespace gainstage::console {
namespace {

using formats::Json;

Json documentOf(const Session& session) { return Json(sessionToJson(session)); }

std::vector<std::string> pathsOf(const std::vector<Change>& changes) {
  std::vector<std::string> paths;
  for (const Change& change : changes) paths.push_back(change.path);
  return paths;
}

Session handWritten() { return *parseSession(testing::handWrittenSession(), "test", testing::blocks()); }

using Paths = std::vector<std::string>;

TEST(JournalChange, LeadsFromAnySessionToAnyOtherAndBack) {
  for (unsigned seed = 1; seed <= 80; ++seed) {
    SCOPED_TRACE(seed);
    const Json before = documentOf(testing::randomSession(seed));
    const Json after = documentOf(testing::randomSession(seed + 1000));
    const auto stored = changesFromJson(changesToJson(differences(before, after)));
    ASSERT_TRUE(stored.has_value());
    Json document = before;
    ASSERT_TRUE(apply(document, *stored, true).ok());
    EXPECT_EQ(document, after);
    ASSERT_TRUE(apply(document, *stored, false).ok());
    EXPECT_EQ(document, before);
  }
}

TEST(JournalChange, IsAsSmallAsWhatChanged) {
  const Session before = handWritten();
  const auto pathsAfter = [&](auto&& edit) {
    Session after = before;
    edit(after);
    return pathsOf(differences(documentOf(before), documentOf(after)));
  };
  EXPECT_EQ(pathsAfter([](Session&) {}), Paths{});
  EXPECT_EQ(pathsAfter([](Session& s) { s.strips[0].values[0] = 3.0f; }), Paths{"strips/gtr/trimDb"});
  EXPECT_EQ(pathsAfter([](Session& s) { s.strips[0].rig.blocks[0].values[0] = -20.0f; }),
            Paths{"strips/gtr/rig/gate/thresholdDb"});
  EXPECT_EQ(pathsAfter([](Session& s) { s.strips[1].name = "Vocals"; }), Paths{"strips/vox/name"});
  EXPECT_EQ(pathsAfter([](Session& s) { s.strips[1].inputs = {4}; }), Paths{"strips/vox/inputs"});
  EXPECT_EQ(pathsAfter([](Session& s) { s.outputs[0].mix[1].values[0] = 0.0f; }),
            Paths{"outputs/phones1/mix/vox.direct/levelDb"});
  EXPECT_EQ(pathsAfter([](Session& s) { s.strips[0].rig.blocks.erase(s.strips[0].rig.blocks.begin()); }),
            (Paths{"strips/gtr/rig/gate", "strips/gtr/rig"}));
  EXPECT_EQ(pathsAfter([](Session& s) { std::swap(s.strips[0].rig.blocks[0], s.strips[0].rig.blocks[1]); }),
            Paths{"strips/gtr/rig"});
  EXPECT_EQ(pathsAfter([](Session& s) {
              s.strips[0].rig.blocks[0] = rig::makeBlockState(*testing::blocks()[2], "gate");
            }),
            Paths{"strips/gtr/rig/gate"});
  EXPECT_EQ(pathsAfter([](Session& s) { s.talkbackInput.reset(); }), Paths{"talkback/input"});
}

TEST(JournalChange, IsRefusedByADocumentThatItDoesNotFit) {
  const Session with = handWritten();
  Session without = with, changed = with;
  without.strips[0].rig.blocks.erase(without.strips[0].rig.blocks.begin());
  changed.strips[0].rig.blocks[0].values[0] = -20.0f;
  const auto change = differences(documentOf(with), documentOf(changed));
  Json document = documentOf(without);
  const auto applied = apply(document, change, true);
  ASSERT_FALSE(applied.ok());
  EXPECT_EQ(applied.error().kind, ErrorKind::fault);
  EXPECT_EQ(applied.error().message,
            "\"strips/gtr/rig/gate/thresholdDb\" is no longer in the session as the journal knows it");
}

TEST(JournalChange, ThatIsStrangeNeverCrashes) {
  const Json original = documentOf(handWritten());
  const std::vector<Json> values{nullptr, 1, "x", Json::array(), Json::array({"vox", "gtr"}), Json::object()};
  for (const char* path :
       {"", "/", "a", "strips", "strips/gtr", "strips/gtr/rig", "strips/gtr/rig/gate/x/y", "outputs//mix",
        "strips/gtr/inputs", "strips/gtr/inputs/0", "name", "name/x", "strips/nobody"})
    for (const Json& value : values)
      for (const bool forward : {true, false}) {
        Json document = original;
        const std::vector<Change> changes{{path, std::nullopt, value}};
        if (apply(document, changes, forward)) (void)readSession(document, "strange", testing::blocks());
      }
  for (const Json& value : values) EXPECT_EQ(changesFromJson(Json::array({value})), std::nullopt);
}

}  // namespace
}  // namespace gainstage::console
