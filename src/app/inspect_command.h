#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage inspect`; `exitCode` is set where it runs.
void addInspectCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
