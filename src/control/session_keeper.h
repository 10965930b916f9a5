#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "console/journal.h"
#include "console/session.h"
#include "core/result.h"

namespace gainstage::control {

/// Keeps a session on disk: saved atomically a moment after it changed, with a journal beside it that undoes
/// gestures even after a crash. Without a file nothing is kept, and undo works all the same. All of it
/// [control].
class SessionKeeper {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::milliseconds kSaveAfter{2000};

  /// `file` empty: nothing is kept.
  explicit SessionKeeper(std::filesystem::path file) : file_(std::move(file)) {}

  /// Where the session of a device is kept between runs; empty where `folder` is.
  static std::filesystem::path fileFor(const std::filesystem::path& folder, const std::string& deviceId);

  /// The session that was kept, with what the journal knows beyond it; nothing where there is no file yet.
  Result<std::optional<console::Session>> load();
  /// Changes that the journal held and the file did not: a crash came between.
  int recoveredSteps() const noexcept { return journal_.recoveredSteps(); }
  /// Why the history is not kept, where it is not; once.
  std::optional<std::string> takeHistoryProblem();

  /// A change that was made: of the value at `path`, or of more, in a few words.
  void recordValue(std::string_view path, const console::Session& before, const console::Session& after);
  void recordEdit(std::string_view what, const console::Session& before, const console::Session& after);
  void beginGesture(std::string_view what) { journal_.begin(what, Clock::now()); }
  void endGesture() { journal_.end(); }

  /// What is undone or redone, and the session after it.
  Result<console::Undone> undo(console::Session& session);
  Result<console::Undone> redo(console::Session& session);

  /// Saves what began to change longer than kSaveAfter ago. It is tried again where it fails; the problem
  /// comes once.
  Result<void> saveIfDue(const console::Session& session);
  /// Saves what changed at all.
  Result<void> saveIfChanged(const console::Session& session);
  /// To the session's own file, or to `other`. The file that was written.
  Result<std::filesystem::path> save(const console::Session& session,
                                     const std::filesystem::path& other = {});

 private:
  std::filesystem::path file_;
  console::Journal journal_;
  std::optional<Clock::time_point> changed_;  // when the first change came that is not saved
  std::string toldProblem_;                   // of saving
  std::optional<std::string> historyProblem_;
  bool historyTold_ = false;
};

}  // namespace gainstage::control
