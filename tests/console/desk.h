#pragma once

#include <string>
#include <vector>

#include "console/console.h"
#include "support/audio.h"

/// A console with a session made in code, and audio pushed through it.
namespace gainstage::testing {

inline console::StripState strip(std::string id, std::vector<int> inputs) {
  console::StripState state;
  state.name = id;
  state.id = std::move(id);
  state.inputs = std::move(inputs);
  return state;
}

inline console::SendState send(console::SourceKind kind, std::string source, float levelDb = 0.0f) {
  console::SendState state;
  state.kind = kind;
  state.source = std::move(source);
  state.values[static_cast<std::size_t>(console::SendParameter::levelDb)] = levelDb;
  return state;
}

/// Headphones at 0 dB without a ceiling, so that what is sent is what is measured.
inline console::OutputState headphones(std::string id, std::vector<int> channels,
                                       std::vector<console::SendState> mix) {
  console::OutputState state;
  state.name = id;
  state.id = std::move(id);
  state.kind = console::OutputKind::headphones;
  state.channels = std::move(channels);
  state.values[static_cast<std::size_t>(console::OutputParameter::levelDb)] = 0.0f;
  state.values[static_cast<std::size_t>(console::OutputParameter::ceilingOn)] = 0.0f;
  state.mix = std::move(mix);
  return state;
}

template <typename Enumeration>
float& value(console::Values& values, Enumeration parameter) {
  return values[static_cast<std::size_t>(parameter)];
}

inline rig::BlockState block(std::string_view type, std::string id) {
  return rig::makeBlockState(*rig::findBlockDeclaration(type), std::move(id));
}

/// Sets one of a block's numbers by its session key.
inline void setNumber(rig::BlockState& state, std::string_view key, float number) {
  state.values[*indexOf(state.declaration->parameters, key)] = number;
}

class Desk {
 public:
  explicit Desk(const console::Session& session, StreamFormat format = {48000.0, 1024},
                console::ConsoleOptions options = {.inputsAreLive = false, .fadeIn = false})
      : format_(format) {
    console_.prepare(session, format, options);
  }

  console::Console& console() { return console_; }

  /// Feeds the inputs through the console in blocks of `blocks` frames each; gives the device's outputs.
  Signal render(const Signal& inputs, int outputs, std::span<const FrameCount> blocks,
                std::int64_t budgetNs = 0) {
    Signal in = inputs;
    Signal out(static_cast<std::size_t>(outputs), silence(static_cast<FrameCount>(inputs[0].size())));
    std::vector<float*> inRows, outRows;
    FrameCount at = 0;
    for (const FrameCount frames : blocks) {
      inRows.clear();
      outRows.clear();
      for (Mono& row : in) inRows.push_back(row.data() + at);
      for (Mono& row : out) outRows.push_back(row.data() + at);
      const ConstAudioView inputView(const_cast<const float* const*>(inRows.data()),
                                     static_cast<int>(in.size()), frames);
      const AudioView outputView(outRows.data(), outputs, frames);
      {
        RealtimeScope realtime;
        console_.process(
            {.frames = frames, .inputs = inputView, .outputs = outputView, .budgetNs = budgetNs});
      }
      console_.service();
      at += frames;
    }
    return out;
  }
  Signal render(const Signal& inputs, int outputs, FrameCount block = 64) {
    return render(inputs, outputs, splits(static_cast<FrameCount>(inputs[0].size()), block));
  }

 private:
  StreamFormat format_;
  console::Console console_;
};

}  // namespace gainstage::testing
