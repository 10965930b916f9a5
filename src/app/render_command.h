#pragma once

#include <CLI/CLI.hpp>

namespace gainstage::app {

/// `gainstage render`; `exitCode` is set where it runs.
void addRenderCommand(CLI::App& app, int& exitCode);

}  // namespace gainstage::app
