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

}  // namespace
}  // namespace gainstage::devices
