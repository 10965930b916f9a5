#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/session_json.h"
#include "formats/json.h"
#include "session_documents.h"

namespace gainstage::console {
namespace {

using formats::Json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string complaint(const Result<Session>& session) {
  if (session.ok()) return "no complaint";
  EXPECT_EQ(session.error().kind, ErrorKind::file);
  return session.error().message;
}

/// What reading complains of once the value at `pointer` of the hand-written session is `value`.
std::string complaintAbout(const std::string& pointer, const std::string& value) {
  Json document = Json::parse(testing::handWrittenSession());
  document[Json::json_pointer(pointer)] = Json::parse(value);
  return complaint(readSession(document, "song.json", testing::blocks()));
}

struct Fault {
  const char* pointer;
  const char* value;
  const char* complaint;
};

void expectComplaints(std::initializer_list<Fault> faults) {
  for (const Fault& fault : faults)
    EXPECT_EQ(complaintAbout(fault.pointer, fault.value), std::string("song.json: ") + fault.complaint);
}

TEST(SessionErrors, NameTheNearestKeyForOneThatIsMisspelt) {
  expectComplaints({
      {"/strips/0/trimdB", "1", "strips[0].trimdB is an unknown key; did you mean trimDb (dB)?"},
      {"/strips/1/mte", "true", "strips[1].mte is an unknown key; did you mean mute?"},
      {"/metronom", "{}", "metronom is an unknown key; did you mean metronome?"},
      {"/tempo/beatsPerBr", "3", "tempo.beatsPerBr is an unknown key; did you mean beatsPerBar?"},
      {"/outputs/0/mix/2/levl", "0", "outputs[0].mix[2].levl is an unknown key; did you mean levelDb (dB)?"},
      {"/strips/0/rig/blocks/0/zzzzzzzz", "0",
       "strips[0].rig.blocks[0].zzzzzzzz is an unknown key; known here are id, type, name, on, chain, "
       "thresholdDb, releaseMs"},
      {"/returns/0/inputs", "[1]", "returns[0].inputs is an unknown key; known here are id, name"},
  });
}

TEST(SessionErrors, NameTheRightUnitForAnUnknownOne) {
  expectComplaints({
      {"/strips/0/rig/blocks/0/thresholdDbu", "-20",
       "strips[0].rig.blocks[0].thresholdDbu is an unknown key; did you mean thresholdDb (dB)?"},
      {"/strips/0/rig/blocks/2/cutoffKhz", "3",
       "strips[0].rig.blocks[2].cutoffKhz is an unknown key; did you mean cutoffHz (Hz)?"},
      {"/strips/0/rig/blocks/0/releaseSeconds", "1",
       "strips[0].rig.blocks[0].releaseSeconds is an unknown key; did you mean releaseMs (ms)?"},
      {"/strips/0/rig/blocks/0/threshold", "-20",
       "strips[0].rig.blocks[0].threshold is an unknown key; did you mean thresholdDb (dB)?"},
      {"/reverb/decayMs", "900", "reverb.decayMs is an unknown key; did you mean decayS (s)?"},
  });
}

TEST(SessionErrors, TellWhatWasExpectedAndWhatWasFound) {
  expectComplaints({
      {"/strips/0/highpassHz", "1e9",
       "strips[0].highpassHz should be a number from 20 to 400 (Hz), but is 1e+09"},
      {"/strips/0/trimDb", "1e300", "strips[0].trimDb should be a number from -60 to 40 (dB), but is 1e+300"},
      {"/strips/0/trimDb", "\"NaN\"",
       "strips[0].trimDb should be a number from -60 to 40 (dB), but is \"NaN\""},
      {"/strips/0/trimDb", "null", "strips[0].trimDb should be a number from -60 to 40 (dB), but is null"},
      {"/strips/0/mute", "1", "strips[0].mute should be true or false, but is 1"},
      {"/strips/0/highpassSlope", "\"24db\"",
       "strips[0].highpassSlope should be one of 6dB, 12dB, 18dB, 24dB, but is \"24db\"; did you mean "
       "\"24dB\"?"},
      {"/strips/0/highpassSlope", "24",
       "strips[0].highpassSlope should be one of 6dB, 12dB, 18dB, 24dB, but is 24"},
      {"/strips/0/kind", "\"instument\"",
       "strips[0].kind should be one of mic, instrument, line, but is \"instument\"; did you mean "
       "\"instrument\"?"},
      {"/tempo/beatsPerBar", "3.5", "tempo.beatsPerBar should be a whole number from 1 to 32, but is 3.5"},
      {"/strips/0/rig/blocks/2/taps", "2.5",
       "strips[0].rig.blocks[2].taps should be a whole number from 1 to 16, but is 2.5"},
      {"/strips/0/rig/blocks/1/irFile", "7",
       "strips[0].rig.blocks[1].irFile should be text of 0 to 4096 bytes without control characters, but is "
       "7"},
      {"/strips/0/rig/blocks/1/irFileHash", "\"beef\"",
       "strips[0].rig.blocks[1].irFileHash should be a SHA-256 of 64 digits from 0-9 and a-f, or empty"},
      {"/strips/0/rig/blocks/0/type", "\"gaet\"",
       "strips[0].rig.blocks[0].type should be one of gate, cab, echo, but is \"gaet\"; did you mean "
       "\"gate\"?"},
      {"/strips/0/name", "\"a\\nb\"",
       "strips[0].name should be text of 1 to 100 bytes without control characters, but is \"a\\nb\""},
      {"/strips/0/fullScaleDbu", "\"12\"",
       "strips[0].fullScaleDbu should be null or a number from -60 to 60, but is \"12\""},
      {"/strips/0/rig", "[]", "strips[0].rig should be an object, but is a list"},
      {"/strips", "{}", "strips should be a list, but is an object (and 3 more faults)"},
      {"/outputs/0/liveInputs", "\"yes\"", "outputs[0].liveInputs should be true or false, but is \"yes\""},
  });
}

TEST(SessionErrors, RefuseChannelsThatNoDeviceHas) {
  expectComplaints({
      {"/strips/0/inputs", "[0]", "strips[0].inputs[0] should be a whole number from 1 to 64, but is 0"},
      {"/strips/0/inputs", "[65]", "strips[0].inputs[0] should be a whole number from 1 to 64, but is 65"},
      {"/strips/0/inputs", "[18446744073709551615]",
       "strips[0].inputs[0] should be a whole number from 1 to 64, but is 18446744073709551615"},
      {"/strips/0/inputs", "[]", "strips[0].inputs should hold 1 to 2 entries, but holds 0"},
      {"/strips/0/inputs", "[1, 2, 3]", "strips[0].inputs should hold 1 to 2 entries, but holds 3"},
      {"/strips/0/inputs", "[2, 2]", "strips[0].inputs names 2 twice"},
      {"/outputs/1/channels", "[2, 3]", "outputs[1].channels names 2, which outputs[0] has already"},
      {"/talkback/input", "1.5", "talkback.input should be a whole number from 1 to 64, but is 1.5"},
  });
}

TEST(SessionErrors, RefuseIdsAndNamesThatStandForTwoThings) {
  expectComplaints({
      {"/strips/1/id", "\"gtr\"", "strips[1].id is \"gtr\", as strips[0].id is already (and 2 more faults)"},
      {"/returns/0/id", "\"gtr\"", "returns[0].id is \"gtr\", as strips[0].id is already (and 1 more fault)"},
      {"/strips/1/name", "\"Guitar\"", "strips[1].name is \"Guitar\", as strips[0].name is already"},
      {"/outputs/1/name", "\"Headphones 1\"",
       "outputs[1].name is \"Headphones 1\", as outputs[0].name is already"},
      {"/outputs/1/id", "\"phones1\"", "outputs[1].id is \"phones1\", as outputs[0].id is already"},
      {"/strips/0/rig/blocks/1/id", "\"gate\"",
       "strips[0].rig.blocks[1].id is \"gate\", as strips[0].rig.blocks[0].id is already"},
      {"/strips/0/id", "\"Gtr 1\"",
       "strips[0].id should be 1 to 40 of a-z, 0-9 and '-', but is \"Gtr 1\" (and 1 more fault)"},
      {"/returns/0/id", "\"reverb\"",
       "returns[0].id is \"reverb\", which mixes use for that bus: choose another (and 1 more fault)"},
      {"/outputs/0/mix/1", R"({"source": "gtr", "levelDb": -20})",
       "outputs[0].mix[1] is \"gtr.wet\", as outputs[0].mix[0] is already"},
  });
}

TEST(SessionErrors, RefuseSourcesThatDoNotExist) {
  expectComplaints({
      {"/outputs/0/mix/0/source", "\"gtrr\"",
       "outputs[0].mix[0].source should be a strip's or return's id, reverb, metronome or talkback, but is "
       "\"gtrr\"; "
       "did you mean \"gtr\"?"},
      {"/outputs/0/mix/0/source", "3",
       "outputs[0].mix[0].source should be a strip's or return's id, reverb, metronome or talkback, but is "
       "3"},
      {"/outputs/0/mix/0/source", "\"phones2\"",
       "outputs[0].mix[0].source is \"phones2\", an output, which cannot be heard here"},
      {"/outputs/0/mix/2/tap", "\"wet\"", "outputs[0].mix[2].tap belongs to sends from strips only"},
  });
}

TEST(SessionErrors, CallACycleACycle) {
  expectComplaints({
      {"/outputs/0/mix/0/source", "\"phones1\"",
       "outputs[0].mix[0].source makes a cycle: phones1 hears phones1"},
      {"/strips/0/inputs", "[\"phones1\"]",
       "strips[0].inputs[0] makes a cycle: gtr hears phones1 hears gtr; it takes device inputs, counted from "
       "1"},
      {"/strips/0/inputs", "[\"gtr\"]",
       "strips[0].inputs[0] makes a cycle: gtr hears gtr; it takes device inputs, counted from 1"},
      {"/strips/0/inputs", "[\"phones2\"]",
       "strips[0].inputs[0] is \"phones2\", an output, which cannot be heard here; it takes device inputs, "
       "counted "
       "from 1"},
      {"/returns/0/source", "\"phones1\"",
       "returns[0].source makes a cycle: daw hears phones1 hears daw; a return is fed by another program "
       "(and 1 more "
       "fault)"},
  });
  Json document = Json::parse(testing::handWrittenSession());
  document["outputs"][0]["mix"][0]["source"] = "phones2";
  document["outputs"][1]["mix"][0] = {{"source", "phones1"}};
  EXPECT_THAT(complaint(readSession(document, "s", testing::blocks())),
              StartsWith("s: outputs[0].mix[0].source makes a cycle: phones1 hears phones2 hears phones1"));
}

TEST(SessionErrors, RefuseMoreThanAConsoleHolds) {
  const auto repeated = [](const Json& element, int count) {
    Json list = Json::array();
    for (int i = 0; i < count; ++i) {
      list.push_back(element);
      list.back()["id"] = fmt::format("x{}", i);
    }
    return list.dump();
  };
  const Json strip{{"inputs", {1}}}, output{{"channels", {1}}}, empty = Json::object();
  const Json block{{"type", "gate"}};
  EXPECT_THAT(complaintAbout("/strips", repeated(strip, 65)),
              StartsWith("song.json: strips should hold 0 to 64 entries, but holds 65"));
  EXPECT_THAT(complaintAbout("/returns", repeated(empty, 9)),
              StartsWith("song.json: returns should hold 0 to 8 entries, but holds 9"));
  EXPECT_THAT(complaintAbout("/outputs", repeated(output, 17)),
              StartsWith("song.json: outputs should hold 0 to 16 entries, but holds 17"));
  EXPECT_EQ(complaintAbout("/strips/0/rig/blocks", repeated(block, 33)),
            "song.json: strips[0].rig.blocks should hold 0 to 32 entries, but holds 33");
}

TEST(SessionErrors, TellWhatKindOfFileItIs) {
  expectComplaints({
      {"/gainstage", "\"rig\"",
       "gainstage should be \"session\", but is \"rig\": this is another kind of file"},
      {"/version", "2", "version is 2, and this Gainstage knows versions up to 1: use a newer one"},
      {"/version", "\"1\"", "version should be a whole number from 1 to 1000000, but is \"1\""},
  });
  EXPECT_EQ(complaint(parseSession("{}", "s", testing::blocks())),
            "s: gainstage is missing (and 1 more fault)");
  EXPECT_EQ(complaint(parseSession("[1]", "s", testing::blocks())), "s: should be an object, but is a list");
}

TEST(SessionErrors, LeadToWhatIsNotJson) {
  const auto complaintOf = [](std::string_view text) {
    return complaint(parseSession(text, "s", testing::blocks()));
  };
  EXPECT_THAT(complaintOf(""), StartsWith("s, line 1"));
  EXPECT_THAT(complaintOf("{\"gainstage\": \"session\",\n \"version\": NaN}"), StartsWith("s, line 2"));
  EXPECT_THAT(complaintOf("{\"gainstage\": \"session\",\n \"version\": 1e999}"), StartsWith("s, line 2"));
  EXPECT_THAT(complaintOf(std::string(testing::handWrittenSession()).substr(0, 300)),
              HasSubstr("line 7, column 55"));
  EXPECT_THAT(complaintOf(std::string(100'000, '[')), StartsWith("s, line 1"));
}

TEST(SessionErrors, AreCountedAndTheFirstIsTold) {
  Json document = Json::parse(testing::handWrittenSession());
  for (int i = 0; i < 1000; ++i) document["metronome"][fmt::format("wrong{}", i)] = i;
  EXPECT_EQ(complaint(readSession(document, "s", testing::blocks())),
            "s: metronome.wrong0 is an unknown key; known here are on, accentDb (and 999 more faults)");
}

}  // namespace
}  // namespace gainstage::console
