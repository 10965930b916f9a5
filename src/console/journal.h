#pragma once

#include <chrono>

#include "console/journal_file.h"
#include "console/journal_history.h"
#include "console/session_json.h"

namespace gainstage::console {

/// What undo or redo changed.
struct Undone {
  std::string what;  ///< the gesture's
  /// Addresses of what has another value or is another element now. Those that resolve() knows lead to
  /// values; any other means that something was added, removed or renamed.
  std::vector<std::string> paths;
};

/// The undo journal of a session. Given a file it survives the process: what is done is in the file before
/// record returns, and only the later part of a drag that is going on waits for its end. Consecutive records
/// of one address within 1 s, and all between begin() and end(), are one gesture. All of it [control].
class Journal {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kMergeWithin{1000};
  /// A gesture whose end never came (a remote that went away) ends after this much silence.
  static constexpr std::chrono::milliseconds kForgottenAfter{10000};

  /// Without a file: the history ends with the process.
  explicit Journal(rig::BlockList blocks = rig::blockDeclarations()) : blocks_(blocks) {}

  /// The history in `file` of the `session` that was loaded. What was done after that session was saved, by a
  /// process that did not live to save it, is done to it now. A file that belongs to another session, or to
  /// one that was changed by other means, is begun anew; where there is none, the first gesture begins it.
  /// Error (file): it cannot be used; a Journal without one still can.
  static Result<Journal> open(const std::filesystem::path& file, Session& session,
                              rig::BlockList blocks = rig::blockDeclarations());

  /// How many steps open() did that the saved session lacked.
  int recoveredSteps() const noexcept { return recoveredSteps_; }

  /// One value was set.
  void recordValue(std::string_view path, const Session& before, const Session& after, TimePoint now);
  /// Anything else was done: a gesture of its own, `what` in a few words ("add gate").
  void recordEdit(std::string_view what, const Session& before, const Session& after, TimePoint now);
  void begin(std::string_view what, TimePoint now);
  void end();
  /// Ends a drag that nobody continued. To be called now and then.
  void tick(TimePoint now);

  /// What undo() and redo() would do; nullptr: nothing. They end a drag that is going on.
  const Gesture* nextUndo() const noexcept { return history_.nextUndo(); }
  const Gesture* nextRedo() const noexcept { return history_.nextRedo(); }
  /// Errors: there is nothing (usage); the session was changed by other means, so that the gesture does not
  /// fit (fault), and the history begins anew. The session is as it was then.
  Result<Undone> undo(Session& session) { return step(session, false); }
  Result<Undone> redo(Session& session) { return step(session, true); }

  /// To be called before and after the session's file is written: only by the first can open() tell what the
  /// file holds, and only after the second may the history's file be shortened.
  void aboutToSave(const Session& session);
  void saved(const Session& session);

  /// Why the file could not be begun or written. It is removed then, and the history goes on without.
  const std::optional<Error>& fileProblem() const noexcept { return fileProblem_; }

 private:
  struct Drag {
    std::string what;
    bool isBracketed = false;  ///< by begin()
    TimePoint last;
    std::optional<Session> before = {};
    Session latest = {};
    bool isRecorded = false;  ///< its gesture is the history's last
    bool isAhead = false;     ///< `latest` is not in that gesture yet
  };

  /// A file that is begun with the first gesture.
  struct Pending {
    std::filesystem::path path;
    std::vector<formats::Json> lines;
  };

  void record(const Session& before, const Session& after, TimePoint now);
  void catchUp();
  void closeDrag();
  Result<Undone> step(Session& session, bool forward);
  void write(const formats::Json& line);
  Result<void> beginFile();
  void giveUpFileOn(const Result<void>& done);

  rig::BlockList blocks_;
  History history_;
  std::optional<Drag> drag_;
  std::optional<Pending> pending_;
  std::optional<JournalFile> file_;
  std::optional<Error> fileProblem_;
  std::int64_t compactBeyondBytes_ = 0;
  int recoveredSteps_ = 0;
};

}  // namespace gainstage::console
