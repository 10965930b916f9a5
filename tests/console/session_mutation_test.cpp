#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "console/session_json.h"
#include "formats/json.h"
#include "session_documents.h"

namespace gainstage::console {
namespace {

using formats::Json;

/// Whatever was read is either told off in one short line or as good as any session.
void expectSentenceOrSession(const Result<Session>& session) {
  if (session.ok()) {
    const auto again = parseSession(sessionText(*session), "again", testing::blocks());
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(*again, *session);
    return;
  }
  EXPECT_EQ(session.error().kind, ErrorKind::file);
  EXPECT_GT(session.error().message.size(), 10u);
  EXPECT_LT(session.error().message.size(), 1000u) << session.error().message;
  EXPECT_EQ(session.error().message.find('\n'), std::string::npos) << session.error().message;
}

std::size_t below(std::mt19937& random, std::size_t count) {
  return std::uniform_int_distribution<std::size_t>(0, count - 1)(random);
}

/// Every value within the document, itself included.
void collect(Json& value, std::vector<Json*>& all) {
  all.push_back(&value);
  if (value.is_structured())
    for (Json& inner : value) collect(inner, all);
}

TEST(SessionMutation, TruncatedAnywhereItIsRefused) {
  const std::string text = testing::handWrittenSession();
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto session = parseSession(std::string_view(text).substr(0, length), "cut", testing::blocks());
    EXPECT_FALSE(session.ok()) << length;
    expectSentenceOrSession(session);
  }
}

TEST(SessionMutation, FlippedBytesNeverCrash) {
  std::mt19937 random(1);
  for (int run = 0; run < 1000; ++run) {
    std::string text = run % 2
                           ? testing::handWrittenSession()
                           : sessionText(testing::randomSession(static_cast<unsigned>(below(random, 50))));
    for (std::size_t flips = 1 + below(random, 4); flips > 0; --flips)
      text[below(random, text.size())] = static_cast<char>(random());
    expectSentenceOrSession(parseSession(text, "flipped", testing::blocks()));
  }
}

TEST(SessionMutation, ExchangedValuesAndMissingKeysNeverCrash) {
  const std::vector<Json> strange{nullptr,
                                  true,
                                  -1,
                                  0,
                                  1,
                                  1e9,
                                  0.5,
                                  1e308,
                                  std::uint64_t{1} << 63,
                                  "",
                                  "gtr",
                                  "phones1",
                                  "reverb",
                                  "off",
                                  std::string(5000, 'x'),
                                  Json::array(),
                                  Json::object(),
                                  Json::array({1}),
                                  Json::array({"gtr"}),
                                  {{"id", "gtr"}}};
  std::mt19937 random(2);
  int refused = 0, taken = 0;
  for (int run = 0; run < 2000; ++run) {
    Json document = Json::parse(testing::handWrittenSession());
    for (std::size_t changes = 1 + below(random, 3); changes > 0; --changes) {
      std::vector<Json*> all;
      collect(document, all);
      Json& chosen = *all[below(random, all.size())];
      if (random() % 2 && chosen.is_structured() && !chosen.empty())
        chosen.erase(std::next(chosen.begin(), static_cast<std::ptrdiff_t>(below(random, chosen.size()))));
      else
        chosen = strange[below(random, strange.size())];
    }
    const auto session = readSession(document, "mutated", testing::blocks());
    ++(session.ok() ? taken : refused);
    expectSentenceOrSession(session);
  }
  EXPECT_GT(refused, 250);
  EXPECT_GT(taken, 50);
}

}  // namespace
}  // namespace gainstage::console
