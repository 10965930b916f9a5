#include "recorder/takes.h"

#include <algorithm>
#include <fmt/format.h>

#include "formats/file_error.h"
#include "formats/output_file.h"
#include "recorder/stream_file.h"

namespace gainstage::recorder {
namespace {

namespace fs = std::filesystem;

TakeEntry entryOf(const fs::path& folder) {
  TakeEntry entry{folder, TakeCondition::complete, {}, {}};
  auto manifest = readManifest(folder);
  if (!manifest) {
    entry.condition = TakeCondition::unreadable;
    entry.problem = manifest.error().message;
    return entry;
  }
  entry.manifest = *std::move(manifest);
  if (entry.manifest.state == TakeState::recording) {
    const bool busy = std::ranges::any_of(entry.manifest.streams, [&](const StreamManifest& stream) {
      return formats::isBeingWritten(folder / stream.file);
    });
    entry.condition = busy ? TakeCondition::beingRecorded : TakeCondition::interrupted;
  }
  return entry;
}

/// What is wrong with a stream's file; empty: nothing.
std::string problemOf(const fs::path& path, const TakeManifest& take, const StreamManifest& stream) {
  const auto file = inspectStreamFile(path, stream, take.sampleRate);
  if (!file) return file.error().message;
  const std::string name = formats::quoted(stream.file);
  if (!file->isOurs) return fmt::format("{} is not the file that was recorded: put that back", name);
  if (!file->headerIsRight)
    return fmt::format("{} has a header that does not fit its {} frames: repair the take", name,
                       file->frames);
  if (file->frames != take.frames)
    return fmt::format("{} holds {} frames and should hold {}: {}", name, file->frames, take.frames,
                       file->frames < take.frames ? "copy it again or repair the take" : "repair the take");
  if (stream.sha256.empty()) return {};
  const auto content = readStreamContent(path, stream, take.sampleRate, file->frames);
  if (!content) return content.error().message;
  if (content->sha256 == stream.sha256) return {};
  return fmt::format("{} is not as it was recorded: its audio has changed; copy it again if you have another",
                     name);
}

}  // namespace

Result<std::vector<TakeEntry>> listTakes(const fs::path& folder) {
  std::error_code problem;
  if (fs::exists(folder / kManifestName, problem)) return std::vector{entryOf(folder)};
  std::vector<TakeEntry> takes;
  fs::directory_iterator at(folder, problem), end;
  if (problem) return formats::systemError(folder, problem.value());
  for (; at != end; at.increment(problem)) {
    if (problem) return formats::systemError(folder, problem.value());
    std::error_code ignored;
    if (fs::exists(at->path() / kManifestName, ignored)) takes.push_back(entryOf(at->path()));
  }
  std::ranges::sort(takes, {}, &TakeEntry::folder);
  return takes;
}

Result<TakeCheck> verifyTake(const fs::path& folder) {
  auto manifest = readManifest(folder);
  if (!manifest) return manifest.error();
  TakeCheck check{*std::move(manifest), {}};
  if (check.manifest.state == TakeState::recording)
    check.problems.push_back("The take was never closed: repair it, unless it is being recorded");
  for (const StreamManifest& stream : check.manifest.streams)
    if (std::string problem = problemOf(folder / stream.file, check.manifest, stream); !problem.empty())
      check.problems.push_back(std::move(problem));
  return check;
}

}  // namespace gainstage::recorder
