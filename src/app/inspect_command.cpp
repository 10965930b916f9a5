#include "app/inspect_command.h"

#include <fmt/format.h>
#include <memory>

#include "app/report.h"
#include "control/inspect.h"

namespace gainstage::app {
namespace {

using Json = nlohmann::ordered_json;

struct Flags {
  std::vector<std::string> files;
  bool json = false;
};

/// "from 0, channels 2": an object of a list.
std::string inWords(const Json& object) {
  std::string words;
  for (const auto& [key, value] : object.items())
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", key,
                         value.is_string() ? value.get<std::string>()
                         : value.is_null() ? "none"
                                           : value.dump());
  return words;
}

/// "sampleRate: 48000" line by line; lists of objects on a line each. What there is not is left out.
void print(const Json& found) {
  fmt::print("{}\n", found["file"].get<std::string>());
  for (const auto& [key, value] : found.items()) {
    if (key == "file" || value.is_null() || (value.is_array() && value.empty())) continue;
    if (!value.is_array()) {
      fmt::print("  {}: {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
      continue;
    }
    fmt::print("  {}:\n", key);
    for (const Json& element : value)
      fmt::print("    {}\n", element.is_string()   ? element.get<std::string>()
                             : element.is_object() ? inWords(element)
                                                   : element.dump());
  }
}

int runWith(const Flags& flags) {
  Json all = Json::array();
  int exitCode = 0;
  for (const std::string& file : flags.files) {
    const auto found = control::inspect(file);
    if (!found) {
      exitCode = fail(found.error());
      all.push_back({{"file", file}, {"error", found.error().message}});
      continue;
    }
    if (!(*found)["problems"].empty()) exitCode = std::max(exitCode, 1);
    all.push_back(*found);
    if (!flags.json) print(*found);
  }
  if (flags.json) fmt::print("{}\n", Json{{"files", all}}.dump());
  return exitCode;
}

}  // namespace

void addInspectCommand(CLI::App& app, int& exitCode) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand(
      "inspect", "What a capture, impulse response, equaliser, rig, session or take is; is it usable");
  command->add_option("FILE", flags->files, "Files, takes, or folders of responses and captures")->required();
  command->add_flag("--json", flags->json, "One JSON object instead of text");
  command->footer("Example: gainstage inspect amp.nam 4x12.wav crunch.json band.json responses/");
  command->callback([flags, &exitCode] { exitCode = runWith(*flags); });
}

}  // namespace gainstage::app
