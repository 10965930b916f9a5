#include "analog/gear/latency.h"

#include <cmath>
#include <gtest/gtest.h>
#include <random>

#include "analog/gear/wireless.h"

namespace gainstage::analog {
namespace {

TEST(Latency, ListsItsPartsInOrderAndAddsThemUp) {
  LatencyPath path;
  path.sampleRate = 48000.0;
  path.blockFrames = 128;
  path.blocks = 2;
  // Two periods of 128 frames at 48 kHz are 5.3 ms.
  auto parts = latencyParts(path);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].name, "input buffer");
  EXPECT_EQ(parts[1].name, "output buffer");
  EXPECT_NEAR(totalMs(parts), 5.333, 0.001);
  // A singer 30 cm before a microphone, in headphones by radio, filters of 12 frames, 1 ms of bus each way.
  path.metresToMicrophone = 0.3;
  path.inputFilterFrames = path.outputFilterFrames = 12.0;
  path.inputTransportMs = path.outputTransportMs = 1.0;
  path.processingFrames = 48.0;
  path.wirelessOutMs = 40.0;
  parts = latencyParts(path);
  EXPECT_EQ(parts.front().name, "air before the microphone");
  EXPECT_EQ(parts.back().name, "wireless to the ear");
  EXPECT_NEAR(totalMs(parts), 0.874 + 0.5 + 2.0 + 5.333 + 1.0 + 40.0, 0.005);
}

TEST(Latency, HasNoBuffersWhereTheInterfaceMonitorsByItself) {
  LatencyPath path;
  path.blockFrames = 0;
  path.inputFilterFrames = path.outputFilterFrames = 24.0;
  path.metresToEar = 1.0;
  EXPECT_NEAR(totalMs(latencyParts(path)), 1.0 + 2.914, 0.001);
  path.metresToEar = 0.0;
  path.inputFilterFrames = path.outputFilterFrames = 0.0;
  EXPECT_TRUE(latencyParts(path).empty());
}

TEST(RadioLink, LosesItsPowerAsFriisHasIt) {
  RadioLink open;
  open.pathExponent = 2.0;
  // 2.44 GHz: 40.2 dB at 1 m, 60.2 dB at 10 m in the open; 70.2 dB indoors.
  EXPECT_NEAR(pathLossDb(open, 1.0), 40.2, 0.02);
  EXPECT_NEAR(pathLossDb(open, 10.0), 60.2, 0.02);
  EXPECT_NEAR(pathLossDb({}, 10.0), 70.2, 0.02);
}

TEST(RadioLink, LosesThePacketsThatRayleighsFadesSwallow) {
  std::mt19937 random(11);
  std::normal_distribution<double> part;
  const RadioLink link;
  for (const double metres : {5.0, 15.0, 25.0}) {
    const double mean = std::pow(10.0, (link.transmitDbm - pathLossDb(link, metres)) / 10.0);
    const double least = std::pow(10.0, link.sensitivityDbm / 10.0);
    int lost = 0;
    constexpr int kPackets = 400000;
    for (int n = 0; n < kPackets; ++n) {
      const double a = part(random), b = part(random);
      lost += mean * (a * a + b * b) / 2.0 < least;
    }
    const double share = packetLossShare(link, metres);
    EXPECT_NEAR(lost / static_cast<double>(kPackets), share, 4.0 * std::sqrt(share / kPackets)) << metres;
  }
}

TEST(RadioLink, WaitsLongerTheFartherItReaches) {
  const RadioLink link{.delayMs = 40.0, .bufferMs = 15.0};
  EXPECT_NEAR(meanDelayMs(link, 0.5), 40.0, 0.01);
  double before = 0.0, dropped = 0.0;
  for (const double metres : {1.0, 5.0, 10.0, 20.0, 30.0}) {
    EXPECT_GT(meanDelayMs(link, metres), before);
    EXPECT_GT(dropoutShare(link, metres), dropped);
    before = meanDelayMs(link, metres), dropped = dropoutShare(link, metres);
  }
  // At a loss of one half, twice as many tries: one more on average, nine more for all but a thousandth.
  double low = 1.0, high = 100.0;
  while (high - low > 1e-9)
    (packetLossShare(link, 0.5 * (low + high)) < 0.5 ? low : high) = 0.5 * (low + high);
  EXPECT_NEAR(meanTries(link, low), 2.0, 1e-6);
  EXPECT_NEAR(meanDelayMs(link, low), 43.75, 1e-6);
  EXPECT_NEAR(delayMsForAllBut(link, low, 1e-3), 40.0 + 9 * 3.75, 1e-6);
  EXPECT_NEAR(dropoutShare(link, low), std::pow(0.5, 5.0), 1e-6);
}

TEST(RadioLink, NeverGetsThroughWhereEveryPacketIsLost) {
  const RadioLink link;
  ASSERT_EQ(packetLossShare(link, 200.0), 1.0);
  EXPECT_TRUE(std::isinf(meanDelayMs(link, 200.0)));
  EXPECT_TRUE(std::isinf(delayMsForAllBut(link, 200.0)));
  EXPECT_EQ(dropoutShare(link, 200.0), 1.0);
}

TEST(RadioLink, ReachesAsFarAsItsBufferAllows) {
  RadioLink link{.delayMs = 40.0, .bufferMs = 15.0};
  const double reach = reachMetres(link);
  EXPECT_NEAR(dropoutShare(link, reach), 1e-3, 1e-4);
  link.bufferMs = 100.0;
  EXPECT_GT(reachMetres(link), reach);
  link.transmitDbm = 200.0;
  EXPECT_EQ(reachMetres(link), 1000.0);
}

TEST(WirelessCodecs, AllHaveARangeAndASource) {
  EXPECT_GE(wirelessCodecs().size(), 6u);
  for (const auto& codec : wirelessCodecs()) {
    EXPECT_LE(codec.leastMs, codec.mostMs) << codec.name;
    EXPECT_GE(codec.leastMs, 0.0) << codec.name;
    EXPECT_GT(codec.source.size(), 10u) << codec.name;
  }
}

}  // namespace
}  // namespace gainstage::analog
