#include "console/declarations.h"

#include <string_view>

namespace gainstage::console {
namespace {

constexpr Parameter levelDb(std::string_view id, std::string_view name, float minimum, float maximum,
                            float value) {
  return {.id = id,
          .name = name,
          .unit = "dB",
          .minimum = minimum,
          .maximum = maximum,
          .defaultValue = value,
          .hazard = Hazard::level,
          .offAtMinimum = minimum <= kOffDb};
}

constexpr Parameter toggle(std::string_view id, std::string_view name, bool value = false) {
  return {
      .id = id, .name = name, .unit = "", .type = ParameterType::toggle, .defaultValue = value ? 1.0f : 0.0f};
}

constexpr std::array<std::string_view, 4> kSlopes{"6dB", "12dB", "18dB", "24dB"};
constexpr std::array<std::string_view, 2> kTempoSources{"session", "jack"};
// In place: the others fall silent where the soloed strips stand. Only: soloed strips are heard whatever
// their sends say.
constexpr std::array<std::string_view, 3> kSoloModes{"inPlace", "only", "ignore"};

constexpr std::array kStrip{
    levelDb("trimDb", "Trim", -60.0f, 40.0f, 0.0f),
    toggle("polarityInverted", "Polarity"),
    toggle("highpassOn", "High-pass"),
    Parameter{.id = "highpassHz",
              .name = "High-pass frequency",
              .unit = "Hz",
              .minimum = 20.0f,
              .maximum = 400.0f,
              .defaultValue = 80.0f,
              .scale = Scale::logarithmic},
    Parameter{.id = "highpassSlope",
              .name = "High-pass slope per octave",
              .unit = "",
              .type = ParameterType::choice,
              .maximum = 3.0f,
              .defaultValue = 1.0f,
              .choices = kSlopes},
    levelDb("faderDb", "Fader", kOffDb, 12.0f, 0.0f),
    toggle("mute", "Mute"),
    toggle("solo", "Solo"),
    levelDb("reverbSendDb", "Reverb send", kOffDb, 12.0f, kOffDb),
    toggle("loopReverse", "Loop backwards"),
    toggle("loopHalfSpeed", "Loop at half speed"),
    Parameter{
        .id = "loopDecayDb", .name = "Loop falls in an overdub's pass by", .unit = "dB", .maximum = 24.0f},
    toggle("loopQuantise", "Loop in whole beats"),
    // Of the device's preamp, where the device lets it be set; a pedal of 70 dB exists, and so do inputs that
    // only attenuate.
    levelDb("preampGainDb", "Preamp gain, of the device", -30.0f, 90.0f, 0.0f),
    toggle("pad", "Pad, of the device"),
    toggle("instrumentInput", "Instrument input, of the device"),
    Parameter{.id = "phantomPower",
              .name = "Phantom power, of the device; loading never switches it on",
              .unit = "",
              .type = ParameterType::toggle,
              .hazard = Hazard::power},
    toggle("clipGuard", "Take preamp gain back before the input clips again"),
};

constexpr std::array kSend{
    levelDb("levelDb", "Level", kOffDb, 12.0f, kOffDb),
    Parameter{.id = "pan", .name = "Pan", .unit = "", .minimum = -1.0f, .maximum = 1.0f},
    toggle("mute", "Mute"),
    toggle("postFader", "After the fader", true),
};

constexpr std::array kOutput{
    levelDb("levelDb", "Level", kOffDb, 12.0f, -30.0f),
    toggle("mute", "Mute"),
    toggle("dim", "Dim"),
    Parameter{.id = "dimDb",
              .name = "Dim by",
              .unit = "dB",
              .minimum = -60.0f,
              .maximum = 0.0f,
              .defaultValue = -20.0f},
    toggle("mono", "Mono"),
    toggle("polarityInverted", "Polarity"),
    Parameter{.id = "ceilingDbfs",
              .name = "Ceiling",
              .unit = "dBFS",
              .minimum = -60.0f,
              .maximum = 0.0f,
              .defaultValue = -1.0f},
    toggle("ceilingOn", "Ceiling", true),
    Parameter{.id = "soloMode",
              .name = "What solo does here",
              .unit = "",
              .type = ParameterType::choice,
              .maximum = 2.0f,
              .choices = kSoloModes},
    Parameter{.id = "balance", .name = "Balance", .unit = "", .minimum = -1.0f, .maximum = 1.0f},
    Parameter{.id = "width", .name = "Width", .unit = "", .maximum = 2.0f, .defaultValue = 1.0f},
    toggle("crossfeedOn", "Crossfeed"),
    Parameter{.id = "crossfeedHz",
              .name = "Crossfeed below",
              .unit = "Hz",
              .minimum = 300.0f,
              .maximum = 2000.0f,
              .defaultValue = 700.0f,
              .scale = Scale::logarithmic},
    Parameter{.id = "crossfeedFeedDb",
              .name = "Far ear softer by",
              .unit = "dB",
              .minimum = 1.0f,
              .maximum = 15.0f,
              .defaultValue = 4.5f},
    toggle("correctionOn", "Correction", true),
    toggle("correctionMatched", "Plain as loud as corrected", true),
    Parameter{.id = "ceilingDbSpl",
              .name = "Ceiling of peaks at the ear",
              .unit = "dB SPL",
              .minimum = 70.0f,
              .maximum = 140.0f,
              .defaultValue = 120.0f},
    toggle("ceilingSplOn", "Ceiling of peaks at the ear", true),
    Parameter{.id = "levelLimitDba",
              .name = "Limit of the level at the ear",
              .unit = "dBA",
              .minimum = 60.0f,
              .maximum = 120.0f,
              .defaultValue = 100.0f},
    toggle("levelLimitOn", "Limit of the level at the ear", true),
};

// From the least sensitive planar headphone to in-ears; from 4 ohm in-ears to 2 kohm antiques.
constexpr std::array kGearFigures{
    Parameter{.id = "sensitivityDbPerV",
              .name = "Headphone: SPL of 1 V",
              .unit = "dB/V",
              .minimum = 60.0f,
              .maximum = 160.0f,
              .defaultValue = 60.0f},
    Parameter{.id = "sensitivityDbPerMw",
              .name = "Headphone: SPL of 1 mW, where that of 1 V is not known",
              .unit = "dB/mW",
              .minimum = 60.0f,
              .maximum = 160.0f,
              .defaultValue = 60.0f},
    Parameter{.id = "impedanceOhm",
              .name = "Headphone: impedance",
              .unit = "ohm",
              .minimum = 1.0f,
              .maximum = 10000.0f,
              .defaultValue = 1.0f},
    Parameter{.id = "fullScaleDbu",
              .name = "Output: level of a full-scale sine, unloaded",
              .unit = "dBu",
              .minimum = -40.0f,
              .maximum = 40.0f},
    Parameter{.id = "outputImpedanceOhm", .name = "Output: impedance", .unit = "ohm", .maximum = 10000.0f},
    Parameter{.id = "knobDb",
              .name = "Output: what its knob takes away; 0 where there is none",
              .unit = "dB",
              .minimum = -100.0f,
              .maximum = 0.0f},
};

constexpr std::array kReverb{
    toggle("on", "Reverb", true),
    Parameter{.id = "decayS",
              .name = "Decay",
              .unit = "s",
              .minimum = 0.2f,
              .maximum = 10.0f,
              .defaultValue = 1.8f,
              .scale = Scale::logarithmic},
    Parameter{
        .id = "predelayMs", .name = "Pre-delay", .unit = "ms", .maximum = 200.0f, .defaultValue = 15.0f},
    Parameter{.id = "dampingHz",
              .name = "Damping",
              .unit = "Hz",
              .minimum = 1000.0f,
              .maximum = 20000.0f,
              .defaultValue = 6000.0f,
              .scale = Scale::logarithmic},
    Parameter{.id = "lowCutHz",
              .name = "Low cut",
              .unit = "Hz",
              .minimum = 20.0f,
              .maximum = 1000.0f,
              .defaultValue = 150.0f,
              .scale = Scale::logarithmic},
};

constexpr std::array kMetronome{
    toggle("on", "Metronome"),
    Parameter{.id = "accentDb", .name = "Accent", .unit = "dB", .maximum = 12.0f, .defaultValue = 6.0f},
};

constexpr std::array kTalkback{
    toggle("on", "Talkback"),
    Parameter{.id = "dimDb",
              .name = "Dim the mixes by",
              .unit = "dB",
              .minimum = -60.0f,
              .maximum = 0.0f,
              .defaultValue = -12.0f},
};

constexpr std::array kTempo{
    Parameter{.id = "beatsPerMinute",
              .name = "Tempo",
              .unit = "bpm",
              .minimum = 20.0f,
              .maximum = 400.0f,
              .defaultValue = 120.0f,
              .rampMs = 0.0f},
    Parameter{.id = "beatsPerBar",
              .name = "Beats in a bar",
              .unit = "",
              .type = ParameterType::integer,
              .minimum = 1.0f,
              .maximum = 32.0f,
              .defaultValue = 4.0f,
              .rampMs = 0.0f},
    Parameter{.id = "source",
              .name = "Tempo from",
              .unit = "",
              .type = ParameterType::choice,
              .maximum = 1.0f,
              .choices = kTempoSources,
              .rampMs = 0.0f},
};

template <typename Enumeration, std::size_t n>
constexpr bool covers(const std::array<Parameter, n>&) {
  return n == static_cast<std::size_t>(Enumeration::count);
}
static_assert(covers<StripParameter>(kStrip) && covers<SendParameter>(kSend) &&
              covers<OutputParameter>(kOutput) && covers<GearFigure>(kGearFigures));
static_assert(covers<ReverbParameter>(kReverb) && covers<MetronomeParameter>(kMetronome));
static_assert(covers<TalkbackParameter>(kTalkback) && covers<TempoParameter>(kTempo));

}  // namespace

std::span<const Parameter> stripParameters() noexcept { return kStrip; }
std::span<const Parameter> sendParameters() noexcept { return kSend; }
std::span<const Parameter> outputParameters() noexcept { return kOutput; }
std::span<const Parameter> gearFigures() noexcept { return kGearFigures; }
std::span<const Parameter> reverbParameters() noexcept { return kReverb; }
std::span<const Parameter> metronomeParameters() noexcept { return kMetronome; }
std::span<const Parameter> talkbackParameters() noexcept { return kTalkback; }
std::span<const Parameter> tempoParameters() noexcept { return kTempo; }

}  // namespace gainstage::console
