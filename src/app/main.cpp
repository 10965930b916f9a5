#include <CLI/CLI.hpp>

#include "app/bench_command.h"
#include "app/devices_command.h"
#include "app/inspect_command.h"
#include "app/render_command.h"
#include "app/run_command.h"
#include "app/takes_command.h"

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
  gainstage::app::addTakesCommand(app, exitCode);
  gainstage::app::addBenchCommand(app, exitCode);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exitCode;
}
