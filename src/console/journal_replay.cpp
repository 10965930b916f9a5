#include "console/journal_replay.h"

#include <algorithm>

#include "console/session_files.h"
#include "formats/hash.h"

namespace gainstage::console {
namespace {

using formats::Json;

constexpr int kJournalVersion = 1;

Json headerLine() { return {{"gainstage", "journal"}, {"version", kJournalVersion}}; }

/// Follows `lines`; the number of those that could be.
std::size_t follow(std::span<const Json> lines, History& history, Json* document) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (!history.follow(lines[i], document)) return i;
  return lines.size();
}

bool isStep(const Json& line) { return !line.contains("saved") && !line.contains("gainstage"); }

/// Follows `lines` from a saved session on; nothing where one does not fit or the session that comes out
/// would be refused.
bool recover(std::span<const Json> lines, rig::BlockList blocks, Replay& replay) {
  Json document(sessionToJson(replay.session));
  if (follow(lines, replay.history, &document) != lines.size()) return false;
  auto session = readSession(document, "journal", blocks);
  if (!session) return false;
  replay.session = std::move(*session);
  replay.recoveredSteps = static_cast<int>(std::ranges::count_if(lines, isStep));
  replay.lines.insert(replay.lines.end(), lines.begin(), lines.end());
  return true;
}

}  // namespace

Json savedLine(const Session& session) {
  // Saving fills in the hashes of files, which is nothing that anyone did.
  Session marked = session;
  clearFileHashes(marked);
  const std::string text = sessionText(marked);
  formats::Sha256 hash;
  hash.add(std::as_bytes(std::span(text)));
  return {{"saved", hash.finish()}};
}

std::vector<Json> journalLines(const History& history, const Session& session) {
  std::vector<Json> lines = history.lines();
  lines.insert(lines.begin(), headerLine());
  lines.push_back(savedLine(session));
  return lines;
}

Replay replayed(const std::vector<Json>& lines, const Session& session, rig::BlockList blocks) {
  Replay anew{.session = session};
  anew.lines = journalLines(anew.history, session);
  if (lines.empty() || lines.front() != headerLine()) return anew;
  const auto mark = std::find(lines.rbegin(), lines.rend(), savedLine(session)).base();
  const std::span before(lines.begin(), mark), after(mark, lines.end());
  Replay replay{.session = session};
  if (before.empty() || follow(before, replay.history, nullptr) != before.size()) return anew;
  replay.lines = journalLines(replay.history, session);
  // All of it, or else up to the first line that does not fit, or else nothing.
  Replay whole = replay;
  if (recover(after, blocks, whole)) return whole;
  Json document(sessionToJson(session));
  History history = replay.history;
  Replay part = replay;
  if (recover(after.first(follow(after, history, &document)), blocks, part)) return part;
  return replay;
}

}  // namespace gainstage::console
