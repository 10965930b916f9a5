#include "console/journal.h"

#include <algorithm>
#include <fmt/format.h>

#include "console/journal_replay.h"

namespace gainstage::console {
namespace {

using formats::Json;

// The file may grow to twice what it must hold and this much more before it is written anew.
constexpr std::int64_t kSlackBytes = 256 << 10;

/// Addresses of what a change touched, for whoever has to make it heard. A send that came or went is the same
/// to the ear as its values; the order of a mix cannot be heard.
void addPaths(const Change& change, std::vector<std::string>& paths) {
  const std::string_view path = change.path;
  const auto afterId = path.starts_with("outputs/") ? path.find('/', 8) : std::string_view::npos;
  const auto within = afterId == std::string_view::npos ? std::string_view() : path.substr(afterId + 1);
  if (within == "mix") return;
  if (within.starts_with("mix/") && within.find('/', 4) == std::string_view::npos)
    for (const Parameter& parameter : sendParameters())
      paths.push_back(fmt::format("{}/{}", path, parameter.id));
  else
    paths.push_back(change.path);
}

}  // namespace

Result<Journal> Journal::open(const std::filesystem::path& path, Session& session, rig::BlockList blocks) {
  Journal journal(blocks);
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    journal.pending_ = Pending{path, journalLines({}, session)};
    return journal;
  }
  auto file = JournalFile::open(path);
  if (!file) return file.error();
  const auto lines = file->read();
  if (!lines) return lines.error();
  Replay replay = replayed(*lines, session, blocks);
  session = std::move(replay.session);
  journal.history_ = std::move(replay.history);
  journal.recoveredSteps_ = replay.recoveredSteps;
  if (replay.lines != *lines)
    if (auto replaced = file->replace(replay.lines); !replaced) return replaced.error();
  journal.compactBeyondBytes_ = 2 * file->bytes() + kSlackBytes;
  journal.file_ = std::move(*file);
  return journal;
}

void Journal::recordValue(std::string_view path, const Session& before, const Session& after, TimePoint now) {
  const bool continues =
      drag_ && (drag_->isBracketed || (drag_->what == path && now - drag_->last <= kMergeWithin));
  if (!continues) {
    closeDrag();
    drag_ = Drag{.what = std::string(path), .isBracketed = false, .last = now};
  }
  record(before, after, now);
}

void Journal::recordEdit(std::string_view what, const Session& before, const Session& after, TimePoint now) {
  if (drag_ && drag_->isBracketed) return record(before, after, now);
  closeDrag();
  drag_ = Drag{.what = std::string(what), .isBracketed = false, .last = now};
  record(before, after, now);
  closeDrag();
}

void Journal::begin(std::string_view what, TimePoint now) {
  closeDrag();
  drag_ = Drag{.what = std::string(what), .isBracketed = true, .last = now};
}

void Journal::end() { closeDrag(); }

void Journal::tick(TimePoint now) {
  if (drag_ && now - drag_->last > (drag_->isBracketed ? kForgottenAfter : kMergeWithin)) closeDrag();
}

void Journal::record(const Session& before, const Session& after, TimePoint now) {
  drag_->last = now;
  if (!drag_->before) drag_->before = before;
  drag_->latest = after;
  drag_->isAhead = true;
  // A drag's beginning is written at once, so that a crash leaves a step to undo; the rest when it ends.
  if (!drag_->isRecorded) catchUp();
}

void Journal::catchUp() {
  if (!drag_ || !drag_->isAhead) return;
  drag_->isAhead = false;
  auto changes = differences(Json(sessionToJson(*drag_->before)), Json(sessionToJson(drag_->latest)));
  if (!drag_->isRecorded && changes.empty()) return;
  const bool isGone = changes.empty();
  write(drag_->isRecorded ? history_.amend(std::move(changes))
                          : history_.push({drag_->what, std::move(changes)}));
  drag_->isRecorded = !isGone;
}

void Journal::closeDrag() {
  catchUp();
  drag_.reset();
}

Result<Undone> Journal::step(Session& session, bool forward) {
  closeDrag();
  const Gesture* gesture = forward ? history_.nextRedo() : history_.nextUndo();
  if (!gesture)
    return Error{ErrorKind::usage, fmt::format("there is nothing to {}", forward ? "redo" : "undo")};
  Undone undone{gesture->what, {}};
  for (const Change& change : gesture->changes) addPaths(change, undone.paths);
  Json document(sessionToJson(session));
  const auto applied = apply(document, gesture->changes, forward);
  auto next = applied ? readSession(document, "the session", blocks_) : Result<Session>(applied.error());
  if (!next) {
    write(history_.clear());
    return Error{ErrorKind::fault,
                 fmt::format("\"{}\" cannot be {}, and the history begins anew: {}", undone.what,
                             forward ? "redone" : "undone", next.error().message)};
  }
  session = std::move(*next);
  write(forward ? history_.redo() : history_.undo());
  return undone;
}

void Journal::aboutToSave(const Session& session) {
  catchUp();
  if (pending_) pending_->lines = journalLines({}, session);
  if (!file_) return;
  write(savedLine(session));
  if (file_) giveUpFileOn(file_->sync());
}

void Journal::saved(const Session& session) {
  if (!file_ || file_->bytes() <= compactBeyondBytes_) return;
  giveUpFileOn(file_->replace(journalLines(history_, session)));
  if (file_) compactBeyondBytes_ = 2 * file_->bytes() + kSlackBytes;
}

void Journal::write(const Json& line) {
  if (pending_) giveUpFileOn(beginFile());
  if (file_) giveUpFileOn(file_->append(line));
}

Result<void> Journal::beginFile() {
  const Pending pending = std::move(*std::exchange(pending_, std::nullopt));
  auto file = JournalFile::open(pending.path);
  if (!file) return file.error();
  if (auto begun = file->replace(pending.lines); !begun) return begun;
  compactBeyondBytes_ = 2 * file->bytes() + kSlackBytes;
  file_ = std::move(*file);
  return {};
}

void Journal::giveUpFileOn(const Result<void>& done) {
  if (done) return;
  fileProblem_ = done.error();
  // Left behind it would lack what is done from now on, and be believed.
  if (file_) file_->remove();
  file_.reset();
}

}  // namespace gainstage::console
