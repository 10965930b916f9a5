#include "control/session_keeper.h"

#include <algorithm>
#include <fmt/format.h>

#include "console/session_json.h"

namespace gainstage::control {

namespace fs = std::filesystem;

fs::path SessionKeeper::fileFor(const fs::path& folder, const std::string& deviceId) {
  if (folder.empty()) return {};
  std::string name = deviceId;
  std::ranges::replace_if(
      name, [](char c) { return !(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.'); },
      '_');
  return folder / (name + ".session.json");
}

Result<std::optional<console::Session>> SessionKeeper::load() {
  std::error_code ignored;
  if (file_.empty() || !fs::exists(file_, ignored)) return std::optional<console::Session>();
  auto session = console::loadSession(file_);
  if (!session) return session.error();
  fs::path history = file_;
  history += ".journal";
  auto journal = console::Journal::open(history, *session);
  if (journal)
    journal_ = std::move(*journal);
  else
    historyProblem_ = journal.error().message;
  return std::optional(std::move(*session));
}

void SessionKeeper::recordValue(std::string_view path, const console::Session& before,
                                const console::Session& after) {
  journal_.recordValue(path, before, after, Clock::now());
  if (!changed_) changed_ = Clock::now();
}

void SessionKeeper::recordEdit(std::string_view what, const console::Session& before,
                               const console::Session& after) {
  journal_.recordEdit(what, before, after, Clock::now());
  if (!changed_) changed_ = Clock::now();
}

Result<console::Undone> SessionKeeper::undo(console::Session& session) {
  auto undone = journal_.undo(session);
  if (undone && !changed_) changed_ = Clock::now();
  return undone;
}

Result<console::Undone> SessionKeeper::redo(console::Session& session) {
  auto redone = journal_.redo(session);
  if (redone && !changed_) changed_ = Clock::now();
  return redone;
}

Result<void> SessionKeeper::saveIfDue(const console::Session& session) {
  journal_.tick(Clock::now());
  if (!changed_ || Clock::now() - *changed_ < kSaveAfter) return {};
  return saveIfChanged(session);
}

Result<void> SessionKeeper::saveIfChanged(const console::Session& session) {
  if (!changed_ || file_.empty()) return {};
  const auto saved = save(session);
  if (saved) {
    changed_.reset();
    toldProblem_.clear();
    return {};
  }
  changed_ = Clock::now();  // again in a while
  if (saved.error().message == toldProblem_) return {};
  toldProblem_ = saved.error().message;
  return saved.error();
}

std::optional<std::string> SessionKeeper::takeHistoryProblem() {
  if (journal_.fileProblem() && !historyTold_) {
    historyTold_ = true;
    return journal_.fileProblem()->message;
  }
  return std::exchange(historyProblem_, std::nullopt);
}

Result<fs::path> SessionKeeper::save(const console::Session& session, const fs::path& other) {
  const fs::path& file = other.empty() ? file_ : other;
  if (file.empty())
    return Error{ErrorKind::usage, "This session has no file of its own; say where: save FILE."};
  if (other.empty()) {
    std::error_code failed;
    if (file.has_parent_path()) fs::create_directories(file.parent_path(), failed);
    journal_.aboutToSave(session);
  }
  if (auto saved = console::saveSession(file, session); !saved) return saved.error();
  if (other.empty()) journal_.saved(session);
  return file;
}

}  // namespace gainstage::control
