#include "devices/virtual/virtual_device.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include "devices/fake_clock.h"
#include "devices/memory_sink.h"
#include "devices/recording_client.h"
#include "support/audio.h"

namespace gainstage::devices {
namespace {

using ::testing::ElementsAre;
using testing::FakeClock;
using testing::RecordingClient;
using Event = RecordingClient::Event;

constexpr Milliseconds kPatience = 60_s;

VirtualConfig tone() {
  VirtualConfig config;
  config.inputs = {ToneInput{.frequencyHz = 1000.0, .levelDbfs = -6.0}, NoiseInput{.levelDbfs = -20.0}};
  config.outputs = 2;
  return config;
}

/// Opens the device free-running up to `frames`, and waits until it has ended.
void play(Device& device, RecordingClient& client, FrameTime frames, DeviceRequest request = {}) {
  request.freeRunning = true;
  request.frameLimit = frames;
  const auto format = device.open(request, client);
  ASSERT_TRUE(format.ok()) << format.error().message;
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
}

/// Has room for so many frames.
class FullSink final : public OutputSink {
 public:
  explicit FullSink(FrameTime frames) : frames_(frames) {}
  void formatChanged(const DeviceFormat&) override {}
  bool write(ConstAudioView outputs, FrameTime frame) noexcept override {
    return frame + outputs.frames() < frames_;
  }

 private:
  FrameTime frames_;
};

/// When the block's last frame comes in, after the first frame of all.
std::int64_t dueAfterNs(const DeviceBlock& block) {
  return static_cast<std::int64_t>(static_cast<double>(block.frame + block.frames) / 48000.0 * 1e9);
}

TEST(VirtualDevice, EndsAtExactlyTheFrameThatIsAskedForWithAShorterLastBlock) {
  VirtualDevice device(tone());
  RecordingClient client;
  play(device, client, 1000);
  EXPECT_EQ(client.framesDelivered, 1000);
  ASSERT_EQ(client.calls.size(), 16u);  // 15 x 64 + 40
  EXPECT_EQ(client.calls.back().frames, 40);
  EXPECT_EQ(client.calls.back().frame, 960);
  EXPECT_THAT(client.events, ElementsAre(Event{DeviceEvent::ended, 0, 16}));
  EXPECT_THAT(client.formats, ElementsAre(DeviceFormat{48000.0, 64, 2, 2}));
}

TEST(VirtualDevice, GivesTheSameSamplesHoweverItIsSplit) {
  std::vector<std::vector<std::vector<float>>> all;
  for (const FrameCount block : {1, 7, 64, 1024, 0}) {
    VirtualConfig config = tone();
    config.inputs.push_back(GuitarInput{.seed = 3});
    config.inputs.push_back(VoiceInput{.seed = 3});
    config.blockSeed = block == 0 ? 5 : 0;
    VirtualDevice device(config);
    RecordingClient client;
    play(device, client, 100000, {.blockFrames = block == 0 ? 300 : block});
    EXPECT_EQ(client.framesDelivered, 100000);
    all.push_back(client.inputs);
  }
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_TRUE(all[i] == all[0]) << "split " << i;
  EXPECT_NEAR(testing::decibels(testing::peak(all[0][0])), -6.0, 0.01);
  EXPECT_NEAR(testing::decibels(testing::amplitudeAt(all[0][0], 1000.0, 48000.0)), -6.0, 0.01);
  EXPECT_NEAR(testing::decibels(testing::rms(all[0][1])), -20.0 - 4.77, 0.1);  // even distribution: 1/sqrt(3)
  EXPECT_GT(testing::peak(all[0][2]), 0.01);
  EXPECT_GT(testing::peak(all[0][3]), 0.01);
}

TEST(VirtualDevice, RandomBlocksHaveEveryLengthUpToTheLargest) {
  VirtualConfig config = tone();
  config.blockSeed = 1;
  config.blockFrames = 8;
  VirtualDevice device(config);
  RecordingClient client;
  play(device, client, 4000);
  std::vector<int> seen(9);
  for (const auto& call : client.calls) ++seen[static_cast<std::size_t>(call.frames)];
  EXPECT_EQ(seen[0], 0);
  for (std::size_t length = 1; length <= 8; ++length) EXPECT_GT(seen[length], 50) << length;
}

TEST(VirtualDevice, GoesOnWhereItStopped) {
  VirtualDevice whole(tone()), stopped(tone());
  RecordingClient all, halves;
  play(whole, all, 6400);
  ASSERT_TRUE(stopped.open({.freeRunning = true, .frameLimit = 6400}, halves).ok());
  ASSERT_TRUE(stopped.start().ok());
  stopped.stop();
  ASSERT_TRUE(stopped.start().ok());
  ASSERT_TRUE(stopped.waitUntilEnded(kPatience));
  stopped.stop();
  EXPECT_EQ(halves.framesDelivered, 6400);
  EXPECT_TRUE(halves.inputs == all.inputs);
}

TEST(VirtualDevice, GivesWhatItHasWhereMoreIsAskedForAndLessWhereLessIs) {
  VirtualDevice device(tone());
  RecordingClient client;
  play(device, client, 64, {.inputs = 1, .outputs = 16});
  EXPECT_THAT(client.formats, ElementsAre(DeviceFormat{48000.0, 64, 1, 2}));
}

TEST(VirtualDevice, RefusesRatesAndBlocksThatCannotBeRun) {
  VirtualDevice device(tone());
  RecordingClient client;
  for (const DeviceRequest& request :
       {DeviceRequest{.sampleRate = 1.0}, DeviceRequest{.sampleRate = 1e9}, DeviceRequest{.sampleRate = NAN},
        DeviceRequest{.blockFrames = 8193}, DeviceRequest{.blockFrames = -1}}) {
    const auto opened = device.open(request, client);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::usage);
    EXPECT_EQ(opened.error().message.find('\n'), std::string::npos);
  }
  EXPECT_TRUE(client.calls.empty());
}

TEST(VirtualDevice, KeepsWhatItPlaysWhereASinkIsGiven) {
  const auto sink = std::make_shared<MemorySink>(500);
  VirtualDevice device(tone(), "virtual", sink);
  RecordingClient client;
  play(device, client, 1000);
  ASSERT_EQ(sink->channels().size(), 2u);
  for (std::size_t c = 0; c < 2; ++c)
    EXPECT_TRUE(std::equal(sink->channels()[c].begin(), sink->channels()[c].end(), client.inputs[c].begin()));
}

TEST(VirtualDevice, IsPacedByItsClock) {
  FakeClock clock;
  VirtualDevice device(tone(), "virtual", nullptr, &clock);
  RecordingClient client;
  const std::int64_t startNs = clock.nowNs();
  std::int64_t earliest = 1'000'000'000;
  std::int64_t latest = 0;
  client.onProcess = [&](const DeviceBlock& block) {
    const auto dueNs = startNs + dueAfterNs(block);
    earliest = std::min(earliest, clock.nowNs() - dueNs);
    latest = std::max(latest, clock.nowNs() - dueNs);
  };
  ASSERT_TRUE(device.open({.frameLimit = 48000 * 20}, client).ok());
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  EXPECT_EQ(client.framesDelivered, 48000 * 20);
  EXPECT_EQ(client.lostFrames(), 0);
  EXPECT_GE(earliest, -1);  // ns
  EXPECT_LE(latest, 1);
  EXPECT_EQ(client.calls.front().budgetNs, 1'333'333);
}

TEST(VirtualDevice, ADriftingClockRunsFasterByItsPpm) {
  FakeClock clock;
  VirtualConfig config = tone();
  config.driftPpm = 250.0;
  VirtualDevice device(config, "virtual", nullptr, &clock);
  RecordingClient client;
  ASSERT_TRUE(device.open({.frameLimit = 480000}, client).ok());
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  const auto& first = client.calls.front();
  const auto& last = client.calls.back();
  const double rate = static_cast<double>(last.frame + last.frames - first.frames) * 1e9 /
                      static_cast<double>(last.clockNs - first.clockNs);
  EXPECT_NEAR((rate / 48000.0 - 1.0) * 1e6, 250.0, 0.01);
}

TEST(VirtualDevice, LosesWhatComesWhileACallbackTakesTooLongAndStaysInStepWithItsClock) {
  FakeClock clock;
  VirtualConfig config = tone();
  config.periods = 2;
  VirtualDevice device(config, "virtual", nullptr, &clock);
  RecordingClient client;
  client.onProcess = [&](const DeviceBlock& block) {
    if (block.frame == 6400) clock.advance(1'000'000);    // 0.75 block: in time for the next one
    if (block.frame == 12800) clock.advance(10'000'000);  // 7.5 blocks
  };
  ASSERT_TRUE(device.open({.frameLimit = 64000}, client).ok());
  const std::int64_t startNs = clock.nowNs();
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  // The block before has been delivered, 7 more came in meanwhile, the last of which is kept.
  EXPECT_EQ(client.lostFrames(), 6 * 64);
  EXPECT_EQ(client.framesDelivered + client.lostFrames(), 64000);
  EXPECT_NEAR(static_cast<double>(clock.nowNs() - startNs), 64000 / 48000.0 * 1e9, 2.0);
  ASSERT_EQ(client.calls[200].frame, 12800);
  EXPECT_EQ(client.calls[201].frame, 12800 + 7 * 64);
  // The sources play on meanwhile: what comes in at a frame does not depend on what was lost.
  VirtualDevice undisturbed(tone());
  RecordingClient all;
  play(undisturbed, all, 64000);
  EXPECT_TRUE(std::equal(client.inputs[1].begin() + 12864, client.inputs[1].end(),
                         all.inputs[1].begin() + 12864 + 384));
}

TEST(VirtualDevice, ADeeperBufferForgivesALaterCallback) {
  for (const int periods : {8, 9}) {
    FakeClock clock;
    VirtualConfig config = tone();
    config.periods = periods;
    VirtualDevice device(config, "virtual", nullptr, &clock);
    RecordingClient client;
    client.onProcess = [&](const DeviceBlock& block) {
      if (block.frame == 6400) clock.advance(64 * 8 * 1'000'000'000LL / 48000 + 600'000);  // 8.45 blocks
    };
    ASSERT_TRUE(device.open({.frameLimit = 64000}, client).ok());
    ASSERT_TRUE(device.start().ok());
    ASSERT_TRUE(device.waitUntilEnded(kPatience));
    device.stop();
    EXPECT_EQ(client.lostFrames(), periods == 8 ? 7 * 64 : 0);
    EXPECT_EQ(client.framesDelivered + client.lostFrames(), 64000);
  }
}

std::int64_t monotonicNs() { return monotonicClock().nowNs(); }

TEST(VirtualDevice, NeverRunsAheadOfTheMachinesClockAndAccountsForEveryFrame) {
  VirtualDevice device(tone());
  RecordingClient client;
  std::int64_t startNs = 0;
  std::int64_t earliestNs = std::numeric_limits<std::int64_t>::max();
  client.onProcess = [&](const DeviceBlock& block) {
    const auto dueNs = startNs + dueAfterNs(block);
    earliestNs = std::min(earliestNs, monotonicNs() - dueNs);
  };
  ASSERT_TRUE(device.open({.blockFrames = 256, .frameLimit = 14400}, client).ok());
  startNs = monotonicNs();
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  EXPECT_GE(earliestNs, 0);
  EXPECT_EQ(client.framesDelivered + client.lostFrames(), 14400);
  EXPECT_EQ(client.events.back().event, DeviceEvent::ended);
}

TEST(VirtualDevice, LosesAndFindsAgainWhatItsFaultsSay) {
  VirtualConfig config = tone();
  config.faults = {{.kind = FaultKind::unplug, .atFrame = 5000, .frames = 2000},
                   {.kind = FaultKind::lostFrames, .atFrame = 1000, .frames = 100},
                   {.kind = FaultKind::format, .atFrame = 9000, .blockFrames = 128},
                   {.kind = FaultKind::format, .atFrame = 10000, .sampleRate = 96000.0}};
  VirtualDevice device(config);
  RecordingClient client;
  play(device, client, 12000);
  ASSERT_EQ(client.events.size(), 6u);
  std::vector<DeviceEvent> kinds;
  for (const auto& event : client.events) kinds.push_back(event.event);
  EXPECT_THAT(kinds, ElementsAre(DeviceEvent::lostFrames, DeviceEvent::gone, DeviceEvent::back,
                                 DeviceEvent::formatChanged, DeviceEvent::formatChanged, DeviceEvent::ended));
  EXPECT_EQ(client.events[0].frames, 100);
  EXPECT_EQ(client.events[2].frames, 2000);
  EXPECT_EQ(client.events[3].frames, 128);
  EXPECT_EQ(client.events[1].calls, client.events[2].calls);  // no callback while it is gone
  EXPECT_THAT(client.formats, ElementsAre(DeviceFormat{48000.0, 64, 2, 2}, DeviceFormat{48000.0, 128, 2, 2},
                                          DeviceFormat{96000.0, 128, 2, 2}));
  EXPECT_EQ(client.framesDelivered, 12000 - 2000 - 100);
  // Each to the frame: the callback after an event begins where the fault lets it.
  EXPECT_EQ(client.calls[client.events[0].calls].frame, 1100);
  EXPECT_EQ(client.calls[client.events[2].calls].frame, 7000);
  EXPECT_EQ(client.calls[client.events[3].calls].frame, 9000);
  EXPECT_EQ(client.calls[client.events[3].calls].frames, 128);
  EXPECT_EQ(client.calls[client.events[4].calls].frame, 10000);
  // The time that the frames stand for goes on at the new rate.
  const auto& last = client.calls.back();
  EXPECT_NEAR(static_cast<double>(last.clockNs), (10000 / 48000.0 + 2000 / 96000.0) * 1e9, 2.0);
}

TEST(VirtualDevice, StaysAwayAsLongAsTheClockSaysWhenItIsPaced) {
  FakeClock clock;
  VirtualConfig config = tone();
  config.faults = {{.kind = FaultKind::unplug, .atFrame = 4800, .frames = 48000}};
  VirtualDevice device(config, "virtual", nullptr, &clock);
  RecordingClient client;
  ASSERT_TRUE(device.open({.frameLimit = 57600}, client).ok());
  const std::int64_t startNs = clock.nowNs();
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  EXPECT_EQ(client.framesDelivered, 9600);
  EXPECT_EQ(client.lostFrames(), 0);
  EXPECT_NEAR(static_cast<double>(clock.nowNs() - startNs), 1.2e9, 10.0);
}

TEST(VirtualDevice, UnpluggedForGoodItEndsAtItsLimitOrComesBackWhenPluggedIn) {
  VirtualConfig config = tone();
  config.faults = {{.kind = FaultKind::unplug, .atFrame = 640, .frames = -1}};
  VirtualDevice limited(config);
  RecordingClient client;
  play(limited, client, 1000000);
  EXPECT_EQ(client.framesDelivered, 640);
  EXPECT_THAT(client.events, ElementsAre(Event{DeviceEvent::gone, 0, 10}, Event{DeviceEvent::ended, 0, 10}));

  const auto sink = std::make_shared<FullSink>(1000);
  VirtualDevice endless(config, "virtual", sink);
  RecordingClient other;
  ASSERT_TRUE(endless.open({.freeRunning = true}, other).ok());
  ASSERT_TRUE(endless.inject({.kind = FaultKind::plugBack, .atFrame = 1 << 30}));
  ASSERT_TRUE(endless.start().ok());
  ASSERT_TRUE(endless.waitUntilEnded(kPatience));
  endless.stop();
  EXPECT_THAT(other.events, ElementsAre(Event{DeviceEvent::gone, 0, 10}, Event{DeviceEvent::back, 0, 10},
                                        Event{DeviceEvent::ended, 0, 16}));
}

TEST(VirtualDevice, AnInjectedFaultHappensAtOnce) {
  VirtualDevice device(tone());
  RecordingClient client;
  ASSERT_TRUE(device.open({.freeRunning = true, .frameLimit = 640}, client).ok());
  ASSERT_TRUE(device.inject({.kind = FaultKind::lostFrames, .frames = 64}));
  ASSERT_TRUE(device.start().ok());
  ASSERT_TRUE(device.waitUntilEnded(kPatience));
  device.stop();
  EXPECT_THAT(client.events,
              ElementsAre(Event{DeviceEvent::lostFrames, 64, 0}, Event{DeviceEvent::ended, 0, 9}));
}

}  // namespace
}  // namespace gainstage::devices
