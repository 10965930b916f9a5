#pragma once

#include <array>
#include <span>

#include "core/parameter.h"

/// The parameters of everything in a console that is not a block. Each enumeration counts in its list's
/// order.
namespace gainstage::console {

inline constexpr int kMaxStrips = 64;
inline constexpr int kMaxOutputs = 16;
inline constexpr int kMaxReturns = 8;
inline constexpr int kMaxBlocksInRig = 32;

/// Decibels at and below which a level means silence.
inline constexpr float kOffDb = -90.0f;

enum class StripParameter : ParameterIndex {
  trimDb,
  polarityInverted,
  highpassOn,
  highpassHz,
  highpassSlope,
  faderDb,
  mute,
  solo,
  reverbSendDb,
  loopReverse,
  loopHalfSpeed,
  loopDecayDb,
  loopQuantise,
  preampGainDb,
  pad,
  instrumentInput,
  phantomPower,
  clipGuard,
  count
};
/// What of a strip is done by the device's own input, where it can be told, and not by the console.
inline constexpr std::array kDeviceParameters{StripParameter::preampGainDb, StripParameter::pad,
                                              StripParameter::instrumentInput, StripParameter::phantomPower};
enum class SendParameter : ParameterIndex { levelDb, pan, mute, postFader, count };
enum class OutputParameter : ParameterIndex {
  levelDb,
  mute,
  dim,
  dimDb,
  mono,
  polarityInverted,
  ceilingDbfs,
  ceilingOn,
  soloMode,
  balance,
  width,
  crossfeedOn,
  crossfeedHz,
  crossfeedFeedDb,
  correctionOn,
  correctionMatched,
  ceilingDbSpl,
  ceilingSplOn,
  levelLimitDba,
  levelLimitOn,
  count
};
/// What must be known of an output to tell its SPL: numbers, or unknown. In the order of
/// headphones::ListeningGear.
enum class GearFigure : ParameterIndex {
  sensitivityDbPerV,
  sensitivityDbPerMw,
  impedanceOhm,
  fullScaleDbu,
  outputImpedanceOhm,
  knobDb,
  count
};
enum class ReverbParameter : ParameterIndex { on, decayS, predelayMs, dampingHz, lowCutHz, count };
enum class MetronomeParameter : ParameterIndex { on, accentDb, count };
enum class TalkbackParameter : ParameterIndex { on, dimDb, count };
enum class TempoParameter : ParameterIndex { beatsPerMinute, beatsPerBar, source, count };

std::span<const Parameter> stripParameters() noexcept;
std::span<const Parameter> sendParameters() noexcept;
std::span<const Parameter> outputParameters() noexcept;
/// Their defaults mean nothing: each is unknown until somebody says it.
std::span<const Parameter> gearFigures() noexcept;
std::span<const Parameter> reverbParameters() noexcept;
std::span<const Parameter> metronomeParameters() noexcept;
std::span<const Parameter> talkbackParameters() noexcept;
std::span<const Parameter> tempoParameters() noexcept;

}  // namespace gainstage::console
