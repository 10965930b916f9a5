#include "app/folders.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace gainstage::app {
namespace {

namespace fs = std::filesystem;

fs::path home() {
  const char* folder = std::getenv("HOME");
  return folder ? fs::path(folder) : fs::path();
}

/// The variable's folder, which the specification wants absolute, else `fallback` below the home.
fs::path baseFolder(const char* variable, const char* fallback) {
  const char* value = std::getenv(variable);
  if (value && fs::path(value).is_absolute()) return value;
  return home().empty() ? fs::path() : home() / fallback;
}

/// XDG_MUSIC_DIR of user-dirs.dirs: "$HOME/..." or an absolute path, in quotes.
fs::path musicFolder() {
  std::ifstream file(baseFolder("XDG_CONFIG_HOME", ".config") / "user-dirs.dirs");
  constexpr std::string_view kKey = "XDG_MUSIC_DIR=\"", kHome = "$HOME";
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(kKey)) continue;
    std::string value = line.substr(kKey.size(), line.rfind('"') - kKey.size());
    if (value.starts_with(kHome)) value = home().string() + value.substr(kHome.size());
    if (fs::path(value).is_absolute() && fs::path(value) != home()) return value;
  }
  return {};
}

}  // namespace

fs::path stateFolder() {
  const fs::path base = baseFolder("XDG_STATE_HOME", ".local/state");
  return base.empty() ? base : base / "gainstage";
}

fs::path dataFolder() {
  const fs::path base = baseFolder("XDG_DATA_HOME", ".local/share");
  return base.empty() ? base : base / "gainstage";
}

fs::path takesFolder() {
  std::error_code ignored;
  if (const fs::path music = musicFolder(); !music.empty() && fs::is_directory(music, ignored))
    return music / "Gainstage";
  const fs::path base = baseFolder("XDG_DATA_HOME", ".local/share");
  return base.empty() ? fs::path("takes") : base / "gainstage" / "takes";
}

std::vector<fs::path> presetFolders() {
  std::vector<fs::path> folders;
  const fs::path below = fs::path("gainstage") / "presets";
  if (const fs::path base = baseFolder("XDG_DATA_HOME", ".local/share"); !base.empty())
    folders.push_back(base / below);
  const auto addIfThere = [&](const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return;
    const auto same = [&](const fs::path& known) { return fs::equivalent(known, folder, ignored); };
    if (std::ranges::none_of(folders, same)) folders.push_back(folder);
  };
  const char* const variable = std::getenv("XDG_DATA_DIRS");
  std::istringstream list(variable && *variable ? variable : "/usr/local/share:/usr/share");
  for (std::string folder; std::getline(list, folder, ':');)
    if (fs::path(folder).is_absolute()) addIfThere(folder / below);
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed).parent_path();
  if (!failed) {
    addIfThere((program / ".." / "share" / below).lexically_normal());  // bin/gainstage
    // build/release/gainstage of a checkout; anywhere else that would be somebody else's folder.
    const fs::path root = (program / ".." / "..").lexically_normal();
    if (fs::exists(program / "CMakeCache.txt", failed)) addIfThere(root / "presets");
  }
  return folders;
}

}  // namespace gainstage::app
