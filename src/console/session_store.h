#pragma once

#include "console/journal.h"
#include "console/path.h"

namespace gainstage::console {

/// A session that is being worked on: every change goes through here, into its journal and, a second after
/// the last one, into its file. All of it [control].
class SessionStore {
 public:
  using TimePoint = Journal::TimePoint;
  /// Saved once nothing was changed for this long, ...
  static constexpr std::chrono::milliseconds kSaveAfterQuiet{1000};
  /// ... and at the latest this long after the first change that is not saved; a save that failed is tried
  /// again then.
  static constexpr std::chrono::milliseconds kSaveAtLatest{5000};

  /// A session without a file: nothing is ever saved, and undo ends with the process.
  explicit SessionStore(Session session, rig::BlockList blocks = rig::blockDeclarations());

  /// Loads the file, and its journal, which stands beside it with ".journal" after its name. Where the last
  /// process did not live to save what was done, that is done now. Errors are loadSession's; trouble with the
  /// journal is a note.
  static Result<SessionStore> open(const std::filesystem::path& file,
                                   rig::BlockList blocks = rig::blockDeclarations());
  /// Begins a file with this session, in place of what it held. Error: it cannot be written.
  static Result<SessionStore> create(const std::filesystem::path& file, Session session,
                                     rig::BlockList blocks = rig::blockDeclarations());

  const Session& session() const noexcept { return session_; }
  const std::filesystem::path& file() const noexcept { return file_; }
  /// Where relative files are meant from: the file's folder, or the current one.
  std::filesystem::path folder() const;
  /// What the user should know about how it was opened, one sentence each.
  const std::vector<std::string>& notes() const noexcept { return notes_; }

  /// Sets one value by address, as text. A file's path is made relative to the folder. Errors (usage):
  /// resolve's and setText's.
  Result<ParameterRef> set(std::string_view path, std::string_view text, TimePoint now);
  /// The same by number, clamped. Not for files.
  void set(const ParameterRef& ref, float value, TimePoint now);
  /// Changes anything; `what` in a few words, for undo ("add gate"). Error (usage): the session that
  /// `change(Session&)` makes is not one that could be read back, and is not taken.
  template <typename Change>
  Result<void> edit(std::string_view what, TimePoint now, Change&& change) {
    Session next = session_;
    change(next);
    return take(what, std::move(next), now);
  }

  void beginGesture(std::string_view what, TimePoint now) { journal_.begin(what, now); }
  void endGesture() { journal_.end(); }
  Result<Undone> undo(TimePoint now);
  Result<Undone> redo(TimePoint now);
  const Journal& journal() const noexcept { return journal_; }

  bool isDirty() const noexcept { return firstUnsaved_.has_value(); }
  /// To be called a few times a second: ends drags and saves when it is time. True: it was saved now.
  Result<bool> saveIfDue(TimePoint now);
  /// Saves now, where there is something to save and a file. After an error it stays dirty.
  Result<void> save(TimePoint now);

 private:
  SessionStore(Session session, std::filesystem::path file, rig::BlockList blocks);
  Result<void> take(std::string_view what, Session next, TimePoint now);
  void takeValue(std::string_view path, Session next, TimePoint now);
  void openJournal();
  void changed(TimePoint now);
  Result<void> write();

  Session session_;
  std::filesystem::path file_;
  rig::BlockList blocks_;
  Journal journal_;
  std::vector<std::string> notes_;
  std::optional<TimePoint> firstUnsaved_;
  TimePoint lastChange_;
};

}  // namespace gainstage::console
