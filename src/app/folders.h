#pragma once

#include <filesystem>

/// Where things of the user's go, after the XDG base directory specification 0.8. [control]
namespace gainstage::app {

/// State between runs: $XDG_STATE_HOME/gainstage. Empty where there is no home.
std::filesystem::path stateFolder();

/// Takes: the user's music folder (user-dirs.dirs), else $XDG_DATA_HOME/gainstage/takes, else ./takes.
std::filesystem::path takesFolder();

}  // namespace gainstage::app
