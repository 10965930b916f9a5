#include "app/folders.h"

#include <cstdlib>
#include <fstream>
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

fs::path takesFolder() {
  std::error_code ignored;
  if (const fs::path music = musicFolder(); !music.empty() && fs::is_directory(music, ignored))
    return music / "Gainstage";
  const fs::path base = baseFolder("XDG_DATA_HOME", ".local/share");
  return base.empty() ? fs::path("takes") : base / "gainstage" / "takes";
}

}  // namespace gainstage::app
