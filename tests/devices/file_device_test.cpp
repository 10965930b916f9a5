#include "devices/file/file_device.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <numbers>

#include "devices/fake_clock.h"
#include "devices/memory_sink.h"
#include "devices/recording_client.h"
#include "devices/virtual/virtual_device.h"
#include "formats/audio_file.h"
#include "formats/resample.h"
#include "formats/wav_writer.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::devices {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::RecordingClient;
using testing::Signal;
using testing::TemporaryFolder;
using Event = RecordingClient::Event;

constexpr Milliseconds kPatience = 60_s;

std::filesystem::path writeWav(const std::filesystem::path& path, const Signal& signal, double sampleRate) {
  auto writer = formats::WavWriter::createAtomically(
      path, {.sampleRate = sampleRate, .channels = static_cast<int>(signal.size())});
  EXPECT_TRUE(writer.ok());
  std::vector<const float*> rows;
  for (const auto& channel : signal) rows.push_back(channel.data());
  EXPECT_TRUE(
      writer->write({rows.data(), static_cast<int>(rows.size()), static_cast<FrameCount>(signal[0].size())})
          .ok());
  EXPECT_TRUE(writer->close().ok());
  return path;
}

/// Opens the device free-running, and waits until it has ended.
void play(Device& device, RecordingClient& client, DeviceRequest request = {}) {
  request.freeRunning = true;
  const auto format = device.open(request, client);
  ASSERT_TRUE(format.ok()) << format.error().message;
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
}

TEST(FileDevice, DeliversEveryFrameOfEveryChannelAndThenItsTail) {
  const TemporaryFolder folder;
  const Signal signal{testing::noise(10001, 0.5f, 1), testing::noise(10001, 0.5f, 2),
                      testing::noise(10001, 0.5f, 3)};
  const auto sink = std::make_shared<MemorySink>(20000);
  auto device =
      FileDevice::make(writeWav(folder / "in.wav", signal, 44100.0), {.tail = 100_ms, .sink = sink});
  ASSERT_TRUE(device.ok());
  EXPECT_EQ((*device)->description().inputs, 3);
  EXPECT_FALSE((*device)->description().hasClock);
  RecordingClient client;
  play(**device, client);
  EXPECT_THAT(client.formats, ElementsAre(DeviceFormat{44100.0, 64, 3, 2}));
  ASSERT_EQ(client.framesDelivered, 10001 + 4410);
  EXPECT_EQ(client.events.back().event, DeviceEvent::ended);
  EXPECT_EQ(client.events.size(), 1u);
  EXPECT_EQ(client.calls.front().budgetNs, 0);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_TRUE(std::equal(signal[c].begin(), signal[c].end(), client.inputs[c].begin())) << c;
    EXPECT_EQ(testing::peak(std::span(client.inputs[c]).subspan(10001)), 0.0);
  }
  EXPECT_TRUE(std::equal(client.inputs[1].begin(), client.inputs[1].end(), sink->channels()[1].begin()));
  EXPECT_TRUE((*device)->problem().ok());
}

TEST(FileDevice, AnotherRateKeepsLevelsWithinATenthOfADecibelAndEveryMomentInItsPlace) {
  const TemporaryFolder folder;
  for (const auto& [from, to] : {std::pair{44100.0, 48000.0}, {96000.0, 44100.0}, {48000.0, 96000.0}}) {
    SCOPED_TRACE(::testing::Message() << from << " to " << to);
    const auto frames = static_cast<FrameCount>(from);
    const Signal signal{testing::sine(997.0, from, frames, 0.5f),
                        testing::sine(15000.0, from, frames, 0.25f)};
    auto device = FileDevice::make(writeWav(folder / "in.wav", signal, from));
    ASSERT_TRUE(device.ok());
    RecordingClient client;
    play(**device, client, {.sampleRate = to});
    ASSERT_EQ(client.framesDelivered, static_cast<FrameTime>(to));
    // Away from the ends, where the file's silence before and after it rings.
    const auto first = static_cast<std::size_t>(to / 10.0);
    const Signal ideal{testing::sine(997.0, to, static_cast<FrameCount>(to), 0.5f),
                       testing::sine(15000.0, to, static_cast<FrameCount>(to), 0.25f)};
    for (std::size_t c = 0; c < 2; ++c) {
      const auto middle = std::span<const float>(client.inputs[c]).subspan(first, 8 * first);
      EXPECT_NEAR(testing::decibels(testing::rms(middle)),
                  testing::decibels(testing::rms(std::span<const float>(ideal[c]).subspan(first, 8 * first))),
                  0.1);
      // A hundredth of a frame at 15 kHz would already be -41 dB of the tone's level.
      EXPECT_LT(testing::decibels(testing::largestDifference(
                    middle, std::span<const float>(ideal[c]).subspan(first, 8 * first))),
                -90.0);
    }
  }
}

TEST(FileDevice, GivesTheSameSamplesHoweverItIsSplitAndAsAtOnce) {
  const TemporaryFolder folder;
  const Signal signal{testing::noise(30000)};
  const auto path = writeWav(folder / "in.wav", signal, 44100.0);
  auto whole = formats::readAudioFile(path);
  ASSERT_TRUE(whole.ok());
  auto once = formats::resample(whole->audio, 44100.0, 48000.0);
  ASSERT_TRUE(once.ok());
  for (const FrameCount block : {1, 7, 64, 1000}) {
    auto device = FileDevice::make(path);
    ASSERT_TRUE(device.ok());
    RecordingClient client;
    play(**device, client, {.sampleRate = 48000.0, .blockFrames = block});
    ASSERT_EQ(client.framesDelivered, once->frames());
    EXPECT_LT(testing::decibels(testing::largestDifference(client.inputs[0], once->channel(0))), -120.0);
  }
}

TEST(FileDevice, EndsAtTheFrameThatIsAskedForWhereTheFileIsLonger) {
  const TemporaryFolder folder;
  auto device =
      FileDevice::make(writeWav(folder / "in.wav", {testing::noise(10000)}, 48000.0), {.tail = 1_s});
  ASSERT_TRUE(device.ok());
  RecordingClient client;
  play(**device, client, {.frameLimit = 777});
  EXPECT_EQ(client.framesDelivered, 777);
}

TEST(FileDevice, SaysWhyItEndedWhereTheFileIsCutWhileItPlays) {
  const TemporaryFolder folder;
  const auto path = writeWav(folder / "in.wav", {testing::noise(200000)}, 48000.0);
  auto device = FileDevice::make(path);
  ASSERT_TRUE(device.ok());
  RecordingClient client;
  ASSERT_TRUE((*device)->open({}, client).ok());
  std::filesystem::resize_file(path, 200000);
  ASSERT_TRUE((*device)->start().ok());
  ASSERT_TRUE((*device)->waitUntilEnded(kPatience));
  (*device)->stop();
  EXPECT_LT(client.framesDelivered, 50000);
  ASSERT_FALSE((*device)->problem().ok());
  EXPECT_EQ((*device)->problem().error().kind, ErrorKind::file);
  EXPECT_THAT((*device)->problem().error().message, HasSubstr("in.wav"));
}

TEST(FileDevice, RefusesWhatIsNotAnAudioFileBeforeAnythingRuns) {
  const TemporaryFolder folder;
  testing::writeFile(folder / "text.wav", "this is not audio\n");
  testing::writeFile(folder / "empty.wav", "");
  for (const auto& path :
       {folder / "text.wav", folder / "empty.wav", folder / "missing.wav", folder.path()}) {
    const auto device = FileDevice::make(path);
    ASSERT_FALSE(device.ok()) << path;
    EXPECT_EQ(device.error().kind, ErrorKind::file);
    EXPECT_THAT(device.error().message, HasSubstr(path.filename().string()));
    EXPECT_EQ(device.error().message.find('\n'), std::string::npos);
  }
}

/// 1 s of 100 Hz, an exact number of periods.
Signal hum(double sampleRate) {
  return {testing::silence(static_cast<FrameCount>(sampleRate)),
          testing::sine(100.0, sampleRate, static_cast<FrameCount>(sampleRate), 0.5f)};
}

TEST(FileInput, LoopsWithoutAGapAtAnyRate) {
  const TemporaryFolder folder;
  for (const double rate : {48000.0, 44100.0}) {
    VirtualConfig config;
    config.inputs = {
        FileInput{.path = writeWav(folder / "hum.wav", hum(rate), rate), .channel = 2, .gainDb = -6.0}};
    VirtualDevice device(config);
    RecordingClient client;
    play(device, client, {.frameLimit = 200000});
    const auto ideal = testing::sine(100.0, 48000.0, 200000, 0.5f * Decibels{-6.0}.linear());
    // The first moments of a converted file follow the silence before it.
    EXPECT_LT(testing::decibels(testing::largestDifference(std::span(client.inputs[0]).subspan(4800),
                                                           std::span(ideal).subspan(4800))),
              -90.0);
  }
}

TEST(FileInput, IsSilentAfterItsEndWhereItIsNotLooped) {
  const TemporaryFolder folder;
  VirtualConfig config;
  config.inputs = {
      FileInput{.path = writeWav(folder / "hum.wav", hum(48000.0), 48000.0), .channel = 2, .loop = false}};
  VirtualDevice device(config);
  RecordingClient client;
  play(device, client, {.frameLimit = 60000});
  EXPECT_EQ(client.framesDelivered, 60000);
  EXPECT_NEAR(testing::peak(std::span(client.inputs[0]).first(48000)), 0.5, 1e-6);
  EXPECT_EQ(testing::peak(std::span(client.inputs[0]).subspan(48000)), 0.0);
}

TEST(FileInput, GoesOnFromTheSameMomentWhenTheRateChanges) {
  const TemporaryFolder folder;
  Signal ramp{testing::silence(48000)};
  for (std::size_t n = 0; n < ramp[0].size(); ++n) ramp[0][n] = static_cast<float>(n) / 48000.0f;
  VirtualConfig config;
  config.inputs = {FileInput{.path = writeWav(folder / "ramp.wav", ramp, 48000.0), .loop = false}};
  config.faults = {{.kind = FaultKind::format, .atFrame = 12000, .sampleRate = 96000.0}};
  VirtualDevice device(config);
  RecordingClient client;
  play(device, client, {.frameLimit = 40000});
  const auto& input = client.inputs[0];
  EXPECT_EQ(input[11999], 11999.0f / 48000.0f);
  for (const std::size_t later : {2000u, 20000u})
    EXPECT_NEAR(input[12000 + later], 0.25 + static_cast<double>(later) / 96000.0, 1e-4);
}

TEST(FileInput, PacedItNeverWaitsAndWhatComesInTimeStandsInItsPlace) {
  const TemporaryFolder folder;
  const Signal signal{testing::noise(480000)};
  testing::FakeClock clock;  // runs as fast as it can: the reader will be late
  VirtualConfig config;
  config.inputs = {FileInput{.path = writeWav(folder / "in.wav", signal, 48000.0), .loop = false}};
  VirtualDevice device(config, "virtual", nullptr, &clock);
  RecordingClient client;
  ASSERT_TRUE(device.open({.blockFrames = 256, .frameLimit = 480000}, client).ok());
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  ASSERT_EQ(client.framesDelivered, 480000);
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < signal[0].size(); ++n) {
    const bool mayBeLate = n >= 48000;  // a second is read before the start
    if (client.inputs[0][n] != signal[0][n] && !(mayBeLate && client.inputs[0][n] == 0.0f)) ++wrong;
  }
  EXPECT_EQ(wrong, 0u);
}

TEST(FileInput, SaysWhereAFileHasNoSuchChannel) {
  const TemporaryFolder folder;
  VirtualConfig config;
  config.inputs = {
      FileInput{.path = writeWav(folder / "mono.wav", {testing::noise(100)}, 48000.0), .channel = 2}};
  VirtualDevice device(config);
  RecordingClient client;
  const auto opened = device.open({}, client);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::file);
  EXPECT_THAT(opened.error().message, HasSubstr("has 1 channel and no channel 2"));
}

}  // namespace
}  // namespace gainstage::devices
