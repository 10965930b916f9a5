#include "console/session_files.h"

#include <fmt/format.h>

#include "formats/hash.h"

namespace gainstage::console {
namespace {

/// Calls `visit(strip, block, file, hash)` for every file that is named.
template <typename AnySession, typename Visit>
void forEachFile(AnySession& session, Visit&& visit) {
  for (auto& strip : session.strips)
    for (auto& block : strip.rig.blocks)
      for (std::size_t i = 0; i < block.files.size(); ++i)
        if (!block.files[i].empty()) visit(strip, block, block.files[i], block.fileHashes[i]);
}

}  // namespace

void clearFileHashes(Session& session) {
  forEachFile(session, [](const auto&, const auto&, const std::string&, std::string& hash) { hash.clear(); });
}

void addFileHashes(Session& session, const std::filesystem::path& folder) {
  forEachFile(session, [&](const auto&, const auto&, const std::string& file, std::string& hash) {
    if (!hash.empty()) return;
    if (auto found = formats::sha256OfFile(folder / file)) hash = std::move(*found);
  });
}

std::vector<std::string> changedFiles(const Session& session, const std::filesystem::path& folder) {
  std::vector<std::string> sentences;
  forEachFile(session, [&](const StripState& strip, const rig::BlockState& block, const std::string& file,
                           const std::string& hash) {
    if (hash.empty()) return;
    const auto found = formats::sha256OfFile(folder / file);
    if (found && *found != hash)
      sentences.push_back(
          fmt::format("\"{}\" of block {} in strip {} is not the file that the session was saved with: "
                      "check that it is the one you want",
                      file, block.id, strip.id));
  });
  return sentences;
}

}  // namespace gainstage::console
