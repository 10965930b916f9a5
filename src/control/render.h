#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/units.h"
#include "formats/wav_header.h"

namespace gainstage::control {

struct RenderOptions {
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path output;                  ///< a file for one input, or a folder
  std::optional<std::filesystem::path> session;  ///< the whole path, as a run has it
  std::optional<std::filesystem::path> rig;      ///< a rig and nothing else
  std::optional<std::filesystem::path> capture;  ///< a capture and nothing else, each channel by itself
  std::optional<double> size;                    ///< of the capture, 0..1; none: its largest
  std::optional<std::filesystem::path> cab;      ///< an impulse response behind them, or alone
  std::string outputId;  ///< which of the session's outputs; empty: the first into a file, all into a folder
  double sampleRate = 0.0;               ///< Hz; 0: each input's own
  std::optional<double> beatsPerMinute;  ///< of a rig, 20..400; none: 120. A session has its own
  std::optional<bool> liveQuality;  ///< of a rig: as it says; none, false: offline wherever a block has both
  FrameCount blockFrames = 64;
  Milliseconds tail{0.0};  ///< how much longer than its input each output is
  int jobs = 1;            ///< files at a time
  formats::SampleFormat sampleFormat = formats::SampleFormat::float32;
};

struct RenderedFile {
  std::filesystem::path input;
  std::filesystem::path output;
  std::int64_t frames = 0;
  double timesRealtime = 0.0;
};

struct RenderResult {
  std::vector<RenderedFile> files;
  std::vector<std::string> faults;  ///< one sentence each; what was rendered is whole all the same
  std::vector<std::string> notes;   ///< what blocks could not do for want of a figure
};

/// Told now and then: the share of all inputs that is done, 0..1. From any of the jobs' threads, one at a
/// time.
using RenderProgress = std::function<void(double share)>;

/// Renders every input. An error (usage or file) leaves no new file behind for the input that it concerns;
/// inputs before it are done. [control]
Result<RenderResult> render(const RenderOptions& options, const RenderProgress& progress = {});

}  // namespace gainstage::control
