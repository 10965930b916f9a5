#include "devices/devices.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "devices/recording_client.h"
#include "formats/wav_writer.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::devices {
namespace {

using ::testing::HasSubstr;
using testing::RecordingClient;
using testing::TemporaryFolder;

TEST(Devices, VirtualIsBuiltInOrDescribedByAFile) {
  const auto builtIn = makeDevice("virtual");
  ASSERT_TRUE(builtIn.ok());
  EXPECT_EQ((*builtIn)->description().id, "virtual");
  EXPECT_EQ((*builtIn)->description().inputs, 2);
  EXPECT_EQ((*builtIn)->description().outputs, 4);
  EXPECT_EQ((*builtIn)->description().purpose, OutputPurpose::headphones);
  EXPECT_FALSE((*builtIn)->description().inputsAreLive);

  const TemporaryFolder folder;
  const auto file = testing::writeFile(folder / "d.json", R"({"name": "Ours", "inputs": [], "outputs": 8})");
  const auto described = makeDevice("virtual:" + file.string());
  ASSERT_TRUE(described.ok());
  EXPECT_EQ((*described)->description().id, "virtual:" + file.string());
  EXPECT_EQ((*described)->description().name, "Ours");
  EXPECT_EQ((*described)->description().inputs, 0);
  EXPECT_EQ((*described)->description().outputs, 8);
}

TEST(Devices, AFileIsNamedByItsPathWhateverThatHolds) {
  const TemporaryFolder folder;
  const auto path = folder / "a:b.wav";
  auto writer = formats::WavWriter::createAtomically(path, {.sampleRate = 96000.0});
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer->writeInterleaved(testing::noise(1000)).ok());
  ASSERT_TRUE(writer->close().ok());
  const auto device = makeDevice("file:" + path.string());
  ASSERT_TRUE(device.ok()) << device.error().message;
  RecordingClient client;
  const auto format = (*device)->open({}, client);
  ASSERT_TRUE(format.ok());
  EXPECT_EQ(format->sampleRate, 96000.0);
  EXPECT_EQ(format->inputs, 1);
}

TEST(Devices, WhatCannotBeMadeIsRefusedWithOneSentenceAndItsKind) {
  struct Case {
    const char* wanted;
    ErrorKind kind;
    const char* says;
  };
  for (const Case& bad :
       {Case{"virtul", ErrorKind::device, "did you mean virtual?"},
        Case{"jak:default", ErrorKind::device, "did you mean jack?"},
        Case{"soundblaster", ErrorKind::device, "virtual, jack, file"},
        Case{"alsa:hw:0", ErrorKind::device, "no ALSA"}, Case{"file", ErrorKind::usage, "file:IN.wav"},
        Case{"file:", ErrorKind::usage, "file:IN.wav"},
        Case{"virtual:", ErrorKind::usage, "virtual:FILE.json"},
        Case{"virtual:/nowhere/x.json", ErrorKind::file, "x.json"},
        Case{"file:/nowhere/x.wav", ErrorKind::file, "x.wav"}}) {
    const auto device = makeDevice(bad.wanted);
    ASSERT_FALSE(device.ok()) << bad.wanted;
    EXPECT_EQ(device.error().kind, bad.kind) << bad.wanted;
    EXPECT_THAT(device.error().message, HasSubstr(bad.says));
    EXPECT_EQ(device.error().message.find('\n'), std::string::npos);
  }
}

TEST(Devices, TheListBeginsWithWhatIsTakenByDefault) {
  const auto list = listDevices();
  ASSERT_EQ(list.size(), 3u);
  const auto byDefault = makeDevice();
  ASSERT_TRUE(byDefault.ok());
  EXPECT_TRUE(list.front().answers);
  EXPECT_EQ(list.front().id, (*byDefault)->description().id);
  const auto own = std::ranges::find(list, "virtual", &DeviceListing::id);
  ASSERT_NE(own, list.end());
  EXPECT_EQ(own->inputs, 2);
  EXPECT_TRUE(own->answers);
}

}  // namespace
}  // namespace gainstage::devices
