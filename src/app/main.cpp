#include <CLI/CLI.hpp>

#include "app/bench_command.h"

int main(int argc, char** argv) {
  CLI::App app("An audio interface and its amplifiers, in software", "gainstage");
  app.require_subcommand(1);
  int exitCode = 0;
  gainstage::app::addBenchCommand(app, exitCode);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exitCode;
}
