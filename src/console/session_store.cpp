#include "console/session_store.h"

#include <fmt/format.h>

#include "console/session_files.h"

namespace gainstage::console {

SessionStore::SessionStore(Session session, std::filesystem::path file, rig::BlockList blocks)
    : session_(std::move(session)), file_(std::move(file)), blocks_(blocks), journal_(blocks) {}

SessionStore::SessionStore(Session session, rig::BlockList blocks)
    : SessionStore(std::move(session), {}, blocks) {}

Result<SessionStore> SessionStore::open(const std::filesystem::path& file, rig::BlockList blocks) {
  auto session = loadSession(file, blocks);
  if (!session) return session.error();
  SessionStore store(std::move(*session), file, blocks);
  store.notes_ = changedFiles(store.session_, store.folder());
  store.openJournal();
  if (const int steps = store.journal_.recoveredSteps(); steps > 0) {
    store.notes_.push_back(fmt::format("{} {} that the session had not been saved with {} back", steps,
                                       steps == 1 ? "step" : "steps", steps == 1 ? "is" : "are"));
    store.changed(std::chrono::steady_clock::now());
  }
  return store;
}

Result<SessionStore> SessionStore::create(const std::filesystem::path& file, Session session,
                                          rig::BlockList blocks) {
  SessionStore store(std::move(session), file, blocks);
  if (auto written = store.write(); !written) return written.error();
  store.openJournal();
  return store;
}

void SessionStore::openJournal() {
  auto path = file_;
  path += ".journal";
  auto journal = Journal::open(path, session_, blocks_);
  if (journal)
    journal_ = std::move(*journal);
  else
    notes_.push_back("undo will be forgotten with this run: " + journal.error().message);
}

std::filesystem::path SessionStore::folder() const {
  return file_.has_parent_path() ? file_.parent_path() : std::filesystem::path(".");
}

Result<ParameterRef> SessionStore::set(std::string_view path, std::string_view text, TimePoint now) {
  auto ref = resolve(session_, path);
  if (!ref) return ref.error();
  const bool isFile = ref->parameter->type == ParameterType::file;
  Session next = session_;
  if (auto done = setText(next, *ref, isFile ? relativeTo(folder(), text) : std::string(text)); !done)
    return done.error();
  takeValue(path, std::move(next), now);
  return ref;
}

void SessionStore::set(const ParameterRef& ref, float value, TimePoint now) {
  Session next = session_;
  console::set(next, ref, value);
  takeValue(pathOf(session_, ref), std::move(next), now);
}

void SessionStore::takeValue(std::string_view path, Session next, TimePoint now) {
  if (next == session_) return;
  journal_.recordValue(path, session_, next, now);
  session_ = std::move(next);
  changed(now);
}

Result<void> SessionStore::take(std::string_view what, Session next, TimePoint now) {
  const auto readBack =
      readSession(formats::Json(sessionToJson(next)), fmt::format("cannot {}", what), blocks_);
  if (!readBack) return Error{ErrorKind::usage, readBack.error().message};
  if (next == session_) return {};
  journal_.recordEdit(what, session_, next, now);
  session_ = std::move(next);
  changed(now);
  return {};
}

Result<Undone> SessionStore::undo(TimePoint now) {
  auto undone = journal_.undo(session_);
  if (undone) changed(now);
  return undone;
}

Result<Undone> SessionStore::redo(TimePoint now) {
  auto redone = journal_.redo(session_);
  if (redone) changed(now);
  return redone;
}

void SessionStore::changed(TimePoint now) {
  if (!firstUnsaved_) firstUnsaved_ = now;
  lastChange_ = now;
}

Result<bool> SessionStore::saveIfDue(TimePoint now) {
  journal_.tick(now);
  if (!firstUnsaved_ || file_.empty()) return false;
  if (now - lastChange_ < kSaveAfterQuiet && now - *firstUnsaved_ < kSaveAtLatest) return false;
  if (auto saved = save(now); !saved) return saved.error();
  return true;
}

Result<void> SessionStore::save(TimePoint now) {
  if (!firstUnsaved_ || file_.empty()) return {};
  if (auto written = write(); !written) {
    // As if all of it had been changed just now and went on changing: tried again when that is due.
    firstUnsaved_ = now;
    lastChange_ = now + kSaveAtLatest;
    return written;
  }
  firstUnsaved_.reset();
  return {};
}

Result<void> SessionStore::write() {
  addFileHashes(session_, folder());
  journal_.aboutToSave(session_);
  if (auto written = saveSession(file_, session_); !written) return written;
  journal_.saved(session_);
  return {};
}

}  // namespace gainstage::console
