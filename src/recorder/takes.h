#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/result.h"
#include "recorder/manifest.h"

namespace gainstage::recorder {

enum class TakeCondition {
  complete,
  beingRecorded,  ///< by a program that runs
  interrupted,    ///< its program ended without closing it: repairTake makes it whole
  unreadable,     ///< `problem` tells why
};

struct TakeEntry {
  std::filesystem::path folder;
  TakeCondition condition = TakeCondition::complete;
  TakeManifest manifest;  ///< empty where unreadable
  std::string problem;
};

/// The takes in a folder, or the take that the folder is, by name. Others' folders in it are passed over.
/// [control]
Result<std::vector<TakeEntry>> listTakes(const std::filesystem::path& folder);

struct TakeCheck {
  TakeManifest manifest;
  std::vector<std::string> problems;  ///< a sentence each; none: every byte is as it was recorded
};

/// Reads all of a take: files, headers, lengths, hashes. Frames that were missing from the start are no
/// problem here: the manifest lists them. Error: take.json cannot be used. [control]
Result<TakeCheck> verifyTake(const std::filesystem::path& folder);

struct TakeRepair {
  TakeManifest manifest;          ///< as it is now
  std::vector<std::string> done;  ///< a sentence for each thing that was mended; none: nothing had to be
  std::vector<std::string> lost;  ///< a sentence for each thing that cannot be
};

/// Makes an interrupted take whole: headers are rebuilt from the files' lengths, shorter streams filled up
/// with zeros to the longest (listed as missing), the take marked complete. Nothing is cut but a last frame
/// that is not whole. A second repair finds nothing to do. Errors: take.json cannot be used, a file cannot be
/// written, or the take is being recorded. [control]
Result<TakeRepair> repairTake(const std::filesystem::path& folder);

}  // namespace gainstage::recorder
