#pragma once

#include <filesystem>
#include <vector>

/// Where things of the user's go, after the XDG base directory specification 0.8. [control]
namespace gainstage::app {

/// State between runs: $XDG_STATE_HOME/gainstage. Empty where there is no home.
std::filesystem::path stateFolder();

/// What the user adds to the program (catalogue, headphones, presets): $XDG_DATA_HOME/gainstage. Empty where
/// there is no home.
std::filesystem::path dataFolder();

/// Takes: the user's music folder (user-dirs.dirs), else $XDG_DATA_HOME/gainstage/takes, else ./takes.
std::filesystem::path takesFolder();

/// Where banks of presets are looked for, the user's own first: $XDG_DATA_HOME/gainstage/presets, the same
/// below each of $XDG_DATA_DIRS, and those that came with this program, installed or in its checkout.
std::vector<std::filesystem::path> presetFolders();

}  // namespace gainstage::app
