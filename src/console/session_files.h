#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "console/session.h"

/// The files that a session's blocks and corrections refer to: by path, relative to the session's folder, and
/// by hash, so that one that was exchanged under the same name is noticed. All of it [control].
namespace gainstage::console {

/// Forgets every hash.
void clearFileHashes(Session& session);

/// Fills in every hash that is not known, for files that can be read.
void addFileHashes(Session& session, const std::filesystem::path& folder);

/// One sentence for each file that is there and is not what it was when the session was saved. Files that are
/// missing are their rigs' to tell.
std::vector<std::string> changedFiles(const Session& session, const std::filesystem::path& folder);

}  // namespace gainstage::console
