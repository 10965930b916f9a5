#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage headphones`; `exitCode` is set where it runs.
void addHeadphonesCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
