#include "session_documents.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "console/session_words.h"

namespace gainstage::console::testing {
namespace {

constexpr std::array kGate{
    Parameter{.id = "thresholdDb",
              .name = "Threshold",
              .unit = "dB",
              .minimum = -90,
              .maximum = 0,
              .defaultValue = -60},
    Parameter{.id = "releaseMs",
              .name = "Release",
              .unit = "ms",
              .minimum = 1,
              .maximum = 2000,
              .defaultValue = 120,
              .scale = Scale::logarithmic},
};
constexpr std::array<std::string_view, 3> kModes{"mono", "stereo", "leftOnly"};
constexpr std::array kCab{
    Parameter{.id = "irFile",
              .name = "Impulse response",
              .unit = "",
              .type = ParameterType::file,
              .structural = true},
    Parameter{.id = "mode",
              .name = "Channels",
              .unit = "",
              .type = ParameterType::choice,
              .maximum = 2,
              .choices = kModes},
    Parameter{.id = "levelDb",
              .name = "Level",
              .unit = "dB",
              .minimum = kOffDb,
              .maximum = 12,
              .offAtMinimum = true},
};
constexpr std::array kEcho{
    Parameter{.id = "taps",
              .name = "Taps",
              .unit = "",
              .type = ParameterType::integer,
              .minimum = 1,
              .maximum = 16,
              .defaultValue = 2},
    Parameter{
        .id = "pingPong", .name = "Ping-pong", .unit = "", .type = ParameterType::toggle, .defaultValue = 1},
    Parameter{.id = "cutoffHz",
              .name = "Cut-off",
              .unit = "Hz",
              .minimum = 20,
              .maximum = 20000,
              .defaultValue = 5000},
};
const rig::BlockDeclaration kGateBlock{"gate", "Gate", kGate, nullptr};
const rig::BlockDeclaration kCabBlock{"cab", "Cabinet", kCab, nullptr};
const rig::BlockDeclaration kEchoBlock{"echo", "Echo", kEcho, nullptr};
const std::array<const rig::BlockDeclaration*, 3> kBlocks{&kGateBlock, &kCabBlock, &kEchoBlock};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Session session() {
    Session session;
    session.name = text();
    const int strips = whole(0, 6), returns = whole(0, 3), outputs = whole(0, 4);
    for (int i = 0; i < strips; ++i) session.strips.push_back(strip(i));
    for (int i = 0; i < returns; ++i)
      session.returns.push_back({fmt::format("return-{}", i), fmt::format("{} r{}", text(), i)});
    fill(session.reverb, reverbParameters());
    fill(session.metronome, metronomeParameters());
    fill(session.talkback, talkbackParameters());
    fill(session.tempo, tempoParameters());
    if (chance()) session.talkbackInput = whole(1, kMaxDeviceChannels);
    for (int i = 0; i < outputs; ++i) session.outputs.push_back(output(session, i));
    return session;
  }

 private:
  int whole(int from, int to) { return std::uniform_int_distribution(from, to)(random_); }
  bool chance() { return whole(0, 1) == 1; }

  std::string text() {
    static constexpr std::array<std::string_view, 6> kPieces{"Guitar", " ", "\"", "\\", "ü", "🎸"};
    std::string text;
    for (int i = whole(0, 5); i > 0; --i) text += kPieces[static_cast<std::size_t>(whole(0, 5))];
    return text;
  }

  float value(const Parameter& parameter) {
    switch (whole(0, 4)) {
      case 0:
        return parameter.minimum;
      case 1:
        return parameter.maximum;
      default:
        break;
    }
    return parameter.clamp(std::uniform_real_distribution(parameter.minimum, parameter.maximum)(random_));
  }

  void fill(Values& values, std::span<const Parameter> parameters) {
    for (std::size_t i = 0; i < parameters.size(); ++i)
      values[i] = parameters[i].type == ParameterType::file ? 0.0f : value(parameters[i]);
  }

  StripState strip(int index) {
    StripState strip;
    strip.id = fmt::format("strip-{}", index);
    strip.name = fmt::format("{} {}", text(), index);
    strip.kind = static_cast<StripKind>(whole(0, 2));
    strip.inputs = {whole(1, 32)};
    if (chance()) strip.inputs.push_back(whole(33, kMaxDeviceChannels));
    if (chance()) strip.fullScaleDbu = std::uniform_real_distribution(-20.0, 30.0)(random_);
    fill(strip.values, stripParameters());
    for (int i = whole(0, 5); i > 0; --i) {
      auto block =
          rig::makeBlockState(*kBlocks[static_cast<std::size_t>(whole(0, 2))], fmt::format("block-{}", i));
      block.on = chance();
      if (chance()) block.name = fmt::format("{} {}", text(), i);
      fill(block.values, block.declaration->parameters);
      if (block.declaration == &kCabBlock && chance()) {
        block.files[0] = "../cabs/" + text() + ".wav";
        if (chance()) block.fileHashes[0] = std::string(64, "0123456789abcdef"[whole(0, 15)]);
      }
      strip.rig.blocks.push_back(std::move(block));
    }
    return strip;
  }

  void listening(OutputState& output) {
    if (chance()) output.listener = text();
    if (chance()) output.headphone = text();
    for (std::size_t f = 0; f < gearFigures().size(); ++f)
      if (chance())
        gearFigure(output, static_cast<GearFigure>(f)) = static_cast<double>(value(gearFigures()[f]));
    if (!chance()) return;
    output.correctionFile = "../corrections/" + text() + ".txt";
    if (chance()) output.correctionFileHash = std::string(64, "0123456789abcdef"[whole(0, 15)]);
  }

  OutputState output(const Session& session, int index) {
    OutputState output;
    output.id = fmt::format("output-{}", index);
    output.name = fmt::format("{} {}", text(), index);
    output.kind = static_cast<OutputKind>(whole(0, 3));
    output.liveInputs = chance();
    output.channels = {2 * index + 1, 2 * index + 2};
    if (chance()) output.channels.pop_back();
    fill(output.values, outputParameters());
    listening(output);
    const auto add = [&](SourceKind kind, const std::string& source) {
      if (!chance()) return;
      SendState send{.kind = kind, .source = source};
      fill(send.values, sendParameters());
      output.mix.push_back(std::move(send));
    };
    for (const StripState& strip : session.strips) {
      add(SourceKind::direct, strip.id);
      add(SourceKind::wet, strip.id);
    }
    for (const ReturnState& entry : session.returns) add(SourceKind::streamReturn, entry.id);
    for (const SourceKind bus : kBusKinds) add(bus, {});
    std::ranges::shuffle(output.mix, random_);
    return output;
  }

  std::mt19937 random_;
};

}  // namespace

rig::BlockList blocks() { return kBlocks; }

Session randomSession(unsigned seed) { return Generator(seed).session(); }

std::string handWrittenSession() {
  return R"({
  "gainstage": "session", "version": 1, "name": "Rehearsal",
  "tempo": {"beatsPerMinute": 96},
  "strips": [
    {"id": "gtr", "name": "Guitar", "kind": "instrument", "inputs": [1], "fullScaleDbu": 12.5, "trimDb": 6,
     "rig": {"blocks": [
       {"id": "gate", "type": "gate", "thresholdDb": -55.5},
       {"id": "cab", "type": "cab", "irFile": "cabs/4x12.wav", "mode": "stereo"},
       {"id": "echo", "type": "echo", "on": false, "cutoffHz": 3000}
     ]}},
    {"id": "vox", "name": "Voice", "kind": "mic", "inputs": [2], "highpassOn": true}
  ],
  "returns": [{"id": "daw", "name": "DAW"}],
  "metronome": {"on": true},
  "talkback": {"input": 3},
  "outputs": [
    {"id": "phones1", "name": "Headphones 1", "kind": "headphones", "channels": [1, 2], "levelDb": -12,
     "mix": [{"source": "gtr", "tap": "wet", "levelDb": 0}, {"source": "vox", "tap": "direct", "levelDb": -6, "pan": 0.1},
             {"source": "daw", "levelDb": -3}, {"source": "metronome", "levelDb": -12}]},
    {"id": "phones2", "name": "Headphones 2", "kind": "headphones", "channels": [3, 4],
     "mix": [{"source": "vox", "tap": "direct", "levelDb": 0}]}
  ]
})";
}

}  // namespace gainstage::console::testing
