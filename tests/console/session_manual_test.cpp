#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <set>

#include "console/session_json.h"
#include "console/value_text.h"

namespace gainstage::console {
namespace {

struct Section {
  std::string title;
  std::span<const Parameter> parameters;
};

/// Everything that declares parameters, in the manual's order.
std::vector<Section> sections() {
  std::vector<Section> sections{
      {"A strip", stripParameters()},         {"A send", sendParameters()},
      {"An output", outputParameters()},      {"The gear of an output", gearFigures()},
      {"`tempo`", tempoParameters()},         {"`reverb`", reverbParameters()},
      {"`metronome`", metronomeParameters()}, {"`talkback`", talkbackParameters()}};
  for (const auto* block : rig::blockDeclarations())
    sections.push_back({fmt::format("Block `{}`: {}", block->type, block->name), block->parameters});
  return sections;
}

std::string values(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::toggle:
      return "true, false";
    case ParameterType::choice:
      return fmt::format("{}", fmt::join(parameter.choices, ", "));
    case ParameterType::file:
      return "a path, relative to this file's folder";
    default:
      break;
  }
  auto range = fmt::format("{:g} to {:g}", parameter.minimum, parameter.maximum);
  if (!parameter.unit.empty()) range += fmt::format(" {}", parameter.unit);
  if (parameter.offAtMinimum) range += fmt::format("; {:g} is off", parameter.minimum);
  return range;
}

std::string tables() {
  std::string text;
  for (const Section& section : sections()) {
    text +=
        fmt::format("### {}\n\n| key | what it is | values | default |\n|---|---|---|---|\n", section.title);
    for (const Parameter& parameter : section.parameters) {
      const bool isGear = section.parameters.data() == gearFigures().data();
      const bool isFile = parameter.type == ParameterType::file;
      const bool isOff = parameter.offAtMinimum && parameter.defaultValue <= parameter.minimum;
      text += fmt::format("| `{}` | {} | {} | {} |\n", parameter.id, parameter.name, values(parameter),
                          isFile   ? "none"
                          : isGear ? "null: unknown"
                          : isOff  ? fmt::format("{:g}", parameter.minimum)
                                   : valueText(parameter, parameter.defaultValue));
    }
    text += '\n';
  }
  return text;
}

std::string manualPath() {
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  return source ? std::string(source) + "/docs/session.md" : std::string();
}

std::string manualText() {
  std::ifstream file(manualPath());
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(SessionManual, ListsEveryParameterAsItIsDeclared) {
  if (manualPath().empty()) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  std::string manual = manualText();
  const std::string begin = "<!-- tables: begin -->\n\n", end = "<!-- tables: end -->";
  const auto from = manual.find(begin), to = manual.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string written = manual.substr(from + begin.size(), to - from - begin.size());
  if (std::getenv("GAINSTAGE_WRITE_MANUAL"))
    std::ofstream(manualPath()) << manual.replace(from + begin.size(), written.size(), tables());
  else
    EXPECT_TRUE(written == tables()) << "docs/session.md is out of date: run this test once with "
                                        "GAINSTAGE_WRITE_MANUAL=1, and look at what it changed";
}

/// As the web makes an anchor of a heading: what is no letter, digit or blank left out, blanks as hyphens.
std::string anchorOf(std::string_view heading) {
  std::string anchor;
  for (const char c : heading)
    if (c == ' ')
      anchor += '-';
    else if (c == '-' || std::isalnum(static_cast<unsigned char>(c)))
      anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return anchor;
}

TEST(SessionManual, IsLedToFromEveryBlockInTheRigsManual) {
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  if (!source) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  const std::string path = std::string(source) + "/docs/rigs.md";
  std::ifstream file(path);
  std::string manual{std::istreambuf_iterator<char>(file), {}};
  std::string made = "| block | what it is | modelled from a circuit |\n|---|---|---|\n";
  for (const auto* block : rig::blockDeclarations()) {
    const std::string type(block->type);
    const bool isPedal =
        std::set<std::string>{"boost", "overdrive", "distortion", "fuzz", "octave", "wah", "autoWah"}
            .contains(type);
    const bool isAmplifier = std::set<std::string>{"americanClean", "tweed",          "britishCrunch",
                                                   "topBoost",      "modernHighGain", "bassAmplifier"}
                                 .contains(type);
    made += fmt::format("| [`{}`](session.md#{}) | {} | {} |\n", type,
                        anchorOf(fmt::format("Block `{}`: {}", type, block->name)), block->name,
                        isPedal       ? "[pedals.md](pedals.md)"
                        : isAmplifier ? "[amplifiers.md](amplifiers.md)"
                                      : "");
  }
  const std::string begin = "<!-- blocks: begin -->\n", end = "<!-- blocks: end -->";
  const auto from = manual.find(begin), to = manual.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string written = manual.substr(from + begin.size(), to - from - begin.size());
  if (std::getenv("GAINSTAGE_WRITE_MANUAL"))
    std::ofstream(path) << manual.replace(from + begin.size(), written.size(), made);
  else
    EXPECT_EQ(written, made)
        << "docs/rigs.md is out of date: run this test once with GAINSTAGE_WRITE_MANUAL=1";
}

TEST(SessionManual, ShowsASessionAndARigThatCanBeRead) {
  if (manualPath().empty()) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  const std::string manual = manualText(), fence = "```json\n";
  std::vector<std::string> examples;
  for (auto at = manual.find(fence); at != std::string::npos; at = manual.find(fence, at)) {
    at += fence.size();
    examples.push_back(manual.substr(at, manual.find("```", at) - at));
  }
  ASSERT_EQ(examples.size(), 2u);
  const auto session = parseSession(examples[0], "the manual's session");
  ASSERT_TRUE(session.ok()) << session.error().message;
  EXPECT_EQ(session->outputs.at(0).mix.size(), 4u);
  const auto rig = rig::parseRig(examples[1], "the manual's rig");
  ASSERT_TRUE(rig.ok()) << rig.error().message;
  EXPECT_EQ(rig->rig.blocks.size(), 1u);
}

TEST(SessionManual, HasAUnitInEveryKeyWhoseParameterHasOne) {
  const std::vector<std::pair<std::string_view, std::string_view>> endings{
      {"dB", "Db"},           {"dBFS", "Dbfs"},     {"Hz", "Hz"},
      {"ms", "Ms"},           {"s", "S"},           {"bpm", "PerMinute"},
      {"cents", "Cents"},     {"cm", "Cm"},         {"degrees", "Degrees"},
      {"octaves", "Octaves"}, {"dB SPL", "DbSpl"},  {"dBA", "Dba"},
      {"dB/V", "DbPerV"},     {"dB/mW", "DbPerMw"}, {"ohm", "Ohm"},
      {"dBu", "Dbu"}};
  for (const Section& section : sections())
    for (const Parameter& parameter : section.parameters) {
      if (parameter.unit.empty()) continue;
      const auto ending = std::ranges::find(endings, parameter.unit, &decltype(endings)::value_type::first);
      ASSERT_NE(ending, endings.end()) << parameter.unit;
      EXPECT_TRUE(parameter.id.ends_with(ending->second)) << section.title << ": " << parameter.id;
    }
}

TEST(SessionManual, HasNoKeyForTwoThings) {
  for (const Section& section : sections()) {
    // What blocks, strips and outputs hold beside their parameters.
    std::set<std::string> keys{"id", "name"};
    if (section.title.starts_with("Block")) keys.insert({"type", "on", "chain"});
    if (section.title == "A strip") keys.insert({"kind", "inputs", "fullScaleDbu", "rig"});
    if (section.title == "An output") {
      keys.insert({"kind", "liveInputs", "channels", "mix", "listener", "headphone", "correctionFile",
                   "correctionFileHash"});
      for (const Parameter& figure : gearFigures()) keys.emplace(figure.id);
    }
    if (section.title == "A send") keys.insert({"source", "tap"});
    for (const Parameter& parameter : section.parameters) {
      EXPECT_TRUE(keys.emplace(parameter.id).second) << section.title << ": " << parameter.id;
      if (parameter.type == ParameterType::file) {
        EXPECT_TRUE(keys.insert(std::string(parameter.id) + "Hash").second);
      }
    }
  }
}

TEST(SessionManual, HasADefaultWithinEveryRange) {
  for (const Section& section : sections())
    for (const Parameter& parameter : section.parameters)
      EXPECT_EQ(parameter.clamp(parameter.defaultValue), parameter.defaultValue)
          << section.title << ": " << parameter.id;
}

}  // namespace
}  // namespace gainstage::console
