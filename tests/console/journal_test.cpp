#include "console/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/path.h"
#include "session_documents.h"

namespace gainstage::console {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr Journal::TimePoint kStart{};

/// A session that somebody works on: every change is made and recorded.
class JournalTest : public ::testing::Test {
 protected:
  void set(std::string_view path, float value, Journal::TimePoint now) {
    const Session before = session;
    console::set(session, *resolve(session, path), value);
    journal.recordValue(path, before, session, now);
  }
  void edit(std::string_view what, Journal::TimePoint now, auto&& change) {
    const Session before = session;
    change(session);
    journal.recordEdit(what, before, session, now);
  }
  float at(std::string_view path) const { return get(session, *resolve(session, path)); }
  std::string undo() {
    const auto undone = journal.undo(session);
    return undone ? undone->what : undone.error().message;
  }
  std::string redo() {
    const auto redone = journal.redo(session);
    return redone ? redone->what : redone.error().message;
  }

  Session session = *parseSession(testing::handWrittenSession(), "test", testing::blocks());
  const Session original = session;
  Journal journal{testing::blocks()};
};

TEST_F(JournalTest, UndoesAndRedoesStepByStep) {
  set("strips/gtr/trimDb", 3.0f, kStart);
  set("strips/vox/mute", 1.0f, kStart + 100ms);
  const Session last = session;
  EXPECT_EQ(undo(), "strips/vox/mute");
  EXPECT_EQ(at("strips/vox/mute"), 0.0f);
  EXPECT_EQ(at("strips/gtr/trimDb"), 3.0f);
  EXPECT_EQ(undo(), "strips/gtr/trimDb");
  EXPECT_EQ(session, original);
  EXPECT_EQ(undo(), "there is nothing to undo");
  EXPECT_EQ(redo(), "strips/gtr/trimDb");
  EXPECT_EQ(redo(), "strips/vox/mute");
  EXPECT_EQ(session, last);
  EXPECT_EQ(redo(), "there is nothing to redo");
}

TEST_F(JournalTest, TakesSetsOfOneAddressWithinASecondForOneDrag) {
  for (int i = 1; i <= 50; ++i) set("strips/gtr/faderDb", static_cast<float>(-i), kStart + i * 900ms);
  set("strips/gtr/faderDb", -80.0f, kStart + 50 * 900ms + 1100ms);
  EXPECT_EQ(undo(), "strips/gtr/faderDb");
  EXPECT_EQ(at("strips/gtr/faderDb"), -50.0f);
  EXPECT_EQ(undo(), "strips/gtr/faderDb");
  EXPECT_EQ(session, original);
}

TEST_F(JournalTest, TakesAllBetweenBeginAndEndForOneGesture) {
  journal.begin("move both faders", kStart);
  set("strips/gtr/faderDb", -6.0f, kStart);
  set("strips/vox/faderDb", -6.0f, kStart + 5s);
  set("strips/gtr/faderDb", -12.0f, kStart + 9s);
  journal.end();
  set("strips/gtr/faderDb", -13.0f, kStart + 9s);
  EXPECT_EQ(undo(), "strips/gtr/faderDb");
  EXPECT_EQ(at("strips/gtr/faderDb"), -12.0f);
  EXPECT_EQ(undo(), "move both faders");
  EXPECT_EQ(session, original);
}

TEST_F(JournalTest, EndsAGestureThatWasForgotten) {
  journal.begin("drag of a remote that went away", kStart);
  set("strips/gtr/faderDb", -6.0f, kStart);
  journal.tick(kStart + 9s);
  set("strips/vox/faderDb", -6.0f, kStart + 9s);
  journal.tick(kStart + 20s);
  set("strips/vox/faderDb", -7.0f, kStart + 20s);
  EXPECT_EQ(undo(), "strips/vox/faderDb");
  EXPECT_EQ(at("strips/vox/faderDb"), -6.0f);
}

TEST_F(JournalTest, ForgetsADragThatCameBackToWhereItBegan) {
  set("strips/vox/mute", 1.0f, kStart);
  set("strips/gtr/faderDb", -3.0f, kStart + 10s);
  set("strips/gtr/faderDb", 0.0f, kStart + 10s);
  EXPECT_EQ(undo(), "strips/vox/mute");
  EXPECT_EQ(session, original);
}

TEST_F(JournalTest, CannotRedoOnceSomethingElseWasDone) {
  set("strips/gtr/trimDb", 3.0f, kStart);
  EXPECT_EQ(undo(), "strips/gtr/trimDb");
  set("strips/vox/mute", 1.0f, kStart);
  EXPECT_EQ(redo(), "there is nothing to redo");
}

TEST_F(JournalTest, DoesNotJoinADragAcrossAnUndo) {
  set("strips/gtr/faderDb", -3.0f, kStart);
  set("strips/gtr/faderDb", -6.0f, kStart);
  EXPECT_EQ(undo(), "strips/gtr/faderDb");
  set("strips/gtr/faderDb", -9.0f, kStart);
  EXPECT_EQ(undo(), "strips/gtr/faderDb");
  EXPECT_EQ(session, original);
}

TEST_F(JournalTest, UndoesBlocksRigsStripsAndMixes) {
  std::vector<Session> states{session};
  const auto doEdit = [&](std::string_view what, auto&& change) {
    edit(what, kStart, change);
    states.push_back(session);
  };
  doEdit("add echo", [](Session& s) {
    s.strips[1].rig.blocks.push_back(rig::makeBlockState(*testing::blocks()[2], "echo"));
  });
  doEdit("remove gate", [](Session& s) { s.strips[0].rig.blocks.erase(s.strips[0].rig.blocks.begin()); });
  doEdit("replace the rig", [](Session& s) { s.strips[0].rig = testing::randomSession(3).strips.at(0).rig; });
  doEdit("swap strips", [](Session& s) { std::swap(s.strips[0], s.strips[1]); });
  doEdit("remove the guitar", [](Session& s) {
    std::erase_if(s.strips, [](const StripState& strip) { return strip.id == "gtr"; });
    for (OutputState& output : s.outputs)
      std::erase_if(output.mix, [](const SendState& send) { return send.source == "gtr"; });
  });
  doEdit("rename", [](Session& s) { s.outputs[0].name = "Singer"; });
  doEdit("other channels", [](Session& s) { s.outputs[0].channels = {5}; });
  for (std::size_t i = states.size() - 1; i > 0; --i) {
    (void)undo();
    EXPECT_EQ(session, states[i - 1]) << i;
  }
  for (std::size_t i = 1; i < states.size(); ++i) {
    (void)redo();
    EXPECT_EQ(session, states[i]) << i;
  }
}

TEST_F(JournalTest, TellsWhatUndoTouchedAsAddressesThatCanBeHeard) {
  const auto pathsOfUndo = [&] {
    auto undone = journal.undo(session);
    return undone ? undone->paths : std::vector<std::string>{undone.error().message};
  };
  set("strips/gtr/rig/gate/on", 0.0f, kStart);
  EXPECT_THAT(pathsOfUndo(), ElementsAre("strips/gtr/rig/gate/on"));
  set("outputs/phones2/mix/gtr.wet/levelDb", -3.0f, kStart);
  EXPECT_THAT(pathsOfUndo(),
              ElementsAre("outputs/phones2/mix/gtr.wet/levelDb", "outputs/phones2/mix/gtr.wet/pan",
                          "outputs/phones2/mix/gtr.wet/mute", "outputs/phones2/mix/gtr.wet/postFader"));
  EXPECT_TRUE(resolve(session, "outputs/phones2/mix/gtr.wet/levelDb").ok());
  edit("remove gate", kStart,
       [](Session& s) { s.strips[0].rig.blocks.erase(s.strips[0].rig.blocks.begin()); });
  EXPECT_THAT(pathsOfUndo(), ElementsAre("strips/gtr/rig/gate", "strips/gtr/rig"));
}

TEST_F(JournalTest, BeginsAnewWhereTheSessionWasChangedByOtherMeans) {
  set("strips/gtr/rig/gate/on", 0.0f, kStart);
  session.strips[0].rig.blocks.clear();
  const Session before = session;
  EXPECT_THAT(undo(), HasSubstr("cannot be undone, and the history begins anew"));
  EXPECT_EQ(session, before);
  EXPECT_EQ(undo(), "there is nothing to undo");
}

TEST_F(JournalTest, KeepsTheLastThousandGestures) {
  for (int i = 0; i < 1500; ++i)
    set(i % 2 ? "strips/gtr/trimDb" : "strips/vox/trimDb", 0.01f * static_cast<float>(i + 1),
        kStart + i * 2s);
  int undone = 0;
  while (journal.nextUndo()) {
    (void)undo();
    ++undone;
  }
  EXPECT_EQ(undone, 1000);
  EXPECT_FLOAT_EQ(at("strips/gtr/trimDb"), 5.0f);
  EXPECT_FLOAT_EQ(at("strips/vox/trimDb"), 4.99f);
}

TEST_F(JournalTest, HoldsAtRandomWorkWhateverIsUndoneAndRedone) {
  std::mt19937 random(5);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  std::vector<Session> states{session};
  std::size_t position = 0;
  for (int i = 0; i < 600; ++i) {
    const auto choice = below(10);
    if (choice < 2 && position > 0) {
      (void)undo();
      --position;
    } else if (choice < 3 && position + 1 < states.size()) {
      (void)redo();
      ++position;
    } else {
      const auto paths = listPaths(session);
      const auto ref = resolve(session, paths[below(paths.size())]);
      if (ref->parameter->type == ParameterType::file) continue;
      const float value = below(2) ? ref->parameter->minimum : ref->parameter->maximum;
      const Session before = session;
      console::set(session, *ref, value);
      if (session == before) continue;
      // A drag that ends where it began would be no gesture.
      journal.recordEdit("edit", before, session, kStart);
      states.resize(position + 1);
      states.push_back(session);
      ++position;
    }
    ASSERT_EQ(session, states[position]) << i;
  }
}

}  // namespace
}  // namespace gainstage::console
