#include "formats/json.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <random>
#include <sys/resource.h>

#include "support/files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace gainstage::formats {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string problemOf(std::string_view text, const JsonLimits& limits = {}) {
  const auto parsed = parseJson(text, "s.json", limits);
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().kind, ErrorKind::file);
  EXPECT_THAT(parsed.error().message, Not(HasSubstr("\n")));
  return parsed.error().message;
}

long peakMemoryKiB() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(Json, GivesWhatTheTextSays) {
  const auto document =
      parseJson(R"( {"a": [1, -2, 2.5e3, true, null, "ü\u00fc\n"], "b": {"c": {}}} )", "s.json");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(*document, Json::parse(R"({"a": [1, -2, 2500.0, true, null, "üü\n"], "b": {"c": {}}})"));
  EXPECT_TRUE((*document)["a"][0].is_number_unsigned());
  EXPECT_TRUE((*document)["a"][2].is_number_float());
}

TEST(Json, NamesTheLineAndColumnOfWhatIsWrong) {
  EXPECT_THAT(problemOf("{\n  \"a\": 1,\n  \"b\": tru\n}"),
              HasSubstr("s.json, line 3, column 11: this is not JSON"));
  EXPECT_THAT(problemOf("{\"a\": [1, 2}"), HasSubstr("s.json, line 1, column 12: this is not JSON"));
  EXPECT_THAT(problemOf("{\"gain\": 1,\n \"gain\": 2}"),
              HasSubstr("s.json, line 2, column 7: the key \"gain\" stands here a second time"));
}

TEST(Json, QuotesNoMoreThanAFewBytesAndOnlyText) {
  const std::string endless(100000, 'x');
  const std::string key = '"' + endless + '"';
  for (const std::string& text :
       {'"' + endless, "{" + key + ": 1, " + key + ": 2}", '"' + endless + "\xff\"", "[" + endless}) {
    const std::string sentence = problemOf(text);
    EXPECT_LT(sentence.size(), 300u) << sentence;
    EXPECT_TRUE(std::ranges::all_of(sentence, [](char c) { return c >= 0x20 && c < 0x7f; })) << sentence;
  }
  EXPECT_THAT(problemOf("\"" + endless + "y\xff\""), HasSubstr("ill-formed UTF-8 byte; last read: '...xxx"));
}

TEST(Json, RefusesTruncatedText) {
  const std::string whole = R"({"strips": [{"id": "s1", "gainDb": -6.5}]})";
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THAT(problemOf(whole.substr(0, length)), HasSubstr("s.json, line 1, column")) << length;
  EXPECT_EQ(problemOf(whole), "accepted");
}

TEST(Json, RefusesWhatIsNoJsonOrNoNumber) {
  for (const char* text :
       {"", " ", "NaN", "[Infinity]", "[-Infinity]", "{'a': 1}", "[1,]", "// a\n1", "[01]", "[.5]", "[+1]",
        "\"\xff\xfe\"", "\"\xed\xa0\x80\"", "[1] [2]", "\"a\nb\"", "[\"\\ud800\"]"})
    EXPECT_NE(problemOf(text), "accepted") << text;
  EXPECT_NE(problemOf(std::string_view("[1\0]", 4)), "accepted");
}

TEST(Json, RefusesNumbersThatNoDoubleHolds) {
  EXPECT_THAT(problemOf("[1e999]"), HasSubstr("line 1, column 7: the number is too large"));
  EXPECT_THAT(problemOf("[-1e999]"), HasSubstr("the number is too large"));
  EXPECT_THAT(problemOf('[' + std::string(400, '9') + ']'), HasSubstr("the number is too large"));
  const auto large = parseJson("[1e308, 1e-320, 99999999999999999999]", "s.json");
  ASSERT_TRUE(large);
  for (const Json& number : *large) EXPECT_TRUE(std::isfinite(number.get<double>()));
}

TEST(Json, AllowsTheDepthOfItsLimitAndNoMore) {
  const auto nested = [](int depth) {
    return std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']');
  };
  EXPECT_EQ(problemOf(nested(64)), "accepted");
  EXPECT_THAT(problemOf(nested(65)),
              HasSubstr("line 1, column 65: more than 64 arrays and objects stand within each other"));
  std::string objects;
  for (int i = 0; i < 65; ++i) objects += "{\"a\":";
  EXPECT_THAT(problemOf(objects), HasSubstr("more than 64"));
}

TEST(Json, CountsValuesAndKeys) {
  EXPECT_EQ(problemOf("[1, 2, 3]", {.elements = 4}), "accepted");
  EXPECT_THAT(problemOf("[1, 2, 3]", {.elements = 3}), HasSubstr("there are more than 3 values"));
  EXPECT_THAT(problemOf("{\"a\": 1, \"b\": 2}", {.elements = 4}), HasSubstr("there are more than 4 values"));
  EXPECT_THAT(problemOf("[1, 2]", {.bytes = 5}), HasSubstr("holds 6 bytes and at most 5 are read"));
}

TEST(Json, RefusesAHundredMegabytesOfBracketsWithoutReadingThem) {
  const testing::TemporaryFolder folder;
  {
    std::ofstream out(folder / "deep.json", std::ios::binary);
    const std::string chunk(1 << 20, '[');
    for (int i = 0; i < 100; ++i) out << chunk;
  }
  const long before = peakMemoryKiB();
  const auto document = readJsonFile(folder / "deep.json");
  ASSERT_FALSE(document);
  EXPECT_THAT(document.error().message, AllOf(HasSubstr("deep.json\""), HasSubstr("at most 16777216")));
  // Within the size limit, it is the depth that stops it.
  EXPECT_THAT(problemOf(std::string(16 << 20, '[')), HasSubstr("more than 64"));
  const long grown = peakMemoryKiB() - before;
#ifndef GAINSTAGE_SANITIZED  // a sanitizer keeps as much again and more beside what is kept
  EXPECT_LT(grown, 40 * 1024) << "KiB, of which the text here is 16 MiB";
#else
  EXPECT_LT(grown, 160 * 1024) << "KiB, of which the text here is 16 MiB";
#endif
}

TEST(Json, TellsAMissingFileAFolderAnEmptyFileAndADeviceApart) {
  const testing::TemporaryFolder folder;
  EXPECT_THAT(readJsonFile(folder / "none.json").error().message, HasSubstr("none.json\" does not exist"));
  EXPECT_THAT(readJsonFile(folder.path()).error().message, HasSubstr("is a folder"));
  testing::writeFile(folder / "empty.json", "");
  EXPECT_THAT(readJsonFile(folder / "empty.json").error().message, HasSubstr("is empty"));
  EXPECT_THAT(readJsonFile("/dev/zero").error().message, HasSubstr("is not a regular file"));
  EXPECT_THAT(readJsonFile(folder / "empty.json" / "x").error().message, HasSubstr("not a folder"));
}

TEST(Json, WritesTextThatItReadsBackAndReplacesBrokenUtf8) {
  const Json document = {{"a", {1, 2.5, "x"}}, {"b", nullptr}};
  const auto back = parseJson(toText(document), "s.json");
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, document);
  EXPECT_EQ(toText(Json("a\xff")), "\"a\xEF\xBF\xBD\"\n");
}

std::string listOf(int count, std::string_view text) {
  std::string list = "[";
  for (int i = 0; i < count; ++i) list += (i > 0 ? ", " : "") + std::string(text);
  return list + "]";
}

TEST(NumericJson, SetsLongListsOfNumbersAside) {
  const std::string text = R"({"a": )" + listOf(31, "1.5") + R"(, "b[": [)" + listOf(32, "-0.25e1") +
                           R"(, {"c": )" + listOf(40, "7") + "}], \"d\": " + listOf(33, "null") + "}";
  const auto document = parseNumericJson(text, "s.json");
  ASSERT_TRUE(document) << document.error().message;
  const Json& root = document->root;
  ASSERT_EQ(document->lists.size(), 2u);
  EXPECT_EQ(root["a"].size(), 31u);
  EXPECT_EQ(numbersOf(root["a"], *document), nullptr);
  ASSERT_NE(numbersOf(root["b["][0], *document), nullptr);
  EXPECT_EQ(*numbersOf(root["b["][0], *document), std::vector<float>(32, -2.5f));
  EXPECT_EQ(*numbersOf(root["b["][1]["c"], *document), std::vector<float>(40, 7.0f));
  EXPECT_EQ(root["d"].size(), 33u);
}

TEST(NumericJson, RefusesTheSameWithTheSameWords) {
  const std::string good = listOf(100, "0.5");
  for (const std::string& bad :
       {listOf(40, "01"), listOf(40, "1."), listOf(40, ".5"), listOf(40, "+1"), listOf(40, "inf"),
        listOf(40, "1e999"), "[" + good + ",]", good.substr(0, 300), good + good,
        "[" + good + " " + good + "]", "{\"a\": " + good + ", \"a\": " + good + "}",
        "{\"a\": " + good + ",\n \"b\": tru}", std::string(70, '[') + good + std::string(70, ']'),
        "{" + good + ": 1}"}) {
    const auto numeric = parseNumericJson(bad, "s.json");
    ASSERT_FALSE(numeric) << bad;
    EXPECT_EQ(numeric.error().message, problemOf(bad)) << bad;
  }
  EXPECT_THAT(problemOf("[1, 2]"), "accepted");
}

TEST(NumericJson, KeepsNumbersAsAFloatDoesAndSaysWhichAreTooLarge) {
  const auto document = parseNumericJson(listOf(31, "0.1").insert(1, "1e39, "), "s.json");
  ASSERT_TRUE(document);
  EXPECT_TRUE(std::isinf(document->lists[0][0]));
  EXPECT_EQ(document->lists[0][1], 0.1f);
}

#ifndef GAINSTAGE_SANITIZED  // a sanitizer keeps books of its own
TEST(NumericJson, TakesFourBytesForANumber) {
  const std::string text = listOf(1000000, "0.5");
  const long before = peakMemoryKiB();
  const auto document = parseNumericJson(text, "s.json");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->lists[0].size(), 1000000u);
  EXPECT_LT(peakMemoryKiB() - before, 16 * 1024) << "KiB: 4 MB, and twice that while the list grows";
}
#endif

TEST(Json, SurvivesRandomDamageAndReadsItsOwnTextAlike) {
  const std::string seed =
      R"({"a": [1, -2.5e3, "x\u00e9\n", null, true], "b": {"c": [[[]]], "d": 1e-7}, "": 0, "list": )" +
      listOf(34, "-1.5") + "}";
  std::mt19937 random(17);
  for (int round = 0; round < 20000; ++round) {
    std::string text = seed;
    for (std::uint32_t edits = 1 + random() % 4; edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      const char other = random() % 2 == 0 ? seed[random() % seed.size()] : static_cast<char>(random());
      if (random() % 3 == 0)
        text.insert(at, 1, other);
      else
        text[at] = other;
    }
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                           text.size());  // aborts where it fails
  }
}

TEST(NearestName, FindsWhatWasMeant) {
  const std::vector<std::string> names{"gainDb", "cutoffHz", "releaseMs", "attackMs", "pan"};
  EXPECT_EQ(nearestName("gaindb", names), "gainDb");
  EXPECT_EQ(nearestName("gianDb", names), "gainDb");
  EXPECT_EQ(nearestName("cutofHz", names), "cutoffHz");
  EXPECT_EQ(nearestName("atackMs", names), "attackMs");
  EXPECT_EQ(nearestName("Pna", names), "pan");
  EXPECT_EQ(nearestName("frequency", names), "");
  EXPECT_EQ(nearestName("", names), "");
  EXPECT_EQ(nearestName(std::string(100000, 'x'), names), "");
}

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(editDistance("gain", "gain"), 0);
  EXPECT_EQ(editDistance("gain", "GAIN"), 0);
  EXPECT_EQ(editDistance("gain", "gin"), 1);
  EXPECT_EQ(editDistance("gain", "grain"), 1);
  EXPECT_EQ(editDistance("gain", "pain"), 1);
  EXPECT_EQ(editDistance("gain", "gian"), 1);
  EXPECT_EQ(editDistance("", "gain"), 4);
  EXPECT_EQ(editDistance("kitten", "sitting"), 3);
}

}  // namespace
}  // namespace gainstage::formats
