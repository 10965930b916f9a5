#pragma once

#include "console/journal_history.h"
#include "console/session_json.h"

namespace gainstage::console {

/// What a journal's file comes to, given the session that was saved.
struct Replay {
  Session session;  ///< with what was done after it was saved
  History history = {};
  int recoveredSteps = 0;
  std::vector<formats::Json> lines = {};  ///< the file as it should be now
};

/// A history that holds no mark of this session is not of this session as it stands: it is begun anew. Steps
/// after the last mark are followed for as far as they fit and give a valid session. [control]
Replay replayed(const std::vector<formats::Json>& lines, const Session& session, rig::BlockList blocks);

/// The mark of a session that is about to be saved. [control]
formats::Json savedLine(const Session& session);

/// A whole file: the history, up to a session that is saved. [control]
std::vector<formats::Json> journalLines(const History& history, const Session& session);

}  // namespace gainstage::console
