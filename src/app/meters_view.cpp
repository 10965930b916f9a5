#include "app/meters_view.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace gainstage::app {
namespace {

constexpr int kBarWidth = 36;
constexpr double kLowestDb = -72.0;

double decibels(float magnitude) { return magnitude > 0.0f ? 20.0 * std::log10(magnitude) : -200.0; }

/// RMS as the bar, the held peak as a mark in it: green below -18 dBFS, yellow to -3, red above.
std::string bar(float rms, float peak) {
  const auto cell = [](double db) {
    return static_cast<int>(std::clamp((db - kLowestDb) / -kLowestDb, 0.0, 1.0) * kBarWidth);
  };
  const int filled = cell(decibels(rms)), mark = cell(decibels(peak)) - 1;
  std::string text;
  int colour = 0;
  for (int i = 0; i < kBarWidth; ++i) {
    const double db = kLowestDb * (1.0 - (i + 0.5) / kBarWidth);
    const int wanted = db > -3.0 ? 31 : db > -18.0 ? 33 : 32;
    if (wanted != colour) text += fmt::format("\033[{}m", colour = wanted);
    text += i == mark ? "┃" : i < filled ? "━" : "\033[2m╌\033[22m";
  }
  return text + "\033[0m";
}

std::string level(float magnitude) {
  return magnitude > 0.0f ? fmt::format("{:6.1f}", decibels(magnitude)) : std::string("    --");
}

std::string row(const std::string& name, const dsp::MeterReading* channels, int count,
                const std::string& note) {
  float rms = 0.0f, peak = 0.0f;
  for (int c = 0; c < count; ++c) {
    rms = std::max(rms, channels[c].rms);
    peak = std::max(peak, channels[c].heldPeak);
  }
  return fmt::format("  {:<20.20} {} {} dBFS {}\033[K\n", name, bar(rms, peak), level(peak), note);
}

/// Level, and the share of a day's and of seven days' dose that this run made; nothing where it is unknown.
std::string atTheEar(const console::OutputMeters& meters) {
  if (!meters.fullScaleDbSpl) return {};
  const std::string level = meters.levelDba ? fmt::format("{:.0f}", *meters.levelDba) : "--";
  return fmt::format("  {} dBA  dose {:.1f} % of a day, {:.1f} % of a week", level, 100.0 * meters.dose.niosh,
                     100.0 * meters.dose.who);
}

}  // namespace

std::string MetersView::draw(const control::Engine& engine) {
  const console::Session session = engine.session();
  std::string text = erase();
  for (const console::StripState& strip : session.strips) {
    const console::StripMeters meters = engine.stripMeters(strip.id);
    const auto clips = meters.input[0].clips + meters.input[1].clips;
    text += row(strip.name, meters.input, static_cast<int>(strip.inputs.size()),
                clips > 0 ? fmt::format("\033[31mclipped {}x\033[0m", clips) : "");
    ++lines_;
  }
  for (const console::OutputState& output : session.outputs) {
    const console::OutputMeters meters = engine.outputMeters(output.id);
    text += row("→ " + output.name, meters.channel, 2,
                (meters.integratedLufs ? fmt::format("{:6.1f} LUFS", *meters.integratedLufs) : "") +
                    atTheEar(meters));
    ++lines_;
  }
  const control::EngineReport report = engine.report();
  const double seconds = static_cast<double>(report.frames) / report.format.sampleRate;
  text += fmt::format("  {:02d}:{:04.1f}  {} Hz, {} frames  load {:.0f} %  lost {}{}{}\033[K\n",
                      static_cast<int>(seconds) / 60, std::fmod(seconds, 60.0), report.format.sampleRate,
                      report.format.blockFrames, 100.0 * report.meanLoad, report.lostFrames,
                      engine.takes().isRecording() ? "  \033[31m●\033[0m recording" : "",
                      engine.isPanicking() ? "  \033[31mPANIC: muted\033[0m" : "");
  ++lines_;
  return text;
}

std::string MetersView::erase(int below) {
  std::string text = lines_ > 0 ? fmt::format("\033[{}A\033[J", lines_ + below) : "";
  lines_ = 0;
  return text;
}

}  // namespace gainstage::app
