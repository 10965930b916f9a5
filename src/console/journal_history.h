#pragma once

#include <deque>

#include "console/journal_change.h"

namespace gainstage::console {

/// What the user did in one go: a fader's drag, a block added, a rig replaced.
struct Gesture {
  std::string what;  ///< the address that was set, or a few words for an edit
  std::vector<Change> changes;
};

/// Gestures in the order they were made, and how far they are undone. Every step gives the line that a
/// journal's file keeps of it; following those lines leads to the same history. The oldest are forgotten
/// beyond 1,000 gestures or 16 MB of lines. All of it [control].
class History {
 public:
  static constexpr std::size_t kMaxGestures = 1000;
  static constexpr std::size_t kMaxBytes = 16 << 20;

  std::size_t size() const noexcept { return entries_.size(); }
  const Gesture* nextUndo() const noexcept {
    return position_ > 0 ? &entries_[position_ - 1].gesture : nullptr;
  }
  const Gesture* nextRedo() const noexcept {
    return position_ < size() ? &entries_[position_].gesture : nullptr;
  }

  /// A new gesture was made; whatever was undone can no longer be redone.
  formats::Json push(Gesture gesture);
  /// The last gesture, which is done, has become this instead; without changes it is forgotten.
  formats::Json amend(std::vector<Change> changes);
  formats::Json undo();  ///< only where nextUndo()
  formats::Json redo();  ///< only where nextRedo()
  formats::Json clear();

  /// Takes the step that `line` keeps, in `document` too where it is given. False: the line is not of this
  /// form, or does not fit; the document is of no use then.
  bool follow(const formats::Json& line, formats::Json* document);

  /// Lines that lead an empty history to this one.
  std::vector<formats::Json> lines() const;

 private:
  struct Entry {
    Gesture gesture;
    std::size_t bytes;
  };

  void forgetOldest();
  bool followGesture(const formats::Json& line, formats::Json* document);
  bool followAmend(const formats::Json& line, formats::Json* document);
  bool followStep(bool forward, formats::Json* document);

  std::deque<Entry> entries_;
  std::size_t position_ = 0;  ///< entries before it are done, those from it on undone
  std::size_t bytes_ = 0;
};

}  // namespace gainstage::console
