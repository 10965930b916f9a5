#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console/declarations.h"
#include "headphones/spl.h"
#include "rig/rig_state.h"

namespace gainstage::console {

/// Numbers in the order of the declarations they belong to.
using Values = std::vector<float>;

Values defaultsOf(std::span<const Parameter> parameters);

enum class StripKind : std::uint8_t { mic, instrument, line };
enum class OutputKind : std::uint8_t { unknown, headphones, monitors, line };

struct StripState {
  std::string id;
  std::string name;
  StripKind kind = StripKind::line;
  std::vector<int> inputs;             ///< one or two device inputs, counted from 1
  std::optional<double> fullScaleDbu;  ///< level at the input that reads 0 dBFS, where known
  Values values = defaultsOf(stripParameters());
  rig::RigState rig;
  bool operator==(const StripState&) const = default;
};

struct ReturnState {
  std::string id;
  std::string name;
  bool operator==(const ReturnState&) const = default;
};

/// What a send takes from.
enum class SourceKind : std::uint8_t { direct, wet, streamReturn, reverb, metronome, talkback };

struct SendState {
  SourceKind kind = SourceKind::wet;
  std::string source;  ///< id of the strip or return; empty for reverb, metronome and talkback
  Values values = defaultsOf(sendParameters());
  bool operator==(const SendState&) const = default;
};

struct OutputState {
  std::string id;
  std::string name;
  OutputKind kind = OutputKind::unknown;
  bool liveInputs =
      false;  ///< for monitors and line: the user routes live inputs here, knowing that they may howl
  std::vector<int> channels;  ///< one or two device outputs, counted from 1
  Values values = defaultsOf(outputParameters());
  std::string listener;            ///< whose dose is kept; empty: the output's id stands for them
  std::string headphone;           ///< its name, for people
  headphones::ListeningGear gear;  ///< what tells the SPL
  std::string correctionFile;      ///< a preset or impulse response; empty: none
  std::string correctionFileHash;  ///< SHA-256 when the session was saved; empty: not known
  std::vector<SendState> mix;      ///< what is not listed is off
  bool operator==(const OutputState&) const = default;
};

/// One of the figures of an output's gear.
std::optional<double>& gearFigure(OutputState& output, GearFigure figure) noexcept;
const std::optional<double>& gearFigure(const OutputState& output, GearFigure figure) noexcept;

/// The document that describes a console and nothing else. Every audible value is in it.
struct Session {
  std::string name;
  std::vector<StripState> strips;
  std::vector<ReturnState> returns;
  std::vector<OutputState> outputs;
  Values reverb = defaultsOf(reverbParameters());
  Values metronome = defaultsOf(metronomeParameters());
  Values talkback = defaultsOf(talkbackParameters());
  std::optional<int> talkbackInput;  ///< device input, counted from 1
  Values tempo = defaultsOf(tempoParameters());
  bool operator==(const Session&) const = default;
};

/// `next`, but for what Hazard::power says of its strips: on only where `before` has it on at the same
/// strip and inputs.
Session withoutNewPower(const Session& before, Session next);

}  // namespace gainstage::console
