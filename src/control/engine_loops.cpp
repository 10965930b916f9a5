#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <thread>

#include "console/session_json.h"
#include "control/engine.h"
#include "control/loop_take.h"

/// What an engine does with its strips' loops.
namespace gainstage::control {

Result<void> Engine::loop(const std::string& strip, dsp::LoopAction action, FrameTime at) {
  const std::lock_guard lock(control_);
  return console_.loop(strip, action, at == console::kNow ? at : std::max<FrameTime>(at - framesBefore_, 0));
}

Result<std::filesystem::path> Engine::saveLoop(const std::string& strip,
                                               const std::filesystem::path& folder) {
  constexpr auto kPatience = std::chrono::seconds(1);
  // Held throughout: a device that changes its format would take the loop away.
  const std::lock_guard lock(control_);
  const console::Session& session = console_.session();
  const auto state = std::ranges::find(session.strips, strip, &console::StripState::id);
  if (state == session.strips.end())
    return Error{ErrorKind::usage, fmt::format("There is no strip \"{}\".", strip)};
  dsp::Looper* looper = console_.looper(strip);
  if (!looper || looper->reading().state == dsp::LoopState::empty)
    return Error{ErrorKind::usage, fmt::format("{} has no loop to save.", state->name)};
  if (auto asked = console_.loop(strip, dsp::LoopAction::pin); !asked) return asked.error();
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!looper->isPinned() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  Result<std::filesystem::path> saved =
      Error{ErrorKind::usage, fmt::format("The loop of {} is being recorded; end that first.", state->name)};
  if (looper->isPinned())
    saved = control::saveLoop(*looper, {.parent = folder,
                                        .sampleRate = format_.sampleRate,
                                        .sampleFormat = options_.takeFormat,
                                        .streams = {{.role = recorder::StreamRole::wet,
                                                     .sourceId = strip,
                                                     .name = state->name + " loop",
                                                     .channels = 2}},
                                        .session = console::sessionText(session)});
  if (auto released = console_.loop(strip, dsp::LoopAction::unpin); !released) return released.error();
  return saved;
}

}  // namespace gainstage::control
