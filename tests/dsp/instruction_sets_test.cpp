#include <functional>
#include <gtest/gtest.h>
#include <hwy/targets.h>

#include "dsp/dynamics/compressor.h"
#include "dsp/dynamics/gate.h"
#include "dsp/filters/parametric_eq.h"
#include "dsp/kernels.h"
#include "dsp/meters/meter.h"
#include "support/audio.h"

/// What runs on vectors, on every instruction set that this machine has, against plain scalar code.
namespace gainstage::dsp {
namespace {

using testing::Mono;
using testing::Signal;

class InstructionSets : public ::testing::Test {
 protected:
  ~InstructionSets() override { allow(hwy::SupportedTargets()); }

  static void allow(std::int64_t targets) {
    hwy::SetSupportedTargetsForTest(0);
    hwy::SetSupportedTargetsForTest(targets);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }

  /// Calls `check` with every set's name, in turn the only one that may be used.
  static void onEach(const std::function<void(const char* name)>& check) {
    hwy::SetSupportedTargetsForTest(0);
    const std::int64_t all = hwy::SupportedTargets();
    for (std::int64_t target = 1; target != 0 && target <= all; target <<= 1) {
      if ((all & target) == 0) continue;
      allow(target);
      SCOPED_TRACE(hwy::TargetName(target));
      check(hwy::TargetName(target));
    }
    allow(all);
  }
};

TEST_F(InstructionSets, FiltersGiveTheSameBitsOnAllOfThem) {
  for (const int channels : {1, 2}) {
    Signal reference;
    onEach([&](const char*) {
      ParametricEq eq;
      eq.prepare({48000.0, 1024});
      for (int i = 0; i < 5; ++i) eq.setBand(i, {.frequency = {200.0 * (i + 1)}, .gain = {3.0 - i}});
      eq.reset();
      Signal io{testing::noise(4000, 0.5f, 1), testing::noise(4000, 0.5f, 2)};
      io.resize(static_cast<std::size_t>(channels));
      FrameCount at = 0;
      testing::renderInPlace(io, testing::splits(4000, 100, 3), [&](AudioView view) {
        if (at > 1000) eq.setBand(2, {.frequency = {5000.0}, .gain = {-9.0}});
        if (at > 2000) eq.setBand(5, {.type = EqBand::Type::lowPass, .frequency = {8000.0}});
        eq.process(view);
        at += view.frames();
      });
      if (reference.empty()) reference = io;
      EXPECT_EQ(io, reference) << channels << " channels";
    });
  }
}

TEST_F(InstructionSets, MixingGivesTheSameBitsOnAllOfThem) {
  Signal reference;
  onEach([&](const char*) {
    LinearRamp left(0.2f), right(0.9f);
    for (LinearRamp* ramp : {&left, &right}) {
      ramp->setLength(333);
      ramp->setTarget(0.5f);
    }
    const Mono source = testing::noise(1000);
    Signal mix{testing::noise(1000, 0.5f, 3), testing::noise(1000, 0.5f, 4)};
    std::size_t at = 0;
    testing::renderInPlace(mix, testing::splits(1000, 70, 5), [&](AudioView view) {
      const float* in[] = {source.data() + at};
      addStereo(ConstAudioView(in, 1, view.frames()), left, right, view);
      at += static_cast<std::size_t>(view.frames());
    });
    if (reference.empty()) reference = mix;
    EXPECT_EQ(mix, reference);
  });
}

// A fused multiply-add rounds once, elsewhere it is two roundings: dynamics and true peak may differ by
// those.
TEST_F(InstructionSets, DynamicsAgreeWithin120Db) {
  Mono reference;
  onEach([&](const char*) {
    Gate gate;
    Compressor compressor;
    gate.prepare({48000.0, 64});
    compressor.prepare({48000.0, 64});
    gate.setThreshold({-30.0});
    compressor.setThreshold({-40.0});
    compressor.setRatio(4.0f);
    compressor.setKnee({6.0});
    compressor.setAttack({5.0});
    compressor.setRelease({50.0});
    compressor.reset();
    Signal io{testing::noise(9600)};
    testing::renderInPlace(io, testing::splits(9600, 64), [&](AudioView view) {
      gate.process(view);
      compressor.process(view);
    });
    if (reference.empty()) reference = io[0];
    EXPECT_LT(testing::decibels(testing::largestDifference(io[0], reference)), -120.0);
  });
}

TEST_F(InstructionSets, MetersAgreeWithinATenThousandthOfADecibel) {
  MeterReading reference;
  onEach([&](const char*) {
    Meter meter;
    meter.prepare({48000.0, 64});
    Signal io{testing::noise(48000, 0.9f)};
    testing::renderInPlace(io, testing::splits(48000, 64, 7),
                           [&](AudioView view) { meter.process(view.channel(0)); });
    const MeterReading reading = meter.read();
    if (reference.maxPeak == 0.0f) reference = reading;
    EXPECT_EQ(reading.maxPeak, reference.maxPeak);
    EXPECT_NEAR(testing::decibels(reading.maxTruePeak), testing::decibels(reference.maxTruePeak), 1e-4);
    EXPECT_NEAR(testing::decibels(reading.rms), testing::decibels(reference.rms), 1e-4);
  });
}

TEST_F(InstructionSets, ThereIsMoreThanOneToCompare) {
  int count = 0;
  onEach([&](const char*) { ++count; });
  EXPECT_GE(count, 2);
}

}  // namespace
}  // namespace gainstage::dsp
