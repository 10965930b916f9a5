#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "app/advise_command.h"
#include "app/bench_command.h"
#include "app/devices_command.h"
#include "app/headphones_command.h"
#include "app/inspect_command.h"
#include "app/render_command.h"
#include "app/report.h"
#include "app/run_command.h"
#include "app/takes_command.h"
#include "formats/nearest_name.h"

namespace {

/// Whether the first word is no command and no option, which the parser would only call a missing command.
std::optional<gainstage::Error> badFirstWord(const CLI::App& app, const std::string& word) {
  if (word.starts_with('-')) {
    if (app.get_option_no_throw(word.substr(0, word.find('=')))) return std::nullopt;
    return gainstage::Error{gainstage::ErrorKind::usage,
                            fmt::format("There is no option \"{}\" before the command.", word)};
  }
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands(nullptr)) names.push_back(command->get_name());
  if (std::ranges::find(names, word) != names.end()) return std::nullopt;
  const std::string nearest = gainstage::formats::nearestName(word, names);
  return gainstage::Error{gainstage::ErrorKind::usage,
                          fmt::format("There is no command \"{}\": {}", word,
                                      nearest.empty() ? fmt::format("choose {}.", fmt::join(names, ", "))
                                                      : fmt::format("did you mean {}?", nearest))};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Gainstage: an audio interface and its amplifiers, in software", "gainstage");
  app.require_subcommand(1);
  app.set_version_flag("--version", GAINSTAGE_VERSION);
  app.footer("\"gainstage COMMAND --help\" has examples of each.");
  int exitCode = 0;
  gainstage::app::addDevicesCommand(app, exitCode);
  gainstage::app::addRunCommand(app, exitCode);
  gainstage::app::addRenderCommand(app, exitCode);
  gainstage::app::addInspectCommand(app, exitCode);
  gainstage::app::addHeadphonesCommand(app, exitCode);
  gainstage::app::addTakesCommand(app, exitCode);
  gainstage::app::addAdviseCommand(app, exitCode);
  gainstage::app::addBenchCommand(app, exitCode);
  if (argc > 1)
    if (const auto error = badFirstWord(app, argv[1])) return gainstage::app::fail(*error);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exitCode;
}
