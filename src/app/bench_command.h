#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage bench`; `exitCode` is set where it runs.
void addBenchCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
