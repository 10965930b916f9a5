#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "control/engine.h"

namespace gainstage::control {

/// A rig that a bank offers; its files are absolute.
struct Preset {
  std::string name;
  std::filesystem::path file;
  rig::RigState rig;
};

/// A folder of rig files: its presets are those that can be read, in the order of their files' names, byte by
/// byte; a name that begins with a number stands where it counts.
struct Bank {
  static constexpr std::size_t kMaxPresets = 1000;

  std::string name;
  std::filesystem::path folder;
  std::vector<Preset> presets;
  std::vector<std::string> problems;  ///< a sentence for each file that is none
};

/// Reads a folder. Error (usage): it is none.
Result<Bank> readBank(const std::filesystem::path& folder);

/// Which bank is chosen, which of its presets each strip has, and which may be wanted next: these the engine
/// keeps settled. All of it [control].
class Presets {
 public:
  /// The bank that presets are saved in where the chosen one is not the user's.
  static constexpr std::string_view kOwnBank = "own";

  /// Each of `folders` holds banks, a folder each; the first is the user's.
  Presets(Engine& engine, std::vector<std::filesystem::path> folders);

  /// Folders of all banks, the user's first, of one name the first.
  std::vector<std::filesystem::path> bankFolders() const;
  /// By name, or by folder. Presets of the one before that strips have are theirs no more.
  Result<void> choose(const std::string& nameOrFolder);
  /// The chosen bank; the first there is where none was chosen. Error (usage): there is none.
  Result<const Bank*> bank();

  std::optional<std::size_t> current(const std::string& strip) const;
  /// What "next", "previous", a number from 1 on or a name leads to from where the strip is.
  Result<std::size_t> find(const std::string& strip, const std::string& word);

  bool isSettled(const console::StripState& strip, std::size_t index);
  /// The strip has it now, or is to have it as soon as it is settled.
  void chosen(const std::string& strip, std::size_t index);
  void await(const std::string& strip, std::size_t index);
  void forget(const std::string& strip);  ///< it is gone
  /// Strips that wait, and for what.
  const std::map<std::string, std::size_t>& awaited() const noexcept { return awaited_; }

  /// Writes the strip's rig, whose relative files are below `folder`. Which preset it is.
  Result<std::size_t> save(const console::StripState& strip, const std::filesystem::path& folder,
                           const std::string& name);

 private:
  struct Used {
    std::optional<std::size_t> current;
    std::vector<std::size_t> before;  // the last first
  };

  std::vector<std::size_t> likeliest(const std::string& strip) const;
  void wish();

  Engine& engine_;
  std::vector<std::filesystem::path> folders_;
  std::optional<Bank> bank_;
  std::map<std::string, Used> used_;  // by strip
  std::map<std::string, std::size_t> awaited_;
};

}  // namespace gainstage::control
