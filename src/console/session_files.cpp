#include "console/session_files.h"

#include <fmt/format.h>

#include "formats/hash.h"

namespace gainstage::console {
namespace {

/// Calls `visit(file, hash, whose)` for every file that is named; `whose()` says where in words.
template <typename AnySession, typename Visit>
void forEachFile(AnySession& session, Visit&& visit) {
  for (auto& strip : session.strips)
    for (auto& block : strip.rig.blocks)
      for (std::size_t i = 0; i < block.files.size(); ++i)
        if (!block.files[i].empty())
          visit(block.files[i], block.fileHashes[i],
                [&] { return fmt::format("block {} in strip {}", block.id, strip.id); });
  for (auto& output : session.outputs)
    if (!output.correctionFile.empty())
      visit(output.correctionFile, output.correctionFileHash,
            [&] { return fmt::format("the correction of output {}", output.id); });
}

}  // namespace

void clearFileHashes(Session& session) {
  forEachFile(session, [](const std::string&, std::string& hash, auto&&) { hash.clear(); });
}

void addFileHashes(Session& session, const std::filesystem::path& folder) {
  forEachFile(session, [&](const std::string& file, std::string& hash, auto&&) {
    if (!hash.empty()) return;
    if (auto found = formats::sha256OfFile(folder / file)) hash = std::move(*found);
  });
}

std::vector<std::string> changedFiles(const Session& session, const std::filesystem::path& folder) {
  std::vector<std::string> sentences;
  forEachFile(session, [&](const std::string& file, const std::string& hash, auto&& whose) {
    if (hash.empty()) return;
    const auto found = formats::sha256OfFile(folder / file);
    if (found && *found != hash)
      sentences.push_back(
          fmt::format("\"{}\" of {} is not the file that the session was saved with: "
                      "check that it is the one you want",
                      file, whose()));
  });
  return sentences;
}

}  // namespace gainstage::console
