#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

#include "app/program.h"

namespace gainstage::testing {
namespace {

struct Question {
  std::string_view title;
  Words words;  ///< after "gainstage advise"
};

/// The thirty of docs/advise.md: the four verdicts, every single question, comparisons, filters.
const std::vector<Question>& questions() {
  static const std::vector<Question> all{
      {"A singer and guitarist who owns nothing",
       {"--record", "guitar,voice", "--listen", "HD 25", "--budget", "200"}},
      {"Planar headphones on a small interface",
       {"--listen", "HE6", "--own", "M-Track Duo", "--budget", "150"}},
      {"A voice, and headphones that are hard to drive",
       {"--record", "voice", "--listen", "HE6", "--budget", "300"}},
      {"Somebody who has all it takes", {"--record", "guitar", "--listen", "HD 25", "--own", "M-Track Duo"}},
      {"An owner of whose interface little is stated",
       {"--record", "guitar,voice", "--listen", "HD 600", "--own", "Scarlett Solo", "--budget", "200"}},
      {"A condenser microphone on the road",
       {"--record", "voice", "--own", "AT2035", "--listen", "ATH-M50x", "--place", "travel"}},
      {"A band with a drummer",
       {"--record", "drums,bass,guitar,voice:2", "--listen", "DT 770 Pro 80", "--place", "rehearsal"}},
      {"Do I need an interface to start making music, without recording", {"ask", "need-interface"}},
      {"And to record a voice", {"ask", "need-interface", "--record", "voice", "--budget", "100"}},
      {"Can an interface be used as an amplifier",
       {"ask", "interface-as-amp", "DT 770 Pro 80", "--from", "M-Track Duo"}},
      {"Do I need a headphone amplifier if I have an interface",
       {"ask", "need-amp", "DT 990 Pro 250", "--from", "iD14"}},
      {"The same with headphones that are harder to drive",
       {"ask", "need-amp", "Susvara", "--from", "Scarlett 4i4", "--budget", "250"}},
      {"Can this output drive these headphones", {"drive", "HD 600", "--from", "Scarlett 4i4"}},
      {"The same, with formulas and sources",
       {"drive", "DT 990 Pro 250", "--from", "Scarlett 4i4", "--explain"}},
      {"With what change of sound", {"drive", "HD 660S", "--from", "UR22C"}},
      {"On a computer's own socket", {"drive", "HD 650", "--from", "computer"}},
      {"May a loudspeaker hang on it", {"ask", "loudspeaker", "--from", "iD14"}},
      {"May one hang on a strong headphone amplifier",
       {"ask", "loudspeaker", "--from", "Magni 2 Uber", "--speaker-ohm", "4"}},
      {"Are earbuds fine, and is the hiss audible",
       {"ask", "earbuds-hiss", "EarPods", "--from", "M-Track Duo"}},
      {"Are sensitive earphones", {"ask", "earbuds-hiss", "SE846", "--from", "KA15"}},
      {"Are these studio headphones better than those", {"ask", "better", "HD 800 S", "ATH-M50"}},
      {"And where nobody measured", {"ask", "better", "HD 800 S", "EarPods"}},
      {"Does the converter limit me", {"ask", "converter", "AT2020", "--from", "Scarlett 4i4"}},
      {"A dynamic microphone in a quiet room, and 16 bits",
       {"ask", "converter", "SM7B", "--from", "M-Track Duo", "--source-spl", "80", "--room-noise", "20"}},
      {"How much does the interface change what an amplifier simulation gives",
       {"ask", "impedance-sim", "--from", "Babyface Pro FS"}},
      {"Can I play an electric guitar without an amplifier",
       {"ask", "guitar-without-amp", "--listen", "HD 25", "--budget", "60"}},
      {"What does wireless cost in latency", {"ask", "wireless", "--metres", "8"}},
      {"Interface or headphone amplifier, by five things",
       {"compare", "--record", "guitar", "--listen", "HD 600", "--own", "iD14"}},
      {"Guitar amplifier, or interface with a simulation",
       {"compare", "guitar-amplifier", "--listen", "HD 25", "--own", "M-Track Duo", "--place", "flat",
        "--amplifier-price", "250"}},
      {"Interfaces by what they have",
       {"find", "interface", "--phantom", "--inputs", "2", "--midi", "--direct-monitoring", "--power", "bus",
        "--budget", "200"}},
  };
  return all;
}

/// As one would type it.
std::string typed(const Words& words) {
  std::string line = "gainstage advise";
  for (const std::string& word : words)
    line += word.find(' ') == std::string::npos ? ' ' + word : fmt::format(" \"{}\"", word);
  return line;
}

std::string answers() {
  const Workplace place;
  std::string text;
  int number = 0;
  for (const Question& question : questions()) {
    Words words = question.words;
    words.insert(words.begin(), "advise");
    const Outcome outcome = place.run(words);
    EXPECT_EQ(outcome.exitCode, 0) << typed(question.words) << '\n' << outcome.err;
    text += fmt::format("### {}. {}\n\n```\n$ {}\n{}```\n\n", ++number, question.title, typed(question.words),
                        outcome.out);
  }
  return text;
}

TEST(AdviseManual, HoldsThirtyQuestionsAsTheCommandAnswersThem) {
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  if (!source) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  ASSERT_EQ(questions().size(), 30u);
  const std::string path = std::string(source) + "/docs/advise.md";
  std::ifstream file(path);
  std::string manual{std::istreambuf_iterator<char>(file), {}};
  const std::string begin = "<!-- answers: begin -->\n\n", end = "<!-- answers: end -->";
  const auto from = manual.find(begin), to = manual.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string written = manual.substr(from + begin.size(), to - from - begin.size()), made = answers();
  if (std::getenv("GAINSTAGE_WRITE_MANUAL"))
    std::ofstream(path) << manual.replace(from + begin.size(), written.size(), made);
  else
    EXPECT_TRUE(written == made)
        << "docs/advise.md is out of date: run this test once with GAINSTAGE_WRITE_MANUAL=1, and "
           "look at what it changed";
}

TEST(AdviseManual, CoversEverySingleQuestion) {
  for (const std::string_view topic :
       {"need-interface", "interface-as-amp", "need-amp", "loudspeaker", "earbuds-hiss", "better",
        "converter", "impedance-sim", "guitar-without-amp", "wireless"})
    EXPECT_TRUE(std::ranges::any_of(questions(), [topic](const Question& each) {
      return each.words.size() > 1 && each.words[0] == "ask" && each.words[1] == topic;
    })) << topic;
}

}  // namespace
}  // namespace gainstage::testing
