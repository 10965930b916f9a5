#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage devices`.
void addDevicesCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
