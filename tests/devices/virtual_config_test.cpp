#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "devices/virtual/virtual_config_json.h"
#include "support/files.h"

namespace gainstage::devices {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

TEST(VirtualConfig, IsReadWhole) {
  const TemporaryFolder folder;
  const auto file = testing::writeFile(folder / "device.json", R"({
    "name": "Rehearsal", "sampleRate": 44100, "blockFrames": 32, "outputs": 6,
    "inputs": [{"source": "file", "path": "a/voice.wav", "loop": false, "channel": 2, "gainDb": -3},
               {"source": "guitar", "seed": 7, "gainDb": 1.5}, {"source": "tone", "frequencyHz": 100, "levelDbfs": -9},
               {"source": "noise", "levelDbfs": -50, "seed": 3}, {"source": "silence"},
               {"source": "voice", "seed": 9, "gainDb": -2}],
    "purpose": "monitors", "inputsAreLive": true, "freeRunning": true, "periods": 3,
    "faults": {"driftPpm": -20.5, "blockSeed": 4, "lost": [{"atFrame": 48000, "frames": 128}],
               "unplug": [{"atFrame": 96000, "backAtFrame": 144000}, {"atFrame": 200000}],
               "format": [{"atFrame": 192000, "sampleRate": 96000, "blockFrames": 128}]}})");
  const auto config = readVirtualConfig(file);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->name, "Rehearsal");
  EXPECT_EQ(config->sampleRate, 44100.0);
  EXPECT_EQ(config->blockFrames, 32);
  EXPECT_EQ(config->outputs, 6);
  EXPECT_EQ(config->purpose, OutputPurpose::monitors);
  EXPECT_TRUE(config->inputsAreLive);
  EXPECT_TRUE(config->freeRunning);
  EXPECT_EQ(config->periods, 3);
  EXPECT_EQ(config->driftPpm, -20.5);
  EXPECT_EQ(config->blockSeed, 4u);
  ASSERT_EQ(config->inputs.size(), 6u);
  const auto& voice = std::get<FileInput>(config->inputs[0]);
  EXPECT_EQ(voice.path, folder / "a/voice.wav");
  EXPECT_FALSE(voice.loop);
  EXPECT_EQ(voice.channel, 2);
  EXPECT_EQ(voice.gainDb, -3.0);
  EXPECT_EQ(std::get<GuitarInput>(config->inputs[1]).seed, 7u);
  EXPECT_EQ(std::get<ToneInput>(config->inputs[2]).frequencyHz, 100.0);
  EXPECT_EQ(std::get<NoiseInput>(config->inputs[3]).levelDbfs, -50.0);
  EXPECT_TRUE(std::holds_alternative<SilentInput>(config->inputs[4]));
  EXPECT_EQ(std::get<VoiceInput>(config->inputs[5]).seed, 9u);
  ASSERT_EQ(config->faults.size(), 4u);
  EXPECT_EQ(config->faults[0].frames, 128);
  EXPECT_EQ(config->faults[1].frames, 48000);
  EXPECT_LT(config->faults[2].frames, 0);
  EXPECT_EQ(config->faults[3].sampleRate, 96000.0);
  EXPECT_EQ(config->faults[3].blockFrames, 128);
}

TEST(VirtualConfig, WhatIsLeftOutStaysAsItIsWithoutAFile) {
  const TemporaryFolder folder;
  const auto config = readVirtualConfig(testing::writeFile(folder / "device.json", "{}"));
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->inputs.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<GuitarInput>(config->inputs[0]));
  EXPECT_EQ(config->outputs, 4);
  EXPECT_EQ(config->sampleRate, 48000.0);
}

TEST(VirtualConfig, RefusesFaultsWithOneSentenceThatSaysWhereAndWhat) {
  struct Case {
    const char* text;
    std::vector<const char*> says;
  };
  const TemporaryFolder folder;
  for (const Case& bad : std::vector<Case>{
           {R"({"inputs": [{"source": "guitr"}]})", {"inputs[0].source", "guitr", "did you mean \"guitar\""}},
           {R"({"inputs": [{"souce": "guitar"}]})", {"inputs[0].source", "missing"}},
           {R"({"inputs": [{"source": "tone", "frequencyHz": 0}]})",
            {"inputs[0].frequencyHz", "from 1 to 192000"}},
           {R"({"inputs": [{"source": "tone", "gainDb": 0}]})", {"inputs[0].gainDb", "unknown key"}},
           {R"({"inputs": [{"source": "file"}]})", {"inputs[0].path", "missing"}},
           {R"({"inputs": {"source": "file"}})", {"inputs", "should be a list"}},
           {R"({"inputs": [5]})", {"inputs[0]", "should be an object", "5"}},
           {R"({"output": 4})", {"output ", "did you mean outputs"}},
           {R"({"outputs": 1e9})", {"outputs", "whole number from 0 to 64"}},
           {R"({"outputs": 2.5})", {"outputs", "2.5"}},
           {R"({"sampleRate": 1e9})", {"sampleRate", "8000 to 384000"}},
           {R"({"sampleRate": "fast"})", {"sampleRate", "fast"}},
           {R"({"purpose": "headphone"})", {"purpose", "did you mean \"headphones\""}},
           {R"({"faults": {"lost": [{"atFrame": 1}]}})", {"faults.lost[0].frames", "missing"}},
           {R"({"faults": {"unplug": [{"atFrame": 9, "backAtFrame": 9}]}})",
            {"faults.unplug[0].backAtFrame", "10"}},
           {R"({"faults": {"drift": 1}})", {"faults.drift", "did you mean driftPpm"}},
           {R"([])", {"should be an object"}},
           {R"({"outputs": 2)", {"device.json"}},
           {R"({"outputs": NaN})", {"device.json"}},
       }) {
    const auto config = readVirtualConfig(testing::writeFile(folder / "device.json", bad.text));
    ASSERT_FALSE(config.ok()) << bad.text;
    EXPECT_EQ(config.error().kind, ErrorKind::file);
    EXPECT_THAT(config.error().message, HasSubstr("device.json"));
    EXPECT_EQ(config.error().message.find('\n'), std::string::npos);
    for (const char* words : bad.says) EXPECT_THAT(config.error().message, HasSubstr(words)) << bad.text;
  }
  EXPECT_FALSE(readVirtualConfig(folder / "missing.json").ok());
}

std::string exampleOfTheManual() {
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  if (!source) return {};
  const std::string manual =
      testing::readFile(std::filesystem::path(source) / "docs" / "virtual-interface.md");
  const auto from = manual.find("```json\n") + 8;
  return manual.substr(from, manual.find("```", from) - from);
}

TEST(VirtualConfig, ReadsTheExampleOfTheManual) {
  const std::string example = exampleOfTheManual();
  if (example.empty()) GTEST_SKIP() << "GAINSTAGE_SOURCE_DIR is not set";
  const TemporaryFolder folder;
  const auto config = readVirtualConfig(testing::writeFile(folder / "device.json", example));
  ASSERT_TRUE(config.ok()) << config.error().message;
  ASSERT_EQ(config->inputStages.size(), 3u);
  const InputStage& guitar = *config->inputStages[0];
  const auto& plugged = std::get<analog::GuitarPlugged>(guitar.design.plugged);
  EXPECT_DOUBLE_EQ(plugged.cable.metres * plugged.cable.faradPerMetre, 500e-12);
  EXPECT_EQ(plugged.controls.volumeShare, 1.0);
  EXPECT_EQ(guitar.design.instrument->impedanceOhm, 1e6);
  EXPECT_EQ(*guitar.design.instrument->clipDbu, 12.0);
  EXPECT_EQ(*guitar.design.instrument->einDbu, -128.0) << "what the switch does not change";
  EXPECT_EQ(guitar.design.hum->levelDbu, -75.0);
  EXPECT_NEAR(guitar.design.converter.jitterSeconds, 100e-12, 1e-20);
  EXPECT_TRUE(guitar.stands.instrument);
  const InputStage& voice = *config->inputStages[1];
  const auto& microphone = std::get<analog::MicrophonePlugged>(voice.design.plugged);
  EXPECT_EQ(microphone.microphone.principle, analog::MicrophonePrinciple::condenser);
  EXPECT_EQ(microphone.fullScaleDbSpl, 115.0);
  EXPECT_FALSE(voice.design.hum);
  EXPECT_EQ(voice.stands, (InputSettings{.gainDb = 24.0, .phantom = true}));
  EXPECT_NEAR(voice.design.phantomThump.seconds, 0.1, 1e-12);
  const InputStage& line = *config->inputStages[2];
  EXPECT_TRUE(line.hasKnob);
  EXPECT_EQ(*std::get<analog::LinePlugged>(line.design.plugged).noiseDbuA, -95.0);
  EXPECT_NE(voice.design.seed, line.design.seed) << "each hisses by itself";
  ASSERT_EQ(config->outputStages.size(), 1u);
  const OutputStage& phones = config->outputStages[0];
  EXPECT_EQ(phones.firstChannel, 1);
  EXPECT_EQ(phones.channels, 2);
  EXPECT_EQ(*phones.design.amplifier.maxVolts, 3.0);
  EXPECT_NEAR(*phones.design.headphone.sensitivityDbPerV, 108.02, 0.01);
  EXPECT_NEAR(phones.design.headphone.impedance.magnitudeAt(100.0), 420.0, 1e-6);
  ASSERT_EQ(config->surges.size(), 1u);
  EXPECT_EQ(config->surges[0].input, 2);
}

TEST(VirtualConfig, RefusesPartsThatCannotBe) {
  const TemporaryFolder folder;
  const auto input = [](const std::string& parts) {
    return R"({"inputs": [{"source": "tone", )" + parts + "}]}";
  };
  const std::vector<std::pair<std::string, std::vector<const char*>>> cases{
      {input(R"("circuit": {"impedanceOhm": -3000})"),
       {"inputs[0].circuit.impedanceOhm", "-3000", "from 1 to"}},
      {input(R"("circuit": {"impedanceKohm": 3})"),
       {"inputs[0].circuit.impedanceKohm", "did you mean impedanceOhm"}},
      {input(R"("circuit": {"einDbv": -130})"), {"inputs[0].circuit.einDbv", "did you mean einDbu"}},
      {input(R"("circuit": {"einDbu": -140})"),
       {"inputs[0].circuit.einDbu", "thermal noise of its 150 Ohm", "-132.9"}},
      {input(R"("circuit": {"minGainDb": 10, "maxGainDb": 5})"), {"maxGainDb", "below minGainDb"}},
      {input(R"("circuit": {"kind": "mic"})"), {"inputs[0].circuit.kind", "microphone"}},
      {input(R"("circuit": {"maxGainDb": 40}, "stands": {"gainDb": 50})"), {"stands.gainDb", "from 0 to 40"}},
      {input(R"("circuit": {}, "stands": {"phantom": true})"), {"stands.phantom", "has no hasPhantom"}},
      {input(R"("microphone": {"sensitivityMv": 2})"), {"sensitivityMv", "did you mean sensitivityMvPerPa"}},
      {input(R"("microphone": {"outputImpedanceOhm": 0})"), {"microphone.outputImpedanceOhm", "but is 0"}},
      {input(R"("microphone": {}, "pickup": {})"), {"inputs[0]", "more than one"}},
      {input(R"("pickup": {"volume": 11})"), {"pickup.volume", "from 0 to 1"}},
      {input(R"("line": 4)"), {"inputs[0].line", "should be an object"}},
      {input(R"("converter": {"bits": 4})"), {"converter.bits", "from 8 to 32"}},
      {input(R"("converter": {"fullScaleDbu": "loud"})"), {"converter.fullScaleDbu", "loud"}},
      {R"({"phones": [{}]})", {"phones[0].channels", "missing"}},
      {R"({"outputs": 2, "phones": [{"channels": [3, 4]}]})", {"phones[0].channels", "from 1 to 2"}},
      {R"({"phones": [{"channels": [1, 3]}]})", {"phones[0].channels", "side by side"}},
      {R"({"phones": [{"channels": [1, 2]}, {"channels": [2]}]})", {"phones[1].channels", "already"}},
      {R"({"phones": [{"channels": [1], "amplifier": {"outputImpedanceOhm": -1}}]})",
       {"outputImpedanceOhm", "-1"}},
      {R"({"phones": [{"channels": [1], "headphone": {"nominalOhms": 32}}]})", {"did you mean nominalOhm"}},
      {R"({"phones": [{"channels": [1], "headphone": {"curve": [[20, 32], [10, 40]]}}]})",
       {"phones[0].headphone.curve[1]", "higher frequency", "[10, 40]"}},
      {R"({"phones": [{"channels": [1], "headphone": {"curve": [[20, 32], [100, -4]]}}]})",
       {"curve[1]", "above 0"}},
      {R"({"phones": [{"channels": [1], "headphone": {"sensitivityDbPerV": 100, "sensitivityDbPerMw": 100}}]})",
       {"one of two sensitivities"}},
      {R"({"inputs": [{"source": "tone"}], "faults": {"hum": {}}})", {"faults.hum", "ideal"}},
      {R"({"inputs": [{"source": "tone"}], "faults": {"hum": {"inputs": [1]}}})",
       {"faults.hum.inputs", "no circuit"}},
      {R"({"faults": {"clipping": [{"atFrame": 1, "frames": 9}]}})", {"faults.clipping[0].input", "missing"}},
  };
  for (const auto& [text, says] : cases) {
    const auto config = readVirtualConfig(testing::writeFile(folder / "device.json", text));
    ASSERT_FALSE(config.ok()) << text;
    EXPECT_EQ(config.error().kind, ErrorKind::file);
    EXPECT_EQ(config.error().message.find('\n'), std::string::npos);
    for (const char* words : says) EXPECT_THAT(config.error().message, HasSubstr(words)) << text;
  }
}

}  // namespace
}  // namespace gainstage::devices
