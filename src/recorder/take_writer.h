#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/wav_writer.h"
#include "recorder/live_take.h"
#include "recorder/take_description.h"
#include "recorder/take_folder.h"

namespace gainstage::recorder {

/// A take's files. All methods but sync() on one thread at a time.
class TakeWriter {
 public:
  /// Folder, session, manifest and a WAV for each stream; nothing is left of them where one fails. [control]
  static Result<TakeWriter> create(const TakeDescription& description, const RecorderConfig& config);

  const std::filesystem::path& folder() const noexcept { return folder_.path(); }
  const TakeManifest& manifest() const noexcept { return manifest_; }

  /// Writes what waits in the queues. An error ends the take: finish() is all that may follow.
  Result<void> drain(LiveTake& live);
  Result<void> updateHeaders();
  Result<void> updateManifest();
  /// Waits until the disk has what was written before. May run beside the others. [sync thread]
  Result<void> sync();
  /// Bytes that a second of the take needs.
  double bytesPerSecond() const noexcept;

  /// All streams as long as the take (`length`, or of the longest where that is not known), headers, hashes,
  /// manifest. `reason`: of what is missing at the end of shorter ones. Goes on after an error, and gives the
  /// first.
  Result<void> finish(std::optional<std::int64_t> length, MissingReason reason, std::string endedBy);

 private:
  TakeWriter(TakeFolder folder) : folder_(std::move(folder)) {}
  Result<void> open(const TakeDescription& description, const RecorderConfig& config);
  Result<void> holdReserve();
  void updateFacts();

  TakeFolder folder_;
  TakeManifest manifest_;
  std::vector<formats::WavWriter> files_;
  std::vector<float> peaks_;
};

}  // namespace gainstage::recorder
