#include "control/inspect.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "console/session_json.h"
#include "control/headphones.h"
#include "control/inspect_capture.h"
#include "control/inspect_folder.h"
#include "control/meters_json.h"
#include "formats/audio_file.h"
#include "formats/file_error.h"
#include "formats/json.h"
#include "recorder/takes.h"
#include "rig/rig.h"
#include "rig/rig_json.h"

namespace gainstage::control {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Any will do: nothing is played.
constexpr StreamFormat kFormat{48000.0, 64};

/// What there is to tell of blocks.
struct Findings {
  Json problems = Json::array();  // sentences for files that are missing or cannot be used
  Json notes = Json::array();     // and for what blocks cannot do for want of a figure
  Json sound = Json::object();    // of the rig that was made last: latency, tail, channels
};

/// Names of a rig's blocks, each made as a run would.
Json blocksOf(const rig::RigState& rig, const fs::path& folder, int channels,
              std::optional<double> fullScaleDbu, Findings& findings) {
  Json blocks = Json::array();
  std::set<std::string> missing;
  for (const rig::BlockState& block : rig.blocks) {
    blocks.push_back({{"id", block.id}, {"type", block.declaration->type}, {"on", block.on}});
    if (block.chain != rig::Chain::main)
      blocks.back()["chain"] = rig::kChainWords[static_cast<std::size_t>(block.chain)];
    for (const std::string& file : block.files) {
      std::error_code ignored;
      if (file.empty() || fs::exists(folder / file, ignored)) continue;
      missing.insert(block.id);
      findings.problems.push_back(
          fmt::format("{} of block {} is missing; the block is muted.", file, block.id));
    }
  }
  const auto built = rig::Rig::build(rig, kFormat, channels, folder, fullScaleDbu);
  findings.sound = {{"latencyMs", 1e3 * built->latencyFrames() / kFormat.sampleRate},
                    {"tailS", static_cast<double>(built->tailFrames()) / kFormat.sampleRate},
                    {"outputChannels", built->outputChannels()}};
  for (const rig::BlockMessage& problem : built->problems())
    if (!missing.contains(problem.blockId))
      findings.problems.push_back(fmt::format("Block {} is muted: {}", problem.blockId, problem.message));
  for (const rig::BlockMessage& note : built->notes())
    findings.notes.push_back(fmt::format("Block {}: {}", note.blockId, note.message));
  return blocks;
}

Result<Json> inspectSession(const fs::path& file) {
  const auto session = console::loadSession(file);
  if (!session) return session.error();
  Json strips = Json::array(), outputs = Json::array();
  Findings findings;
  for (const console::StripState& strip : session->strips)
    strips.push_back(
        {{"id", strip.id},
         {"name", strip.name},
         {"inputs", strip.inputs},
         {"blocks", blocksOf(strip.rig, file.parent_path(), static_cast<int>(strip.inputs.size()),
                             strip.fullScaleDbu, findings)}});
  for (const console::OutputState& output : session->outputs)
    outputs.push_back({{"id", output.id},
                       {"name", output.name},
                       {"channels", output.channels},
                       {"sends", output.mix.size()}});
  return Json{
      {"file", file.string()}, {"kind", "session"},       {"name", session->name},        {"strips", strips},
      {"outputs", outputs},    {"notes", findings.notes}, {"problems", findings.problems}};
}

Result<Json> inspectRig(const fs::path& file) {
  const auto document = rig::loadRig(file);
  if (!document) return document.error();
  Findings findings;
  const Json blocks = blocksOf(document->rig, file.parent_path(), 1, std::nullopt, findings);
  Json found{{"file", file.string()}, {"kind", "rig"}, {"name", document->name}, {"blocks", blocks}};
  found.update(findings.sound);
  found["notes"] = findings.notes;
  found["problems"] = findings.problems;
  return found;
}

Result<Json> inspectTake(const fs::path& folder) {
  const auto check = recorder::verifyTake(folder);
  if (!check) return check.error();
  Json streams = Json::array();
  for (const recorder::StreamManifest& stream : check->manifest.streams)
    streams.push_back(
        {{"file", stream.file}, {"role", recorder::nameOf(stream.role)}, {"channels", stream.channels}});
  return Json{
      {"file", folder.string()},          {"kind", "take"},     {"sampleRate", check->manifest.sampleRate},
      {"frames", check->manifest.frames}, {"streams", streams}, {"problems", check->problems}};
}

Result<Json> inspectAudio(const fs::path& file) {
  const auto data = formats::readAudioFile(file, {.nonFinite = formats::NonFinite::silence});
  if (!data) return data.error();
  Json problems = Json::array();
  if (data->silencedSamples > 0)
    problems.push_back(fmt::format("{} samples are not finite numbers.", data->silencedSamples));
  float peak = 0.0f;
  FrameCount peakFrame = 0;
  double energy = 0.0;
  for (int c = 0; c < data->audio.channels(); ++c) {
    const auto samples = data->audio.channel(c);
    for (std::size_t n = 0; n < samples.size(); ++n) {
      energy += static_cast<double>(samples[n]) * static_cast<double>(samples[n]);
      if (std::abs(samples[n]) <= peak) continue;
      peak = std::abs(samples[n]);
      peakFrame = static_cast<FrameCount>(n);
    }
  }
  const double count = static_cast<double>(data->audio.channels()) * data->audio.frames();
  if (peak == 0.0f) problems.push_back("It is silent.");
  return Json{{"file", file.string()},
              {"kind", "audio"},
              {"channels", data->audio.channels()},
              {"sampleRate", data->sampleRate},
              {"frames", data->audio.frames()},
              {"seconds", data->audio.frames() / data->sampleRate},
              {"peakDb", decibelsOrNull(peak)},
              {"peakFrame", peakFrame},
              {"rmsDb", decibelsOrNull(std::sqrt(energy / std::max(count, 1.0)))},
              {"problems", problems}};
}

}  // namespace

Result<Json> inspect(const fs::path& file) {
  std::error_code ignored;
  if (fs::is_directory(file, ignored))
    return fs::exists(file / recorder::kManifestName, ignored) ? inspectTake(file) : inspectFolder(file);
  if (file.extension() == ".nam") return inspectCapture(file);
  if (file.extension() == ".txt" || file.extension() == ".csv") return inspectHeadphoneText(file);
  if (file.extension() != ".json") return inspectAudio(file);
  const auto text = formats::readTextFile(file);
  if (!text) return text.error();
  const auto document = formats::parseNumericJson(*text, formats::quoted(file));
  if (!document) return document.error();
  const formats::Json& root = document->root;
  if (looksLikeCapture(root)) return inspectCapture(file);
  const std::string kind = root.is_object() && root.contains("gainstage") && root["gainstage"].is_string()
                               ? root["gainstage"].get<std::string>()
                               : "";
  if (kind == "rig") return inspectRig(file);
  if (kind == "session") return inspectSession(file);
  if (file.filename() == recorder::kManifestName) return inspectTake(file.parent_path());
  return Error{ErrorKind::file, fmt::format("{} is JSON, but neither a session nor a rig (it lacks "
                                            "\"gainstage\": \"session\" or \"rig\") nor a "
                                            "capture.",
                                            file.string())};
}

}  // namespace gainstage::control
