#include "control/render_client.h"

#include <algorithm>
#include <fmt/format.h>

#include "dsp/kernels.h"

namespace gainstage::control {

void RigClient::formatChanged(const devices::DeviceFormat& format) {
  channels_ = format.inputs;
  rig_ = rig::Rig::build(state_, {format.sampleRate, format.blockFrames}, channels_, folder_, std::nullopt,
                         beatsPerMinute_);
  faults_.clear();
  for (const rig::BlockMessage& problem : rig_->problems())
    faults_.push_back(fmt::format("{} is muted: {}", problem.blockId, problem.message));
  notes_.clear();
  for (const rig::BlockMessage& note : rig_->notes())
    notes_.push_back(fmt::format("{}: {}", note.blockId, note.message));
}

void RigClient::process(const devices::DeviceBlock& block) noexcept {
  copy(block.inputs, block.outputs.channelRange(0, channels_));
  rig_->process(block.outputs);
}

void CaptureClient::formatChanged(const devices::DeviceFormat& format) {
  players_.clear();
  for (int c = 0; c < format.inputs; ++c) players_.push_back(factory_.make(program_));
  if (!behind_.blocks.empty())
    rig_ = rig::Rig::build(behind_, {format.sampleRate, format.blockFrames}, format.inputs, folder_,
                           std::nullopt, beatsPerMinute_);
}

void CaptureClient::process(const devices::DeviceBlock& block) noexcept {
  for (int c = 0; c < static_cast<int>(players_.size()); ++c) {
    const AudioView out = block.outputs.channelRange(c, 1);
    players_[static_cast<std::size_t>(c)]->process(block.inputs.channelRange(c, 1), out);
    if (dsp::allFinite(out.channel(0))) continue;
    notFinite_ = true;
    out.clear();
  }
  if (rig_) rig_->process(block.outputs);
}

std::vector<std::string> CaptureClient::takeFaults() {
  if (!notFinite_) return {};
  return {"The capture gave values that are not numbers; they were silenced."};
}

int CaptureClient::resultChannels(int) const {
  return rig_ ? rig_->outputChannels() : static_cast<int>(players_.size());
}

FrameCount CaptureClient::latencyFrames() const {
  return factory_.latencyFrames() + (rig_ ? rig_->latencyFrames() : 0);
}

ConsoleClient::ConsoleClient(console::Session session, std::vector<std::string> outputs,
                             std::filesystem::path folder)
    : session_(std::move(session)), outputs_(std::move(outputs)), folder_(std::move(folder)) {
  for (const std::string& id : outputs_) {
    const auto output = std::ranges::find(session_.outputs, id, &console::OutputState::id);
    channels_.push_back(static_cast<int>(output->channels.size()));
    deviceOutputs_ += channels_.back();
  }
}

void ConsoleClient::formatChanged(const devices::DeviceFormat& format) {
  int channels = 0;
  for (const console::OutputState& output : session_.outputs)
    for (const int channel : output.channels) channels = std::max(channels, channel);
  scratch_ = AudioBuffer(channels, format.blockFrames);
  console_.prepare(session_, {format.sampleRate, format.blockFrames},
                   {.folder = folder_, .inputsAreLive = false, .fadeIn = false});
  faults_.clear();
  notes_.clear();
  for (console::Fault& fault : console_.takeFaults())
    (fault.kind == console::FaultKind::blockNote ? notes_ : faults_).push_back(std::move(fault.message));
  slots_.clear();
  for (const std::string& id : outputs_) slots_.push_back(console_.outputSlot(id));
}

void ConsoleClient::process(const devices::DeviceBlock& block) noexcept {
  console_.process({.frames = block.frames, .inputs = block.inputs, .outputs = scratch_.view(block.frames)});
  for (std::size_t result = 0; result < outputs_.size(); ++result) {
    const int slot = slots_[result];
    copy(console_.runtime()
             .output(slot)
             ->result()
             .frameRange(0, block.frames)
             .channelRange(0, channels_[result]),
         block.outputs.channelRange(firstChannel(static_cast<int>(result)), channels_[result]));
  }
}

int ConsoleClient::resultChannels(int result) const { return channels_[static_cast<std::size_t>(result)]; }

int ConsoleClient::firstChannel(int result) const {
  int first = 0;
  for (int before = 0; before < result; ++before) first += channels_[static_cast<std::size_t>(before)];
  return first;
}

void ResultFiles::formatChanged(const devices::DeviceFormat& format) {
  if (!writers_.empty()) return;
  toDrop_ = client_.latencyFrames();
  for (std::size_t result = 0; result < paths_.size(); ++result) {
    auto writer = formats::WavWriter::createAtomically(
        paths_[result], {.sampleRate = format.sampleRate,
                         .channels = client_.resultChannels(static_cast<int>(result)),
                         .sampleFormat = sampleFormat_});
    if (!writer) {
      state_ = writer.error();
      return;
    }
    writers_.push_back(std::move(*writer));
  }
}

bool ResultFiles::write(ConstAudioView outputs, FrameTime) noexcept {
  if (!state_) return false;
  const auto drop = static_cast<FrameCount>(std::min<FrameTime>(toDrop_, outputs.frames()));
  toDrop_ -= drop;
  const ConstAudioView rest = outputs.frameRange(drop, outputs.frames() - drop);
  if (rest.frames() == 0) return true;
  for (std::size_t result = 0; result < writers_.size() && state_; ++result)
    state_ = writers_[result].write(rest.channelRange(client_.firstChannel(static_cast<int>(result)),
                                                      client_.resultChannels(static_cast<int>(result))));
  frames_ += rest.frames();
  return state_.ok();
}

Result<void> ResultFiles::close() {
  if (!state_) return state_;
  for (formats::WavWriter& writer : writers_)
    if (auto closed = writer.close(); !closed) return closed;
  return {};
}

}  // namespace gainstage::control
