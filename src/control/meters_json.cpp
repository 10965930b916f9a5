#include "control/meters_json.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "dsp/pitch/temperament.h"

namespace gainstage::control {
namespace {

using Json = nlohmann::ordered_json;

Json reading(const dsp::MeterReading& meter) {
  return {{"peakDb", decibelsOrNull(meter.heldPeak)},
          {"truePeakDb", decibelsOrNull(meter.heldTruePeak)},
          {"rmsDb", decibelsOrNull(meter.rms)},
          {"maxPeakDb", decibelsOrNull(meter.maxPeak)},
          {"maxTruePeakDb", decibelsOrNull(meter.maxTruePeak)},
          {"clips", meter.clips}};
}

/// Nothing but nulls where no note is heard.
Json tunerJson(const rig::TunerReading& tuner) {
  if (!(tuner.hz > 0.0))
    return {{"note", nullptr}, {"cents", nullptr}, {"hz", nullptr}, {"clarity", nullptr}};
  const std::string note =
      fmt::format("{}{}", dsp::kNoteNames[static_cast<std::size_t>(tuner.midi % 12)], tuner.midi / 12 - 1);
  return {{"note", note}, {"cents", tuner.cents}, {"hz", tuner.hz}, {"clarity", tuner.clarity}};
}

Json loopJson(const dsp::LoopReading& loop, double sampleRate) {
  static constexpr std::array kStates{"empty", "recording", "playing", "overdubbing", "stopped"};
  return {{"state", kStates[static_cast<std::size_t>(loop.state)]},
          {"lengthS", static_cast<double>(loop.lengthFrames) / sampleRate},
          {"positionS", static_cast<double>(loop.positionFrames) / sampleRate},
          {"undo", loop.undoable},
          {"redo", loop.redoable},
          {"refused", loop.refused}};
}

/// Of the sample that is `peak`; a full-scale sine peaks 3.01 dB above its RMS.
Json peakDbSpl(const console::OutputMeters& meters, float peak) {
  if (!(peak > 0.0f)) return nullptr;
  return 20.0 * std::log10(static_cast<double>(peak)) - headphones::dbfsOfPeak(0.0, *meters.fullScaleDbSpl);
}

Json numberOrNull(const std::optional<double>& number) {
  return number && std::isfinite(*number) ? Json(*number) : Json(nullptr);
}

Json loadJson(const EngineReport& report) { return {{"mean", report.meanLoad}, {"worst", report.worstLoad}}; }

Json latencyJson(const EngineReport& report) {
  return {{"direct", report.directFrames}, {"processed", report.processedFrames}};
}

Json takeJson(const Engine& engine) {
  return engine.takes().folder().empty() ? Json(nullptr) : Json(engine.takes().folder().string());
}

}  // namespace

Json decibelsOrNull(double magnitude) {
  return magnitude > 0.0 && std::isfinite(magnitude) ? Json(20.0 * std::log10(magnitude)) : Json(nullptr);
}

Json splJson(const console::OutputState& output, const console::OutputMeters& meters) {
  if (!meters.fullScaleDbSpl) return {{"known", false}, {"missing", headphones::missingFigures(output.gear)}};
  const float peak = std::max(meters.channel[0].heldPeak, meters.channel[1].heldPeak);
  return {{"known", true},
          {"fullScaleDbSpl", *meters.fullScaleDbSpl},
          {"levelDba", numberOrNull(meters.levelDba)},
          {"peakDbSpl", peakDbSpl(meters, peak)},
          {"ceilingDb", meters.gainReductionDb},
          {"levelLimitDb", meters.levelLimitDb}};
}

Json metersJson(const Engine& engine) {
  const console::Session session = engine.session();
  const double sampleRate = engine.report().format.sampleRate;
  Json strips = Json::object(), outputs = Json::object();
  for (const console::StripState& strip : session.strips) {
    const console::StripMeters meters = engine.stripMeters(strip.id);
    Json input = Json::array(), wet = Json::array();
    for (std::size_t c = 0; c < strip.inputs.size(); ++c) input.push_back(reading(meters.input[c]));
    for (const dsp::MeterReading& channel : meters.wet) wet.push_back(reading(channel));
    strips[strip.id] = {{"input", input}, {"wet", wet}};
    if (meters.loop) strips[strip.id]["loop"] = loopJson(*meters.loop, sampleRate);
    if (meters.tuner) strips[strip.id]["tuner"] = tunerJson(*meters.tuner);
  }
  for (const console::OutputState& output : session.outputs) {
    const console::OutputMeters meters = engine.outputMeters(output.id);
    Json channels = Json::array();
    for (std::size_t c = 0; c < output.channels.size(); ++c) channels.push_back(reading(meters.channel[c]));
    outputs[output.id] = {{"channels", channels},
                          {"lufs", numberOrNull(meters.integratedLufs)},
                          {"ceilingDb", meters.gainReductionDb},
                          {"levelLimitDb", meters.levelLimitDb},
                          {"levelDba", numberOrNull(meters.levelDba)}};
  }
  return {{"frame", engine.frame()}, {"strips", strips}, {"outputs", outputs}};
}

Json statusJson(const Engine& engine) {
  const EngineReport report = engine.report();
  return {{"frame", engine.frame()},
          {"sampleRate", report.format.sampleRate},
          {"blockFrames", report.format.blockFrames},
          {"frames", report.frames},
          {"lostFrames", report.lostFrames},
          {"xruns", report.xruns},
          {"load", loadJson(report)},
          {"addedLatencyFrames", latencyJson(report)},
          {"deviceGone", report.deviceGone},
          {"take", takeJson(engine)},
          {"panic", engine.isPanicking()},
          {"faults", report.faults},
          {"notes", report.notes}};
}

Json runSummary(const Engine& engine, const std::string& device) {
  const EngineReport report = engine.report();
  const console::Session session = engine.session();
  Json inputs = Json::array(), outputs = Json::array();
  for (const console::StripState& strip : session.strips) {
    const console::StripMeters meters = engine.stripMeters(strip.id);
    float peak = 0.0f;
    std::uint32_t clips = 0;
    for (const dsp::MeterReading& channel : meters.input) {
      peak = std::max(peak, channel.maxPeak);
      clips += channel.clips;
    }
    inputs.push_back({{"name", strip.name}, {"peakDb", decibelsOrNull(peak)}, {"clips", clips}});
  }
  for (const console::OutputState& output : session.outputs) {
    const console::OutputMeters meters = engine.outputMeters(output.id);
    const float peak = std::max(meters.channel[0].maxPeak, meters.channel[1].maxPeak);
    outputs.push_back({{"name", output.name},
                       {"peakDb", decibelsOrNull(peak)},
                       {"lufs", numberOrNull(meters.integratedLufs)}});
    if (!meters.fullScaleDbSpl) continue;
    outputs.back()["peakDbSpl"] = peakDbSpl(meters, peak);
    outputs.back()["dose"] = {{"seconds", meters.dose.seconds},
                              {"nioshPercent", 100.0 * meters.dose.niosh},
                              {"whoPercent", 100.0 * meters.dose.who}};
  }
  Json summary{{"device", device},
               {"sampleRate", report.format.sampleRate},
               {"blockFrames", report.format.blockFrames},
               {"frames", report.frames},
               {"lostFrames", report.lostFrames},
               {"xruns", report.xruns},
               {"load", loadJson(report)},
               {"addedLatencyFrames", latencyJson(report)},
               {"take", takeJson(engine)},
               {"inputs", inputs},
               {"outputs", outputs},
               {"faults", report.faults}};
  // The object is a contract with scripts: a key more only where there is something to say.
  if (!report.notes.empty()) summary["notes"] = report.notes;
  return summary;
}

}  // namespace gainstage::control
