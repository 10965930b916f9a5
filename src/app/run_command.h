#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage run`; `exitCode` is set where it runs.
void addRunCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
