#include "advise/declarations.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace gainstage::advise {
namespace {

using Law = UnitForm::Law;
using Type = FigureType;
template <std::size_t N>
using Units = std::array<UnitForm, N>;
template <std::size_t N>
using Words = std::array<std::string_view, N>;

// Bounds: what gear on the market has, with a factor of two or so to spare. They catch slips of a unit.
constexpr Units<2> kLoadOhm{
    {{"ohm", "ohm", 1, Law::factor, 1, 2500}, {"kohm", "ohm", 1e3, Law::factor, 1, 2500}}};
constexpr Units<2> kOutputOhm{
    {{"ohm", "ohm", 1, Law::factor, 0, 1000}, {"kohm", "ohm", 1e3, Law::factor, 0, 1000}}};
constexpr Units<3> kInputOhm{{{"ohm", "ohm", 1, Law::factor, 500, 2e7},
                              {"kohm", "ohm", 1e3, Law::factor, 500, 2e7},
                              {"Mohm", "ohm", 1e6, Law::factor, 500, 2e7}}};
constexpr Units<2> kCoilOhm{
    {{"ohm", "ohm", 1, Law::factor, 20, 60e3}, {"kohm", "ohm", 1e3, Law::factor, 20, 60e3}}};
constexpr Units<2> kHeadphoneSensitivity{
    {{"dB/mW", "dB/mW", 1, Law::factor, 60, 130}, {"dB/V", "dB/V", 1, Law::factor, 75, 140}}};
constexpr Units<2> kMicSensitivity{
    {{"mV/Pa", "mV/Pa", 1, Law::factor, 0.2, 150}, {"dBV/Pa", "mV/Pa", 1e3, Law::decibel, 0.2, 150}}};
constexpr Units<2> kPower{
    {{"mW", "mW", 1, Law::factor, 0.5, 20000}, {"W", "mW", 1e3, Law::factor, 0.5, 20000}}};
constexpr Units<2> kVolts{{{"V", "V", 1, Law::factor, 0.1, 30}, {"mV", "V", 1e-3, Law::factor, 0.1, 30}}};
constexpr Units<1> kNoiseVolts{{{"uV", "uV", 1, Law::factor, 0.1, 1000}}};
constexpr Units<1> kGain{{{"dB", "dB", 1, Law::factor, -40, 90}}};
constexpr Units<2> kRange{
    {{"dB", "dB", 1, Law::factor, 60, 150}, {"dB(A)", "dB(A)", 1, Law::factor, 60, 150}}};
constexpr Units<2> kDistortion{
    {{"dB", "dB", 1, Law::factor, -150, -20}, {"%", "dB", 1, Law::percent, -150, -20}}};
constexpr Units<2> kLevel{{{"dBu", "dBu", 1, Law::factor, -20, 32}, {"dBV", "dBu", 1, Law::factor, -20, 32}}};
constexpr Units<2> kInputNoise{
    {{"dBu(A)", "dBu(A)", 1, Law::factor, -136, -90}, {"dBu", "dBu", 1, Law::factor, -134, -90}}};
constexpr Units<1> kCount{{{"", "", 1, Law::factor, 0, 128}}};
constexpr Units<1> kTurns{{{"", "", 1, Law::factor, 100, 50000}}};
constexpr Units<1> kBits{{{"", "", 1, Law::factor, 8, 64}}};
constexpr Units<2> kRate{{{"kHz", "kHz", 1, Law::factor, 8, 800}, {"Hz", "kHz", 1e-3, Law::factor, 8, 800}}};
constexpr Units<2> kResonance{
    {{"Hz", "Hz", 1, Law::factor, 300, 40e3}, {"kHz", "Hz", 1e3, Law::factor, 300, 40e3}}};
constexpr Units<3> kWeight{{{"g", "g", 1, Law::factor, 2, 20000},
                            {"kg", "g", 1e3, Law::factor, 2, 20000},
                            {"lb", "g", 453.59237, Law::factor, 2, 20000}}};
constexpr Units<3> kLength{{{"mm", "mm", 1, Law::factor, 5, 1000},
                            {"cm", "mm", 10, Law::factor, 5, 1000},
                            {"in", "mm", 25.4, Law::factor, 5, 1000}}};
constexpr Units<1> kTime{{{"ms", "ms", 1, Law::factor, 0.1, 500}}};
constexpr Units<3> kPrice{{{"USD", "USD", 1, Law::factor, 1, 20000},
                           {"EUR", "EUR", 1, Law::factor, 1, 20000},
                           {"GBP", "GBP", 1, Law::factor, 1, 20000}}};
constexpr Units<2> kNoisePressure{
    {{"dB(A)", "dB(A)", 1, Law::factor, 0, 40}, {"dB", "dB", 1, Law::factor, 0, 45}}};
constexpr Units<1> kMaximumPressure{{{"dB", "dB", 1, Law::factor, 90, 180}}};
constexpr Units<2> kMicOhm{
    {{"ohm", "ohm", 1, Law::factor, 5, 5000}, {"kohm", "ohm", 1e3, Law::factor, 5, 5000}}};
constexpr Units<2> kInductance{
    {{"H", "H", 1, Law::factor, 0.05, 20}, {"mH", "H", 1e-3, Law::factor, 0.05, 20}}};
constexpr Units<2> kCapacitance{
    {{"pF", "pF", 1, Law::factor, 5, 2000}, {"nF", "pF", 1e3, Law::factor, 5, 2000}}};
constexpr Units<1> kDeviation{{{"dB", "dB", 1, Law::factor, 0, 20}}};

constexpr Words<4> kWear{"over-ear", "on-ear", "in-ear", "earbud"};
constexpr Words<3> kBack{"open", "semi-open", "closed"};
constexpr Words<4> kDriver{"dynamic", "planar", "electrostatic", "armature"};
constexpr Words<3> kTransducer{"dynamic", "condenser", "ribbon"};
constexpr Words<9> kPattern{"omni",          "wide cardioid", "cardioid",
                            "supercardioid", "hypercardioid", "figure of eight",
                            "lobar",         "multi",         "half omni"};
constexpr Words<8> kPickupType{"single coil", "humbucker", "P-90",   "mini humbucker",
                               "lipstick",    "piezo",     "active", "bass"};

constexpr FigureDeclaration number(Kind kind, std::string_view id, std::string_view what,
                                   std::span<const UnitForm> units) {
  return {kind, id, what, Type::number, units, {}};
}
constexpr FigureDeclaration yesNo(Kind kind, std::string_view id, std::string_view what) {
  return {kind, id, what, Type::yesNo, {}, {}};
}
constexpr FigureDeclaration word(Kind kind, std::string_view id, std::string_view what,
                                 std::span<const std::string_view> words) {
  return {kind, id, what, Type::word, {}, words};
}
constexpr FigureDeclaration text(Kind kind, std::string_view id, std::string_view what) {
  return {kind, id, what, Type::text, {}, {}};
}

constexpr Kind kH = Kind::headphones, kI = Kind::interfaces, kA = Kind::amplifiers, kM = Kind::microphones,
               kP = Kind::pickups;

// In the order of Kind: figureDeclarations() cuts the list where the kind changes.
constexpr std::array kDeclarations{
    number(kH, "impedance", "nominal, or its magnitude at a frequency (at_hz)", kLoadOhm),
    number(kH, "sensitivity", "sound pressure for 1 mW or for 1 V", kHeadphoneSensitivity),
    number(kH, "maximumPower", "that it stands", kPower),
    word(kH, "wear", "how it sits", kWear),
    word(kH, "back", "its back", kBack),
    word(kH, "driver", "how it makes sound", kDriver),
    number(kH, "deviation", "RMS of its response about a neutral target", kDeviation),
    text(kH, "deviationRig", "the rig and target of that figure: only alike ones compare"),
    number(kH, "weight", "without cable", kWeight),
    number(kH, "price", "on the street", kPrice),

    number(kI, "inputs", "analogue inputs recorded at once", kCount),
    number(kI, "channelsIn", "all channels recorded at once, digital ones included", kCount),
    number(kI, "micInputs", "microphone preamplifiers", kCount),
    number(kI, "preampGain", "the most it gives", kGain),
    number(kI, "ein", "equivalent input noise at full gain", kInputNoise),
    number(kI, "micLevel", "largest level at a microphone input", kLevel),
    number(kI, "lineLevel", "largest level at a line input", kLevel),
    number(kI, "instrumentLevel", "largest level at an instrument input", kLevel),
    number(kI, "instrumentImpedance", "of an instrument input", kInputOhm),
    number(kI, "micImpedance", "of a microphone input", kInputOhm),
    number(kI, "lineImpedance", "of a line input", kInputOhm),
    number(kI, "inputDynamicRange", "of its converter, recording", kRange),
    number(kI, "outputDynamicRange", "of its converter, playing", kRange),
    number(kI, "micDistortion", "THD+N of a microphone input", kDistortion),
    number(kI, "lineDistortion", "THD+N of the line outputs", kDistortion),
    number(kI, "headphoneDistortion", "THD+N of the headphone output", kDistortion),
    number(kI, "outputLevel", "0 dBFS at the line outputs", kLevel),
    number(kI, "outputImpedance", "of the line outputs", kOutputOhm),
    number(kI, "headphoneImpedance", "output impedance of the headphone output", kOutputOhm),
    number(kI, "headphonePower", "largest power into at_ohm", kPower),
    number(kI, "headphoneLevel", "largest level into at_ohm", kLevel),
    number(kI, "headphoneDynamicRange", "of the headphone output", kRange),
    number(kI, "headphoneOutputs", "headphone outputs", kCount),
    number(kI, "headphoneLevels", "headphone outputs with a level control of their own", kCount),
    number(kI, "lineOutputs", "line and monitor outputs", kCount),
    yesNo(kI, "phantom", "48 V for condenser microphones"),
    yesNo(kI, "midi", "MIDI sockets"),
    yesNo(kI, "directMonitoring", "inputs heard without the computer"),
    yesNo(kI, "busPowered", "lives on the USB cable alone"),
    yesNo(kI, "classCompliant", "works without a driver of its maker"),
    number(kI, "sampleRate", "the highest", kRate),
    number(kI, "bits", "of a sample", kBits),
    number(kI, "roundTrip", "least latency from input to output", kTime),
    text(kI, "connectors", "sockets, a semicolon between them"),
    number(kI, "weight", "of the unit", kWeight),
    number(kI, "width", "of the unit", kLength),
    number(kI, "depth", "of the unit", kLength),
    number(kI, "height", "of the unit", kLength),
    number(kI, "price", "on the street", kPrice),

    text(kA, "kind", "desktop, portable, dongle, distribution"),
    number(kA, "outputImpedance", "of the headphone output", kOutputOhm),
    number(kA, "power", "largest power into at_ohm, from the ordinary socket", kPower),
    number(kA, "powerBalanced", "the same from the balanced socket", kPower),
    number(kA, "maximumVoltage", "of a sine, unloaded, RMS", kVolts),
    number(kA, "gain", "of each gain setting", kGain),
    number(kA, "snr", "signal to noise at full output", kRange),
    number(kA, "noise", "at the output", kNoiseVolts),
    number(kA, "sinad", "signal to noise and distortion", kRange),
    number(kA, "distortion", "THD+N", kDistortion),
    number(kA, "outputs", "headphones at once", kCount),
    yesNo(kA, "converter", "has a converter of its own: connects to the computer"),
    number(kA, "weight", "of the unit", kWeight),
    number(kA, "price", "on the street", kPrice),

    word(kM, "transducer", "how it works", kTransducer),
    word(kM, "pattern", "where it listens", kPattern),
    number(kM, "sensitivity", "open-circuit output at 94 dB SPL", kMicSensitivity),
    number(kM, "selfNoise", "equivalent sound pressure of its noise", kNoisePressure),
    number(kM, "maximumSpl", "the loudest it stands", kMaximumPressure),
    number(kM, "maximumSplPadded", "the same with its pad", kMaximumPressure),
    number(kM, "outputImpedance", "of its output", kMicOhm),
    yesNo(kM, "phantom", "needs 48 V"),
    number(kM, "price", "on the street", kPrice),

    word(kP, "type", "what it is", kPickupType),
    number(kP, "inductance", "of the coil, at at_hz where given", kInductance),
    number(kP, "resistance", "of the wire", kCoilOhm),
    number(kP, "capacitance", "of the winding", kCapacitance),
    number(kP, "resonance", "by itself, without cable", kResonance),
    number(kP, "turns", "of wire", kTurns),
    number(kP, "price", "on the street", kPrice),
};

}  // namespace

double UnitForm::keep(double value) const noexcept {
  switch (law) {
    case Law::factor:
      // dBV counts from 1 V and dBu from sqrt(0.6) V: 2.218 dB between them.
      return written == "dBV" ? value + 20.0 * std::log10(1.0 / std::sqrt(0.6)) : value * factor;
    case Law::decibel:
      return factor * std::pow(10.0, value / 20.0);
    case Law::percent:
      return 20.0 * std::log10(value / 100.0);
  }
  return value;
}

std::span<const FigureDeclaration> figureDeclarations(Kind kind) noexcept {
  const auto from = std::ranges::find(kDeclarations, kind, &FigureDeclaration::kind);
  const auto to = std::find_if(from, kDeclarations.end(),
                               [kind](const FigureDeclaration& each) { return each.kind != kind; });
  return {from, to};
}

const FigureDeclaration* findDeclaration(Kind kind, std::string_view id) noexcept {
  const auto all = figureDeclarations(kind);
  const auto found = std::ranges::find(all, id, &FigureDeclaration::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace gainstage::advise
