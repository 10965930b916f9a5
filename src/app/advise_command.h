#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage advise`; `exitCode` is set where it runs.
void addAdviseCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
