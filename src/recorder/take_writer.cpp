#include "recorder/take_writer.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "formats/audio_file.h"
#include "formats/file_error.h"

namespace gainstage::recorder {
namespace {

namespace fs = std::filesystem;

// Room for the last manifest, given back just before it is written, when the disk may be full.
constexpr std::string_view kReserveName = ".reserve";
constexpr std::size_t kReserveBytes = 256 << 10;

/// "02-Lead-Vocal-wet.wav": the number makes it unique, whatever people call their strips.
std::string fileNameFor(std::size_t index, const StreamDescription& stream) {
  const std::string name = safeFileName(stream.name.empty() ? stream.sourceId : stream.name);
  return fmt::format("{:02}-{}{}{}.wav", index + 1, name, name.empty() ? "" : "-", nameOf(stream.role));
}

void keepFirst(Result<void>& first, Result<void> next) {
  if (first && !next) first = std::move(next);
}

}  // namespace

Result<TakeWriter> TakeWriter::create(const TakeDescription& description, const RecorderConfig& config) {
  const auto time = config.clock();
  auto folder = TakeFolder::create(description.parent, folderNameFor(time));
  if (!folder) return folder.error();
  TakeWriter writer(std::move(*folder));
  writer.manifest_.startedAt = timestampFor(time);
  if (auto opened = writer.open(description, config); !opened) {
    writer.files_.clear();
    return opened.error();
  }
  writer.folder_.keep();
  return writer;
}

Result<void> TakeWriter::open(const TakeDescription& description, const RecorderConfig& config) {
  manifest_.sampleRate = description.sampleRate;
  peaks_.assign(description.streams.size(), 0.0f);
  for (std::size_t i = 0; i < description.streams.size(); ++i) {
    const StreamDescription& stream = description.streams[i];
    manifest_.streams.push_back({.file = fileNameFor(i, stream),
                                 .role = stream.role,
                                 .sourceId = stream.sourceId,
                                 .name = stream.name,
                                 .channels = stream.channels,
                                 .sampleFormat = description.sampleFormat,
                                 .latencyFrames = stream.latencyFrames});
    auto file = config.openFile(folder() / manifest_.streams.back().file);
    if (!file) return file.error();
    auto wav = formats::WavWriter::create(std::move(*file),
                                          {.sampleRate = description.sampleRate,
                                           .channels = stream.channels,
                                           .sampleFormat = description.sampleFormat},
                                          {.hashed = true});
    if (!wav) return wav.error();
    files_.push_back(std::move(*wav));
  }
  if (!description.session.empty()) {
    manifest_.session = "session.json";
    if (auto saved = formats::writeFileAtomically(folder() / manifest_.session, description.session); !saved)
      return saved;
  }
  if (auto held = holdReserve(); !held) return held;
  return writeManifest(folder(), manifest_);
}

Result<void> TakeWriter::holdReserve() {
  auto reserve = formats::createFile(folder() / kReserveName);
  if (!reserve) return reserve.error();
  // Not zeros, which some file systems would not store.
  return (*reserve)->writeAt(0, std::vector(kReserveBytes, std::byte{0x47}));
}

Result<void> TakeWriter::drain(LiveTake& live) {
  const FrameTime start = live.startFrame();
  manifest_.startFrame = start == LiveTake::kUnknown ? 0 : start;
  bool wroteSome = true;
  while (wroteSome) {  // in turns, so that no stream's queue fills while another's is emptied
    wroteSome = false;
    for (int i = 0; i < live.streams(); ++i) {
      const StreamQueue::Piece piece = live.queue(i).front();
      if (piece.empty()) continue;
      const auto index = static_cast<std::size_t>(i);
      formats::WavWriter& file = files_[index];
      if (piece.missingFrames > 0) {
        const std::int64_t at = file.frames();
        if (auto written = file.writeSilence(piece.missingFrames); !written) return written;
        manifest_.streams[index].addMissing({at, piece.missingFrames, piece.reason});
      } else {
        if (auto written = file.writeInterleaved(piece.samples); !written) return written;
        float peak = peaks_[index];
        for (const float sample : piece.samples)
          if (std::isfinite(sample)) peak = std::max(peak, std::abs(sample));
        peaks_[index] = peak;
      }
      live.queue(i).pop(piece);
      wroteSome = true;
    }
  }
  updateFacts();
  return {};
}

void TakeWriter::updateFacts() {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    StreamManifest& stream = manifest_.streams[i];
    stream.frames = files_[i].frames();
    if (peaks_[i] > 0.0f) stream.peakDb = Decibels::fromLinear(peaks_[i]).value;
    manifest_.frames = i == 0 ? stream.frames : std::min(manifest_.frames, stream.frames);
  }
}

Result<void> TakeWriter::updateHeaders() {
  for (formats::WavWriter& file : files_)
    if (auto updated = file.updateHeader(); !updated) return updated;
  return {};
}

Result<void> TakeWriter::updateManifest() { return writeManifest(folder(), manifest_); }

Result<void> TakeWriter::sync() {
  for (formats::WavWriter& file : files_)
    if (auto synced = file.sync(); !synced) return synced;
  return {};
}

double TakeWriter::bytesPerSecond() const noexcept {
  double bytes = 0.0;
  for (const formats::WavWriter& file : files_) bytes += file.format().frameBytes();
  return bytes * manifest_.sampleRate;
}

Result<void> TakeWriter::finish(std::optional<std::int64_t> length, MissingReason reason,
                                std::string endedBy) {
  Result<void> result;
  std::int64_t longest = 0;
  for (const formats::WavWriter& file : files_) longest = std::max(longest, file.frames());
  const std::int64_t frames = length.value_or(longest);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const std::int64_t at = files_[i].frames();
    if (at < frames) {
      auto padded = files_[i].writeSilence(frames - at);
      if (padded) manifest_.streams[i].addMissing({at, frames - at, reason});
      keepFirst(result, std::move(padded));
    }
    keepFirst(result, files_[i].close());
    manifest_.streams[i].sha256 = files_[i].audioSha256();
  }
  updateFacts();
  manifest_.state = TakeState::complete;
  manifest_.endedBy = std::move(endedBy);
  std::error_code ignored;
  fs::remove(folder() / kReserveName, ignored);
  keepFirst(result, updateManifest());
  return result;
}

}  // namespace gainstage::recorder
