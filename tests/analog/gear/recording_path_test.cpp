#include "analog/gear/recording_path.h"

#include <cmath>
#include <gtest/gtest.h>

#include "analog/gear/levels.h"

namespace gainstage::analog {
namespace {

constexpr RecordingMicrophone kDynamic{
    .sensitivityMvPerPa = 1.88, .outputImpedanceOhm = 150.0, .selfNoiseDba = {}, .maxSplDb = {}};
constexpr RecordingMicrophone kCondenser{.principle = MicrophonePrinciple::condenser,
                                         .sensitivityMvPerPa = 20.0,
                                         .outputImpedanceOhm = 100.0,
                                         .selfNoiseDba = 5.0,
                                         .maxSplDb = 140.0,
                                         .needsPhantom = true};

RecordingPath path(const RecordingMicrophone& microphone = kDynamic) {
  return {.source = sourceOf(microphone, true),
          .input = {.impedanceOhm = 3000.0,
                    .minGainDb = 0.0,
                    .maxGainDb = 56.0,
                    .clipDbu = 9.0,
                    .einDbu = -128.0,
                    .padDb = 10.0},
          .converter = {.fullScaleDbu = 9.0, .dynamicRangeDba = 111.0},
          .gainDb = 40.0};
}

TEST(RecordingPath, HasALevelAtEveryPoint) {
  // 94 dB SPL on 1.88 mV/Pa: -52.3 dBu; 150 ohm into 3 kohm take 0.42 dB; 40 dB of gain; full scale is 9 dBu.
  const double source = outputDbu(kDynamic, kOnePascalSpl, false);
  EXPECT_NEAR(source, -52.30, 0.01);
  const auto points = levelPoints(path(), source);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_NEAR(points[0].levelDbu, -52.30, 0.01);
  EXPECT_NEAR(points[1].levelDbu, -52.72, 0.01);
  EXPECT_NEAR(points[2].levelDbu, -52.72, 0.01);
  EXPECT_NEAR(points[3].levelDbu, -12.72, 0.01);
  for (const auto& point : points) EXPECT_NEAR(*point.headroomDb(), 21.72, 0.01) << point.where;
  EXPECT_NEAR(recordedDbfs(path(), source), -21.72, 0.01);
  RecordingPath padded = path();
  padded.padOn = true;
  EXPECT_NEAR(recordedDbfs(padded, source), -31.72, 0.01);
  EXPECT_NEAR(levelPoints(padded, source)[2].levelDbu, -62.72, 0.01);
  EXPECT_NEAR(largestSourceDbu(padded), largestSourceDbu(path()) + 10.0, 1e-9);
}

TEST(RecordingPath, IsFullWhereTheFirstOfPreamplifierAndConverterIs) {
  RecordingPath early = path();
  EXPECT_NEAR(largestInputDbu(early), -31.0, 1e-9);
  early.converter.fullScaleDbu = 4.0;
  EXPECT_NEAR(largestInputDbu(early), -36.0, 1e-9);
  early.converter.fullScaleDbu = 20.0;
  EXPECT_NEAR(largestInputDbu(early), -31.0, 1e-9);
  early.input.clipDbu.reset();
  EXPECT_NEAR(largestInputDbu(early), -20.0, 1e-9);
}

TEST(RecordingPath, AddsUpNoiseFromTheSourceToTheConverter) {
  const auto noise = recordedNoise(path(), NoiseBand::aWeighted);
  EXPECT_TRUE(noise.isComplete);
  // By hand, in V per root Hz at the socket: 150 ohm beside 3 kohm is 142.9 ohm, 1.521 nV; EIN -128 dBu
  // A-weighted is 2.740 nV, of which 2.254 nV are the preamplifier's; 40 dB of gain, 12,669 Hz, 9 dBu; the
  // converter -111 dBFS beside.
  const auto dbfs = [](double density) {
    return dbuFromVolts(density * 1e-9 * std::sqrt(12669.0)) + 40.0 - 9.0;
  };
  EXPECT_NEAR(noise.thermalDbfs, dbfs(1.521), 0.02);
  EXPECT_NEAR(noise.preampDbfs, dbfs(2.254), 0.02);
  EXPECT_NEAR(noise.converterDbfs, -111.0, 0.01);
  EXPECT_EQ(noise.sourceDbfs, -INFINITY);
  EXPECT_NEAR(noise.totalDbfs, powerSumDb({dbfs(std::hypot(1.521, 2.254)), -111.0}), 0.02);
  const double source = outputDbu(kDynamic, 94.0, false);
  EXPECT_NEAR(signalToNoiseDb(path(), source, NoiseBand::aWeighted),
              recordedDbfs(path(), source) - noise.totalDbfs, 1e-9);
}

TEST(RecordingPath, OwesItsNoiseToTheConverterAtLittleGainAndToTheSourceAtMuch) {
  RecordingPath quiet = path(kCondenser);
  quiet.gainDb = 0.0;
  EXPECT_NEAR(recordedNoise(quiet, NoiseBand::aWeighted).totalDbfs, -111.0, 0.1);
  quiet.gainDb = 50.0;
  const auto noise = recordedNoise(quiet, NoiseBand::aWeighted);
  EXPECT_GT(noise.sourceDbfs, noise.preampDbfs);
  EXPECT_GT(noise.preampDbfs, noise.converterDbfs);
  // A microphone's self-noise of 5 dB-A is recorded as what its 5 dB SPL would be, with the rest beside:
  // within 1.5 dB.
  const double self = recordedDbfs(quiet, outputDbu(kCondenser, 5.0, true));
  EXPECT_NEAR(powerSumDb({noise.sourceDbfs, noise.thermalDbfs}), self, 0.02);
}

TEST(RecordingPath, HasThePreamplifiersEinBehindItsPad) {
  RecordingPath padded = path();
  padded.padOn = true;
  const auto noise = recordedNoise(padded, NoiseBand::aWeighted);
  EXPECT_NEAR(noise.preampDbfs, -128.0 + 40.0 - 9.0, 0.01);
  EXPECT_NEAR(noise.thermalDbfs, recordedNoise(path(), NoiseBand::aWeighted).thermalDbfs - 10.0, 1e-9);
}

TEST(RecordingPath, TakesAGuitarsNoiseFromItsImpedance) {
  RecordingPath instrument = path();
  instrument.input = {
      .kind = InputKind::instrument, .impedanceOhm = 1e6, .capacitanceF = 10e-12, .einDbu = -125.0};
  instrument.gainDb = 20.0;
  const GuitarOutput guitar;
  const auto noise = recordedNoise(guitar, instrument, NoiseBand::aWeighted);
  EXPECT_NEAR(powerSumDb({noise.thermalDbfs, noise.preampDbfs}),
              *inputNoiseDbu(guitar, instrument.input, NoiseBand::aWeighted) + 20.0 - 9.0, 0.01);
  EXPECT_GT(noise.thermalDbfs, noise.preampDbfs);
  EXPECT_TRUE(noise.isComplete);
  instrument.input.einDbu.reset();
  EXPECT_FALSE(recordedNoise(guitar, instrument, NoiseBand::aWeighted).isComplete);
}

TEST(RecordingPath, SaysWhatOfItsNoiseIsNotKnown) {
  RecordingPath partly = path();
  partly.input.einDbu.reset();
  const auto noise = recordedNoise(partly, NoiseBand::flat);
  EXPECT_FALSE(noise.isComplete);
  EXPECT_EQ(noise.preampDbfs, -INFINITY);
  EXPECT_TRUE(std::isfinite(noise.totalDbfs));
}

TEST(RecordingPath, AsksForTheGainThatPutsPeaksWhereTheyBelong) {
  RecordingPath set = path();
  const double peak = outputDbu(kDynamic, 114.0, false);  // loud singing close by: -32.3 dBu
  const auto advice = gainFor(set, peak);
  EXPECT_NEAR(advice.wantedDb, 29.7, 0.05);
  EXPECT_FALSE(advice.padOn);
  EXPECT_EQ(advice.shortfallDb, 0.0);
  set.gainDb = advice.gainDb;
  EXPECT_NEAR(recordedDbfs(set, peak), -12.0, 1e-9);
}

TEST(RecordingPath, SaysHowMuchGainIsMissingAndWhenAPadIsDue) {
  // A whisper of 50 dB SPL on a dynamic wants 93.7 dB; 56 are there.
  const auto whisper = gainFor(path(), outputDbu(kDynamic, 50.0, false));
  EXPECT_NEAR(whisper.gainDb, 56.0, 1e-9);
  EXPECT_NEAR(whisper.shortfallDb, 37.7, 0.1);
  // A drum of 135 dB SPL on 20 mV/Pa is 9.2 dBu: the pad, and less gain than none is not to be had.
  const double drum = outputDbu(kCondenser, 135.0, true);
  EXPECT_NEAR(drum, 9.26, 0.01);
  const auto loud = gainFor(path(kCondenser), drum);
  EXPECT_TRUE(loud.padOn);
  EXPECT_NEAR(loud.gainDb, 0.0, 1e-9);
  EXPECT_NEAR(loud.excessDb, 1.98, 0.05);
}

TEST(RecordingPath, StaysSilentWithAMicrophoneThatHasNoPower) {
  const RecordingPath dead = path();
  EXPECT_EQ(recordedDbfs(dead, outputDbu(kCondenser, 120.0, false)), -INFINITY);
  EXPECT_FALSE(sourceOf(kCondenser, false).excessNoiseDbuA);
}

}  // namespace
}  // namespace gainstage::analog
