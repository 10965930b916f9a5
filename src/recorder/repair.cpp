#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "formats/file_error.h"
#include "formats/output_file.h"
#include "recorder/stream_file.h"
#include "recorder/takes.h"

namespace gainstage::recorder {
namespace {

namespace fs = std::filesystem;

/// A stream and its file, open and locked; no file: it cannot be mended.
struct Patient {
  StreamManifest* stream = nullptr;
  StreamFile found;
  std::unique_ptr<formats::OutputFile> file;
};

Result<std::vector<Patient>> admit(const fs::path& folder, TakeRepair& repair) {
  std::vector<Patient> patients;
  for (StreamManifest& stream : repair.manifest.streams) {
    const fs::path path = folder / stream.file;
    if (formats::isBeingWritten(path))
      return formats::fileError(folder, "is being recorded: stop that first");
    const auto found = inspectStreamFile(path, stream, repair.manifest.sampleRate);
    if (!found) {
      repair.lost.push_back(found.error().message);
      continue;
    }
    if (!found->isOurs) {
      repair.lost.push_back(fmt::format("{} is not the file that was recorded, and is left as it is",
                                        formats::quoted(stream.file)));
      continue;
    }
    auto file = formats::openForRepair(path);
    if (!file) return file.error();
    patients.push_back({&stream, *found, std::move(*file)});
  }
  return patients;
}

/// Length and header. False: nothing had to be done.
Result<bool> mend(Patient& patient, TakeRepair& repair) {
  StreamManifest& stream = *patient.stream;
  const std::int64_t frames = repair.manifest.frames;
  if (patient.found.headerIsRight && patient.found.frames == frames) return false;
  const formats::WavFormat format = wavFormatOf(stream, repair.manifest.sampleRate);
  const std::int64_t bytes = frames * format.frameBytes();
  // Cut before it grows: half a frame may stand where zeros have to be.
  const std::int64_t whole = std::min(frames, patient.found.frames) * format.frameBytes();
  if (auto cut = patient.file->resize(patient.found.headerBytes + whole); !cut) return cut.error();
  if (auto sized = patient.file->resize(patient.found.headerBytes + bytes + bytes % 2); !sized)
    return sized.error();
  if (auto header = patient.file->writeAt(0, formats::wavHeader(format, frames)); !header)
    return header.error();
  if (auto synced = patient.file->sync(); !synced) return synced.error();
  const std::int64_t absent = frames - patient.found.frames;
  if (absent > 0) stream.addMissing({patient.found.frames, absent, MissingReason::crash});
  repair.done.push_back(fmt::format(
      "{} now says that it holds {} frames{}", formats::quoted(stream.file), frames,
      absent > 0 ? fmt::format("; the last {} were never written and are silent", absent) : std::string()));
  return true;
}

}  // namespace

Result<TakeRepair> repairTake(const fs::path& folder) {
  auto manifest = readManifest(folder);
  if (!manifest) return manifest.error();
  TakeRepair repair{*std::move(manifest), {}, {}};
  TakeManifest& take = repair.manifest;
  auto patients = admit(folder, repair);
  if (!patients) return patients.error();
  if (patients->empty()) return repair;

  // Of a take that was complete, we know how long it should be.
  const bool wasComplete = take.state == TakeState::complete;
  std::int64_t longest = wasComplete ? take.frames : 0;
  for (const Patient& patient : *patients) longest = std::max(longest, patient.found.frames);
  take.frames = longest;
  for (Patient& patient : *patients) {
    const auto changed = mend(patient, repair);
    if (!changed) return changed.error();
    if (wasComplete && !*changed) continue;  // its hash stays the witness of what was recorded
    StreamManifest& stream = *patient.stream;
    const auto content = readStreamContent(folder / stream.file, stream, take.sampleRate, take.frames);
    if (!content) return content.error();
    stream.frames = take.frames;
    stream.sha256 = content->sha256;
    if (content->peak > 0.0f) stream.peakDb = Decibels::fromLinear(content->peak).value;
  }
  if (!wasComplete)
    repair.done.push_back(
        fmt::format("The take is marked as complete, with {} frames ({:.1f} s); what came in less "
                    "than a second before its program ended may be missing",
                    take.frames, static_cast<double>(take.frames) / take.sampleRate));
  if (repair.done.empty()) return repair;
  take.state = TakeState::complete;
  take.repaired = true;
  std::error_code ignored;
  fs::remove(folder / ".reserve", ignored);
  if (auto written = writeManifest(folder, take); !written) return written.error();
  return repair;
}

}  // namespace gainstage::recorder
