#include "bench/bench.h"
#include "rig/rig.h"

namespace gainstage::bench {
namespace {

constexpr StreamFormat kFormat{kSampleRate, 64};

/// Defaults, and those values of it.
rig::BlockState block(std::string_view type,
                      std::initializer_list<std::pair<std::string_view, float>> values) {
  const rig::BlockDeclaration* declaration = rig::findBlockDeclaration(type);
  rig::BlockState state = rig::makeBlockState(*declaration, std::string(type));
  for (const auto& [id, value] : values)
    if (const auto index = indexOf(declaration->parameters, id)) state.values[*index] = value;
  return state;
}

rig::BlockState gate() { return block("gate", {{"thresholdDb", -40.0f}}); }
rig::BlockState compressor() { return block("compressor", {{"thresholdDb", -30.0f}, {"makeUpDb", 6.0f}}); }
rig::BlockState equaliser() {
  return block("eq", {{"band1GainDb", -3.0f},
                      {"band2GainDb", 2.0f},
                      {"band3GainDb", -4.0f},
                      {"band4GainDb", 3.0f},
                      {"band5GainDb", -2.0f},
                      {"band6GainDb", 4.0f}});
}
rig::BlockState delay() { return block("delay", {{"pingPong", 1.0f}}); }

/// One channel in; two come out of a ping-pong delay.
Case chain(const std::string& name, std::vector<rig::BlockState> blocks) {
  return inPlace("rig/" + name, kFormat.maxFrames, 2, [blocks = std::move(blocks)] {
    return rig::Rig::build(rig::RigState{.blocks = blocks}, kFormat, 1, {});
  });
}

/// An amplifier, driven: its volume, or gain and master, well up.
Case amplifier(const std::string& name, std::string_view type) {
  rig::BlockState state = block(type, {{"volume", 0.7f}, {"gain", 0.8f}, {"master", 0.6f}});
  return inPlace(
      "rig/" + name, kFormat.maxFrames, 1,
      [state = std::move(state)] {
        return rig::Rig::build(rig::RigState{.blocks = {state}}, kFormat, 1, {});
      },
      0.0, guitarSignal);
}

/// Two chains: an EQ in one, an EQ and a chorus in the other.
Case split() {
  std::vector<rig::BlockState> blocks{block("split", {}), equaliser(), equaliser(), block("chorus", {})};
  blocks[1].chain = rig::Chain::a;
  blocks[2].chain = blocks[3].chain = rig::Chain::b;
  blocks[2].id = "eq-2";
  return chain("split-eq-eq-chorus", std::move(blocks));
}

}  // namespace

std::vector<Case> rigCases() {
  rig::BlockState off = equaliser();
  off.on = false;
  return {
      chain("empty", {}),
      chain("gain", {block("gain", {{"gainDb", -6.0f}})}),
      chain("tuner", {block("tuner", {})}),
      chain("pitch-shift-octave-up", {block("pitchShift", {{"semitones", 12.0f}})}),
      chain("pitch-shift-octave-down", {block("pitchShift", {{"semitones", -12.0f}})}),
      chain("harmoniser-2", {block("harmoniser", {{"level2", 0.7f}})}),
      chain("gate", {gate()}),
      chain("gate-keyed-by-the-rig", {block("gate", {{"thresholdDb", -40.0f}, {"key", 1.0f}})}),
      chain("compressor", {compressor()}),
      chain("eq", {equaliser()}),
      chain("eq-bypassed", {off}),
      chain("graphic-eq", {block("graphicEq", {{"gain125Db", -3.0f}, {"gain1000Db", 4.0f}})}),
      chain("delay-pingpong", {delay()}),
      chain("delay-tape-pingpong", {block("delay", {{"kind", 1.0f}, {"wow", 1.0f}, {"pingPong", 1.0f}})}),
      chain("delay-analogue-pingpong", {block("delay", {{"kind", 2.0f}, {"pingPong", 1.0f}})}),
      chain("boost", {block("boost", {})}),
      chain("overdrive", {block("overdrive", {})}),
      chain("distortion", {block("distortion", {})}),
      chain("fuzz", {block("fuzz", {})}),
      chain("octave", {block("octave", {})}),
      chain("wah", {block("wah", {})}),
      chain("auto-wah", {block("autoWah", {})}),
      amplifier("american-clean", "americanClean"),
      amplifier("tweed", "tweed"),
      amplifier("british-crunch", "britishCrunch"),
      amplifier("top-boost", "topBoost"),
      amplifier("modern-high-gain", "modernHighGain"),
      amplifier("bass-amplifier", "bassAmplifier"),
      chain("cabinet-4x12", {block("cabinet", {})}),
      chain("cabinet-two-microphones", {block("cabinet", {{"cabinetB", 3.0f}, {"lowCutOn", 1.0f}})}),
      chain("reverb-spring", {block("reverb", {})}),
      chain("reverb-plate", {block("reverb", {{"kind", 1.0f}})}),
      chain("reverb-hall", {block("reverb", {{"kind", 2.0f}})}),
      chain("reverb-room", {block("reverb", {{"kind", 3.0f}})}),
      chain("tremolo", {block("tremolo", {})}),
      chain("vibrato", {block("vibrato", {})}),
      chain("chorus-stereo-3", {block("chorus", {{"voices", 3.0f}})}),
      chain("flanger", {block("flanger", {})}),
      chain("phaser-8", {block("phaser", {{"stages", 2.0f}})}),
      chain("rotary", {block("rotary", {})}),
      chain("split-empty", {block("split", {})}),
      split(),
      chain("gate-eq-compressor", {gate(), equaliser(), compressor()}),
      chain("gate-eq-compressor-delay", {gate(), equaliser(), compressor(), delay()}),
  };
}

}  // namespace gainstage::bench
