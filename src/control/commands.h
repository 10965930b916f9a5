#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/dose_keeper.h"
#include "control/engine.h"
#include "control/hardware.h"
#include "control/presets.h"
#include "control/session_keeper.h"
#include "dsp/tempo/tap_tempo.h"

namespace gainstage::control {

using Json = nlohmann::ordered_json;

/// What every remote can ask for: one line of words in, one JSON object out. The command line's standard
/// input is the first such remote; others use the same list. All of it [control].
class Commands {
 public:
  /// `presetFolders`: where banks of presets are, the user's own first.
  Commands(Engine& engine, SessionKeeper& keeper, std::filesystem::path takeFolder,
           std::vector<std::filesystem::path> presetFolders = {});

  /// Executes one line. The reply has "ok"; where that is false, "error" is one sentence.
  Json execute(std::string_view line);

  /// Does what had to wait: presets that are settled now. Some ten times a second.
  void service();

  /// Whose inputs "autogain", "preamp" and values of strips that are the device's own lead to; nullptr: a
  /// device with nothing to tell. Must outlive this.
  void setHardware(Hardware* hardware) noexcept { hardware_ = hardware; }
  /// Where doses are gathered; without it `dose` knows nobody.
  void setDoses(const DoseKeeper* doses) noexcept { doses_ = doses; }

  /// A "quit" came.
  bool wantsToQuit() const noexcept { return quit_; }

  /// The list of commands: a line of usage and a sentence for each.
  struct Entry {
    std::string_view usage;
    std::string_view help;
    Result<Json> (Commands::*run)(std::span<const std::string> words);
  };
  static std::span<const Entry> list();

 private:
  Result<Json> set(std::span<const std::string> words);
  Result<Json> get(std::span<const std::string> words);
  Result<Json> listPaths(std::span<const std::string> words);
  Result<Json> gesture(std::span<const std::string> words);
  Result<Json> undo(std::span<const std::string> words) { return step(words, false); }
  Result<Json> redo(std::span<const std::string> words) { return step(words, true); }
  Result<Json> step(std::span<const std::string> words, bool forward);
  Result<Json> save(std::span<const std::string> words);
  Result<Json> load(std::span<const std::string> words);
  Result<Json> rig(std::span<const std::string> words);
  Result<Json> block(std::span<const std::string> words);
  Result<Json> bank(std::span<const std::string> words);
  Result<Json> preset(std::span<const std::string> words);
  Result<Json> presetMemory(std::span<const std::string> words);
  Result<Json> savePreset(console::StripState& strip, const std::string& name);
  Result<Json> usePreset(const std::string& strip, std::size_t index);
  Result<Json> take(std::span<const std::string> words);
  Result<Json> looper(std::span<const std::string> words);
  Result<Json> autoGain(std::span<const std::string> words);
  Result<Json> preamp(std::span<const std::string> words);
  Result<Json> panic(std::span<const std::string> words);
  Result<Json> tap(std::span<const std::string> words);
  Result<Json> spl(std::span<const std::string> words);
  Result<Json> dose(std::span<const std::string> words);
  Result<Json> meters(std::span<const std::string> words);
  Result<Json> browse(std::span<const std::string> words);
  Result<Json> status(std::span<const std::string> words);
  Result<Json> help(std::span<const std::string> words);
  Result<Json> quit(std::span<const std::string> words);

  /// Makes `next` what runs and an edit to be undone, or says why not.
  Result<Json> change(const console::Session& next, FrameTime at, Json reply, std::string_view what);

  Engine& engine_;
  SessionKeeper& keeper_;
  std::filesystem::path takeFolder_;
  Presets presets_;
  Hardware* hardware_ = nullptr;
  const DoseKeeper* doses_ = nullptr;
  dsp::TapTempo tapTempo_;
  bool quit_ = false;
};

}  // namespace gainstage::control
