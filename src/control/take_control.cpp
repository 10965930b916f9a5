#include "control/take_control.h"

#include <algorithm>
#include <array>

#include "console/session_json.h"

namespace gainstage::control {

using recorder::StreamRole;

TakeControl::TakeControl(recorder::RecorderConfig config) : recorder_(std::move(config)) {}

Result<std::filesystem::path> TakeControl::start(const std::filesystem::path& folder,
                                                 const console::Console& console,
                                                 formats::SampleFormat format, double sampleRate,
                                                 FrameTime at) {
  if (isRecording()) return Error{ErrorKind::usage, "A take runs already; stop it first."};
  if (auto closed = finish(Milliseconds{0.0}); !closed) return closed.error();

  const console::Session& session = console.session();
  recorder::TakeDescription description{.parent = folder,
                                        .sampleRate = sampleRate,
                                        .sampleFormat = format,
                                        .session = console::sessionText(session)};
  auto plan = std::make_unique<Plan>();
  const auto add = [&](StreamRole role, const std::string& id, const std::string& name,
                       std::vector<int> inputs, int channels) {
    description.streams.push_back(
        {.role = role,
         .sourceId = id,
         .name = name,
         .channels = channels,
         .latencyFrames = role == StreamRole::wet ? console.wetLatencyFrames(id) : 0});
    plan->streams.push_back({.role = role, .id = id, .inputs = std::move(inputs), .channels = channels});
  };
  for (const console::StripState& strip : session.strips) {
    std::vector<int> inputs = strip.inputs;
    for (int& input : inputs) --input;
    add(StreamRole::dry, strip.id, strip.name, inputs, static_cast<int>(inputs.size()));
    add(StreamRole::wet, strip.id, strip.name, {}, 2);
  }
  for (const console::OutputState& output : session.outputs)
    add(StreamRole::output, output.id, output.name, {}, static_cast<int>(output.channels.size()));

  place(*plan, console);
  shown_.store(plan.get(), std::memory_order_release);
  plan_ = std::move(plan);  // no take runs: nobody reads the one before
  auto started = recorder_.start(description, at);
  if (!started) return started.error();
  folder_ = *started;
  told_.clear();
  return started;
}

void TakeControl::place(Plan& plan, const console::Console& console) {
  for (Stream& stream : plan.streams) {
    const bool isOutput = stream.role == StreamRole::output;
    stream.slot = isOutput ? console.outputSlot(stream.id) : console.stripSlot(stream.id);
    stream.source = nullptr;
    if (stream.slot < 0) continue;
    if (isOutput)
      stream.source = console.placedOutput(stream.slot);
    else
      stream.source = console.placedStrip(stream.slot);
  }
}

void TakeControl::follow(const console::Console& console) {
  if (plan_) place(*plan_, console);
}

void TakeControl::push(FrameTime frame, ConstAudioView inputs, const console::Runtime& runtime,
                       FrameCount frames) noexcept {
  recorder_.beginBlock(frame);
  if (recorder_.isRecording()) {
    const Plan& plan = *shown_.load(std::memory_order_acquire);
    for (int index = 0; index < static_cast<int>(plan.streams.size()); ++index) {
      const Stream& stream = plan.streams[static_cast<std::size_t>(index)];
      if (stream.role == StreamRole::dry) {
        std::array<const float*, 2> rows{};
        bool present = true;
        for (std::size_t c = 0; c < stream.inputs.size(); ++c) {
          present = present && stream.inputs[c] < inputs.channels();
          if (present) rows[c] = inputs.channel(stream.inputs[c]).data();
        }
        if (present) recorder_.push(index, frame, ConstAudioView(rows.data(), stream.channels, frames));
        continue;
      }
      if (stream.slot < 0) continue;
      if (stream.role == StreamRole::wet) {
        const console::Strip* strip = runtime.strip(stream.slot);
        if (strip && strip == stream.source)
          recorder_.push(index, frame, strip->wet().frameRange(0, frames), strip->wetLatencyFrames());
      } else {
        const console::Output* output = runtime.output(stream.slot);
        if (output && output == stream.source)
          recorder_.push(index, frame,
                         output->result().frameRange(0, frames).channelRange(0, stream.channels));
      }
    }
  }
  recorder_.endBlock();
}

bool TakeControl::isRecording() const {
  return recorder_.status().state == recorder::RecorderState::recording;
}

std::vector<std::string> TakeControl::service() {
  std::vector<std::string> news;
  const recorder::RecorderStatus status = recorder_.status();
  tell(status.faults, news);
  if (status.state == recorder::RecorderState::closed) {
    if (auto done = finish(Milliseconds{0.0}); !done) news.push_back(done.error().message);
  }
  return news;
}

void TakeControl::tell(const std::vector<recorder::Fault>& faults, std::vector<std::string>& news) {
  for (const recorder::Fault& fault : faults) {
    hasFault_ = true;
    if (std::ranges::find(told_, fault.message) != told_.end()) continue;
    told_.push_back(fault.message);
    news.push_back(fault.message);
  }
}

Result<void> TakeControl::finish(Milliseconds timeout) {
  if (recorder_.status().state == recorder::RecorderState::idle) return {};
  const auto done = recorder_.finish(timeout);
  if (!done) return done.error();
  std::vector<std::string> ignored;
  tell(done->faults, ignored);
  return {};
}

}  // namespace gainstage::control
