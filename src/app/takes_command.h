#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage takes`; `exitCode` is set where it runs.
void addTakesCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
