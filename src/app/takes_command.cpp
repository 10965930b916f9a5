#include "app/takes_command.h"

#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/report.h"
#include "recorder/takes.h"

namespace gainstage::app {
namespace {

using Json = nlohmann::ordered_json;
using recorder::TakeCondition;

struct Flags {
  std::vector<std::string> words;  // DIR, verify DIR or repair DIR
  bool json = false;
};

std::string_view conditionWord(TakeCondition condition) {
  switch (condition) {
    case TakeCondition::complete:
      return "complete";
    case TakeCondition::beingRecorded:
      return "being recorded";
    case TakeCondition::interrupted:
      return "interrupted";
    case TakeCondition::unreadable:
      return "unreadable";
  }
  return "";
}

std::string length(const recorder::TakeManifest& manifest) {
  const double seconds =
      manifest.sampleRate > 0.0 ? static_cast<double>(manifest.frames) / manifest.sampleRate : 0.0;
  const double minutes = std::floor(seconds / 60.0);
  return fmt::format("{:02.0f}:{:04.1f}", minutes, seconds - 60.0 * minutes);
}

int list(const std::string& folder, bool json) {
  const auto takes = recorder::listTakes(folder);
  if (!takes) return fail(takes.error());
  Json all = Json::array();
  for (const recorder::TakeEntry& take : *takes) {
    Json streams = Json::array();
    for (const recorder::StreamManifest& stream : take.manifest.streams)
      streams.push_back({{"file", stream.file},
                         {"role", recorder::nameOf(stream.role)},
                         {"name", stream.name},
                         {"channels", stream.channels},
                         {"peakDb", stream.peakDb ? Json(*stream.peakDb) : Json(nullptr)},
                         {"missingFrames", stream.missingFrames}});
    all.push_back({{"folder", take.folder.string()},
                   {"condition", conditionWord(take.condition)},
                   {"startedAt", take.manifest.startedAt},
                   {"sampleRate", take.manifest.sampleRate},
                   {"frames", take.manifest.frames},
                   {"problem", take.problem.empty() ? Json(nullptr) : Json(take.problem)},
                   {"streams", streams}});
    if (json) continue;
    fmt::print(
        "{}  {}  {} streams{}\n", take.folder.string(), length(take.manifest), take.manifest.streams.size(),
        take.condition == TakeCondition::complete ? ""
                                                  : fmt::format("  [{}]", conditionWord(take.condition)));
    if (take.condition == TakeCondition::interrupted)
      fmt::print("    gainstage takes repair \"{}\" makes it whole\n", take.folder.string());
    if (!take.problem.empty()) fmt::print("    {}\n", take.problem);
  }
  if (json)
    std::cout << Json{{"takes", all}}.dump() << '\n';
  else if (takes->empty())
    fmt::print("There are no takes in {}.\n", folder);
  return 0;
}

int verify(const std::string& folder, bool json) {
  const auto check = recorder::verifyTake(folder);
  if (!check) return fail(check.error());
  if (json)
    std::cout
        << Json{{"take", folder}, {"whole", check->problems.empty()}, {"problems", check->problems}}.dump()
        << '\n';
  else if (check->problems.empty())
    fmt::print("{} is whole: {} streams of {}.\n", folder, check->manifest.streams.size(),
               length(check->manifest));
  else
    for (const std::string& problem : check->problems) fmt::print("{}\n", problem);
  return check->problems.empty() ? 0 : 1;
}

int repair(const std::string& folder, bool json) {
  const auto repaired = recorder::repairTake(folder);
  if (!repaired) return fail(repaired.error());
  if (json) {
    std::cout << Json{{"take", folder}, {"done", repaired->done}, {"lost", repaired->lost}}.dump() << '\n';
  } else {
    for (const std::string& sentence : repaired->done) fmt::print("{}\n", sentence);
    for (const std::string& sentence : repaired->lost) fmt::print("! {}\n", sentence);
    if (repaired->done.empty() && repaired->lost.empty()) fmt::print("{} was whole already.\n", folder);
  }
  return repaired->lost.empty() ? 0 : 1;
}

int runWith(const Flags& flags) {
  const auto& words = flags.words;
  if (words.size() == 1) return list(words[0], flags.json);
  if (words.size() == 2 && words[0] == "verify") return verify(words[1], flags.json);
  if (words.size() == 2 && words[0] == "repair") return repair(words[1], flags.json);
  return fail({ErrorKind::usage, "Usage: gainstage takes DIR | takes verify DIR | takes repair DIR"});
}

}  // namespace

void addTakesCommand(CLI::App& app, int& exitCode) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("takes", "List takes, check one, or make one whole after a crash");
  command->add_option("WORDS", flags->words, "DIR, verify DIR or repair DIR")->required()->expected(1, 2);
  command->add_flag("--json", flags->json, "One JSON object instead of text");
  command->footer(
      "Examples:\n"
      "  gainstage takes ~/Music/Gainstage\n"
      "  gainstage takes verify ~/Music/Gainstage/2026-02-11_20-15-03\n"
      "  gainstage takes repair ~/Music/Gainstage/2026-02-11_20-15-03");
  command->callback([flags, &exitCode] { exitCode = runWith(*flags); });
}

}  // namespace gainstage::app
