#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "console/session.h"
#include "rig/rig_json.h"

/// A session as JSON (docs/session.md). Reading refuses whatever it does not know and says where; a key that
/// is missing takes its declared default; saving writes every key, so that a later default changes no old
/// session. All of it [control].
namespace gainstage::console {

/// A session out of text; `name` stands in front of the error. Errors: ErrorKind::file, the first fault in
/// one sentence with its path, what was expected and found, and how many more there are.
Result<Session> parseSession(std::string_view text, std::string_view name,
                             rig::BlockList blocks = rig::blockDeclarations());

/// The same out of a parsed document.
Result<Session> readSession(const nlohmann::json& document, std::string_view name,
                            rig::BlockList blocks = rig::blockDeclarations());

/// A session out of a file. Relative files in it are meant from the file's folder.
Result<Session> loadSession(const std::filesystem::path& file,
                            rig::BlockList blocks = rig::blockDeclarations());

/// The session as a document and as text: every key, in a fixed order. parseSession gives back an equal
/// session where every value lies within its declaration.
nlohmann::ordered_json sessionToJson(const Session& session);
std::string sessionText(const Session& session);

/// Atomically: the file holds the old session or the new one, whatever happens. Files that the session names
/// and that can be read get their hashes.
Result<void> saveSession(const std::filesystem::path& file, const Session& session);

}  // namespace gainstage::console
