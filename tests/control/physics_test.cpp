#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analog/gear/headphone_drive.h"
#include "analog/gear/levels.h"
#include "analog/gear/recording_path.h"
#include "control/recorded_run.h"
#include "support/audio.h"
#include "support/spectra.h"

/// What analog/gear predicts, the virtual interface shows: measured from takes of a whole run, and from what
/// reaches the ear, within 0.2 dB.
namespace gainstage {
namespace {

using namespace analog;
using devices::InputStage;
using devices::OutputStage;
using devices::VirtualConfig;
using testing::RecordedRun;
using testing::recordRun;

constexpr double kWithinDb = 0.2;
constexpr double kRate = 48000.0;

double weightA(double hz) { return ratioOf(aWeightingDb(hz)); }

double peakDbfs(std::span<const float> samples) { return testing::decibels(testing::peak(samples)); }

std::span<const float> settled(const std::vector<float>& samples) {
  return std::span(samples).subspan(static_cast<std::size_t>(0.5 * kRate));
}

AnalogInput preamp() {
  return {.kind = InputKind::microphone,
          .impedanceOhm = 3000.0,
          .minGainDb = 0.0,
          .maxGainDb = 60.0,
          .gainStepDb = 1.0,
          .clipDbu = 10.0,
          .einDbu = -128.0,
          .padDb = 20.0,
          .hasPhantom = true};
}
Converter converter() {
  return {.fullScaleDbu = 12.0, .dynamicRangeDba = 111.0, .bits = 24, .filterDelayFrames = 9.0};
}
RecordingMicrophone dynamicMic() { return {.sensitivityMvPerPa = 1.85, .outputImpedanceOhm = 150.0}; }
RecordingMicrophone condenser() {
  return {.principle = MicrophonePrinciple::condenser,
          .sensitivityMvPerPa = 20.0,
          .outputImpedanceOhm = 100.0,
          .selfNoiseDba = 15.0,
          .maxSplDb = 135.0,
          .needsPhantom = true};
}

InputStage stageWith(Plugged plugged, devices::InputSettings stands) {
  InputStage stage;
  stage.design.plugged = std::move(plugged);
  stage.design.input = preamp();
  stage.design.converter = converter();
  stage.stands = stands;
  return stage;
}

RecordingPath pathOf(const InputStage& stage) {
  const InputDesign& design = stage.design;
  RecordingPath path{.input = design.input,
                     .converter = design.converter,
                     .gainDb = stage.stands.gainDb,
                     .padOn = stage.stands.pad,
                     .sampleRate = kRate};
  if (const auto* mic = std::get_if<MicrophonePlugged>(&design.plugged))
    path.source = sourceOf(mic->microphone, stage.stands.phantom);
  if (const auto* line = std::get_if<LinePlugged>(&design.plugged))
    path.source = {line->outputImpedanceOhm, line->noiseDbuA};
  return path;
}

VirtualConfig silentInputs(std::vector<InputStage> stages) {
  VirtualConfig config;
  config.sampleRate = kRate;
  config.inputs.assign(stages.size(), devices::SilentInput{});
  for (std::size_t i = 0; i < stages.size(); ++i) {
    stages[i].design.seed = static_cast<std::uint32_t>(i + 1);
    config.inputStages.emplace_back(stages[i]);
  }
  config.outputs = 2;
  return config;
}

TEST(VirtualPhysics, NoiseInATakeIsWhatTheEquationsPredict) {
  const LinePlugged keyboard{.outputImpedanceOhm = 1000.0, .fullScaleDbu = 4.0, .noiseDbuA = -95.0};
  const std::vector<InputStage> stages{
      stageWith(MicrophonePlugged{dynamicMic()}, {.gainDb = 60.0}),  // the preamp's and the thermal
      stageWith(MicrophonePlugged{dynamicMic()}, {.gainDb = 0.0}),   // the converter's
      stageWith(MicrophonePlugged{dynamicMic()}, {.gainDb = 27.0}),  // both
      stageWith(MicrophonePlugged{condenser()}, {.gainDb = 40.0, .phantom = true}),
      stageWith(MicrophonePlugged{condenser()}, {.gainDb = 60.0}),  // silent, but for resistances
      stageWith(MicrophonePlugged{condenser()}, {.gainDb = 50.0, .pad = true, .phantom = true}),
      stageWith(keyboard, {.gainDb = 10.0}),
  };
  const RecordedRun run = recordRun(silentInputs(stages), 8.0);
  ASSERT_EQ(run.error, "");
  ASSERT_EQ(run.dry.size(), stages.size());
  for (std::size_t i = 0; i < stages.size(); ++i) {
    SCOPED_TRACE(i);
    const RecordingPath path = pathOf(stages[i]);
    EXPECT_NEAR(testing::noiseDbfs(settled(run.dry[i]), kRate),
                recordedNoise(path, NoiseBand::flat).totalDbfs, kWithinDb);
    EXPECT_NEAR(testing::noiseDbfs(settled(run.dry[i]), kRate, weightA),
                recordedNoise(path, NoiseBand::aWeighted).totalDbfs, kWithinDb);
  }
}

TEST(VirtualPhysics, SixteenBitsAndAJitteringClockMakeTheNoiseOfTheirEquations) {
  InputStage rounded = stageWith(LinePlugged{}, {});
  rounded.design.converter = {.fullScaleDbu = 12.0, .bits = 16};
  rounded.design.input.einDbu.reset();
  InputStage jitters = stageWith(LinePlugged{.outputImpedanceOhm = 1.0, .fullScaleDbu = 4.0}, {});
  jitters.design.input.einDbu.reset();
  jitters.design.input.impedanceOhm = 1e6;
  jitters.design.converter = {
      .fullScaleDbu = 12.0, .bits = 24, .filterDelayFrames = 9.0, .jitterSeconds = 1e-9};
  VirtualConfig config = silentInputs({rounded, jitters});
  config.inputs[1] = devices::ToneInput{.frequencyHz = 5000.0, .levelDbfs = 0.0};
  const RecordedRun run = recordRun(config, 8.0);
  ASSERT_EQ(run.error, "");
  const double inBand = 10.0 * std::log10(noiseBandwidthHz(NoiseBand::flat) / (kRate / 2.0));
  EXPECT_NEAR(testing::noiseDbfs(settled(run.dry[0]), kRate), quantizationNoiseDbfs(16, true) + inBand,
              kWithinDb);
  // Without the tone itself; what of the noise lies in its bins is left out with it.
  constexpr double kLeftOutHz = 600.0;
  const auto aside = [](double hz) { return std::abs(hz - 5000.0) < 0.5 * kLeftOutHz ? 0.0 : 1.0; };
  const double rest = 10.0 * std::log10(1.0 - kLeftOutHz / noiseBandwidthHz(NoiseBand::flat));
  EXPECT_NEAR(testing::noiseDbfs(settled(run.dry[1]), kRate, aside),
              -8.0 - jitterSnrDb(5000.0, 1e-9) + inBand + rest, kWithinDb);
}

TEST(VirtualPhysics, LevelsAndClippingInATakeAreWhatTheEquationsPredict) {
  // A tone of 1 Pa before each microphone, one of +4 dBu behind 1 kohm.
  const std::vector<InputStage> stages{
      stageWith(MicrophonePlugged{dynamicMic(), kOnePascalSpl}, {.gainDb = 50.0}),
      stageWith(MicrophonePlugged{condenser(), kOnePascalSpl}, {.gainDb = 30.0, .phantom = true}),
      stageWith(MicrophonePlugged{condenser(), kOnePascalSpl}, {.gainDb = 30.0}),
      stageWith(LinePlugged{.outputImpedanceOhm = 1000.0, .fullScaleDbu = 4.0}, {.gainDb = 2.0}),
      stageWith(LinePlugged{.outputImpedanceOhm = 1000.0, .fullScaleDbu = 4.0},
                {.gainDb = 20.0, .pad = true}),
      // 14 dB too loud for the preamp, which clips 2 dB below the converter; and for the microphone itself.
      stageWith(LinePlugged{.outputImpedanceOhm = 1.0, .fullScaleDbu = 4.0}, {.gainDb = 20.0}),
      stageWith(MicrophonePlugged{condenser(), 150.0}, {.gainDb = 0.0, .pad = true, .phantom = true}),
  };
  VirtualConfig config = silentInputs(stages);
  for (auto& input : config.inputs) input = devices::ToneInput{.frequencyHz = 997.0, .levelDbfs = 0.0};
  const RecordedRun run = recordRun(config, 2.0);
  ASSERT_EQ(run.error, "");
  ASSERT_EQ(run.dry.size(), stages.size());
  const auto measured = [&](std::size_t i) {
    return testing::decibels(testing::amplitudeAt(settled(run.dry[i]), 997.0, kRate));
  };
  const double onePa = outputDbu(dynamicMic(), kOnePascalSpl, false);
  EXPECT_NEAR(measured(0), recordedDbfs(pathOf(stages[0]), onePa), 0.02);
  EXPECT_NEAR(measured(1), recordedDbfs(pathOf(stages[1]), outputDbu(condenser(), kOnePascalSpl, true)),
              0.02);
  EXPECT_LT(measured(2), -110.0) << "a condenser without phantom power";
  EXPECT_NEAR(measured(3), recordedDbfs(pathOf(stages[3]), 4.0), 0.02);
  EXPECT_NEAR(measured(4), recordedDbfs(pathOf(stages[4]), 4.0), 0.02);
  // Clipped flat: the peak is that of the largest sine.
  EXPECT_NEAR(peakDbfs(settled(run.dry[5])), dbfsFromDbu(converter(), *clipDbu(preamp(), 20.0, false) + 20.0),
              kWithinDb);
  const RecordingPath overloaded = pathOf(stages[6]);
  EXPECT_NEAR(peakDbfs(settled(run.dry[6])), recordedDbfs(overloaded, *maxOutputDbu(condenser())), kWithinDb);
}

TEST(VirtualPhysics, AConverterIsFullAtItsFullScaleAndNeverBeyond) {
  InputStage stage = stageWith(LinePlugged{.outputImpedanceOhm = 1.0, .fullScaleDbu = 12.0}, {});
  stage.design.input.clipDbu.reset();
  InputStage over = stage;
  std::get<LinePlugged>(over.design.plugged).fullScaleDbu = 18.0;
  VirtualConfig config = silentInputs({stage, over});
  for (auto& input : config.inputs) input = devices::ToneInput{.frequencyHz = 997.0, .levelDbfs = 0.0};
  const RecordedRun run = recordRun(config, 2.0);
  EXPECT_NEAR(peakDbfs(settled(run.dry[0])), 0.0, 0.02);
  EXPECT_NEAR(testing::decibels(testing::amplitudeAt(settled(run.dry[0]), 997.0, kRate)), 0.0, 0.02);
  EXPECT_EQ(testing::peak(settled(run.dry[1])), 1.0);
  EXPECT_GT(testing::amplitudeAt(settled(run.dry[1]), 3.0 * 997.0, kRate), 0.05) << "clipped";
}

TEST(VirtualPhysics, AGuitarSoundsAsItsPickupCableAndInputMakeIt) {
  GuitarPlugged guitar;
  guitar.controls = {.volumeOhm = 250e3, .toneOhm = 250e3};
  guitar.cable = {.metres = 5.0};
  std::vector<InputStage> stages;
  for (const double inputOhm : {1e6, 10e3}) {
    InputStage stage = stageWith(guitar, {});
    stage.design.input.impedanceOhm = inputOhm;
    stages.push_back(stage);
  }
  VirtualConfig config = silentInputs(stages);
  for (auto& input : config.inputs) input = devices::NoiseInput{.levelDbfs = -3.0, .seed = 5};
  config.inputs.emplace_back(
      devices::NoiseInput{.levelDbfs = -3.0, .seed = 5});  // as it is, through no circuit
  config.inputStages.emplace_back(std::nullopt);
  const RecordedRun run = recordRun(config, 12.0);
  ASSERT_EQ(run.error, "");
  ASSERT_EQ(run.dry.size(), 3u);
  const auto delay = static_cast<std::size_t>(converter().filterDelayFrames);
  for (std::size_t i = 0; i < 2; ++i) {
    const GuitarOutput output{guitar.pickup, guitar.controls, guitar.cable,
                              stages[i].design.input.impedanceOhm, stages[i].design.input.capacitanceF};
    const auto out = std::span(run.dry[i]).subspan(delay);
    const auto in = std::span(run.dry[2]).first(out.size());
    // 1 V at its peak is so many dBFS.
    const double voltDbfs = dbfsFromDbu(converter(), dbuFromVolts(1.0)) - kSineCrestDb;
    for (const double hz :
         {60.0, 100.0, 400.0, 1000.0, 2000.0, 3000.0, 4000.0, 5000.0, 7000.0, 10000.0, 15000.0})
      EXPECT_NEAR(testing::transferDb(in, out, hz, kRate), output.responseDb(hz) + voltDbfs, kWithinDb)
          << hz << " Hz into " << stages[i].design.input.impedanceOhm << " ohm";
  }
}

TEST(VirtualPhysics, AGuitarsNoiseIsThatOfAllItsResistances) {
  InputStage stage = stageWith(GuitarPlugged{}, {.gainDb = 60.0});
  stage.design.input.impedanceOhm = 1e6;
  stage.design.input.noiseCurrentDensity = 0.5e-12;
  const RecordedRun run = recordRun(silentInputs({stage}), 8.0);
  const GuitarOutput guitar{{}, {}, {}, 1e6, 0.0};
  for (const NoiseBand band : {NoiseBand::flat, NoiseBand::aWeighted}) {
    const double predicted = recordedNoise(guitar, pathOf(stage), band).totalDbfs;
    const double measured = band == NoiseBand::flat ? testing::noiseDbfs(settled(run.dry[0]), kRate)
                                                    : testing::noiseDbfs(settled(run.dry[0]), kRate, weightA);
    EXPECT_NEAR(measured, predicted, kWithinDb);
  }
}

Headphone headphone() {
  // 250 ohm, with a resonance of 110 Hz that nearly doubles it.
  return {.impedance = {.nominalOhm = 250.0,
                        .model = MovingCoil{.coilOhm = 245.0,
                                            .resonanceHz = 110.0,
                                            .resonanceOhm = 180.0,
                                            .q = 1.5,
                                            .inductanceH = 2e-3}},
          .sensitivityDbPerV = 102.0};
}
OutputStage outputOf(const HeadphoneAmplifier& amplifier, int firstChannel) {
  OutputStage stage;
  stage.firstChannel = firstChannel;
  stage.design.converter = {.fullScaleDbu = 6.0, .dynamicRangeDba = 110.0, .bits = 24};
  stage.design.amplifier = amplifier;
  stage.design.headphone = headphone();
  stage.design.seed = static_cast<std::uint32_t>(firstChannel);
  return stage;
}

TEST(VirtualPhysics, AHeadphonesLoadChangesTheResponseAsPredicted) {
  VirtualConfig config;
  config.inputs = {devices::NoiseInput{.levelDbfs = -1.0, .seed = 3}};
  config.outputs = 4;
  const std::array<double, 2> outputOhm{120.0, 10.0};
  config.outputStages = {outputOf({.gainDb = 0.0, .outputImpedanceOhm = 120.0}, 1),
                         outputOf({.gainDb = 0.0, .outputImpedanceOhm = 10.0}, 3)};
  const RecordedRun run = recordRun(config, 12.0);
  ASSERT_EQ(run.error, "");
  for (std::size_t pair = 0; pair < 2; ++pair) {
    const auto change = [&](double hz) {
      return testing::transferDb(run.played[2 * pair], run.heard[2 * pair], hz, kRate);
    };
    const double at1k = change(1000.0);
    for (const double hz : {30.0, 60.0, 110.0, 200.0, 500.0, 2000.0, 5000.0, 10000.0, 18000.0})
      EXPECT_NEAR(change(hz) - at1k, responseChangeDb(headphone().impedance, outputOhm[pair], hz), kWithinDb)
          << hz << " Hz from " << outputOhm[pair] << " ohm";
  }
  EXPECT_GT(responseChangeDb(headphone().impedance, 120.0, 110.0), 1.0) << "there is something to be seen";
}

/// A tone on the left of a pair of outputs, as loud as the console lets it be; or silence.
VirtualConfig playing(const OutputStage& stage, double levelDbfs) {
  VirtualConfig config;
  config.inputs = {levelDbfs > -200.0 ? devices::VirtualInput(devices::ToneInput{997.0, levelDbfs})
                                      : devices::VirtualInput(devices::SilentInput{})};
  config.outputs = 2;
  config.outputStages = {stage};
  return config;
}

std::filesystem::path leftOnly(const testing::TemporaryFolder& folder) {
  return testing::writeFile(folder / "left.json", R"({"gainstage": "session", "version": 1,
    "strips": [{"id": "a", "kind": "line", "inputs": [1]}],
    "outputs": [{"id": "phones", "kind": "headphones", "channels": [1, 2], "levelDb": 0, "ceilingOn": false,
                 "mix": [{"source": "a", "tap": "direct", "levelDb": 0, "pan": -1}]}]})");
}

TEST(VirtualPhysics, FullScaleClippingAndCurrentLimitAtTheEarAreWhatTheEquationsPredict) {
  const testing::TemporaryFolder folder;
  struct Case {
    HeadphoneAmplifier amplifier;
    double levelDbfs;
    bool clips;
  };
  for (const Case& test : std::vector<Case>{
           {{.gainDb = 0.0, .outputImpedanceOhm = 33.0}, -6.0, false},
           {{.gainDb = 12.0, .outputImpedanceOhm = 33.0, .maxVolts = 3.0}, -6.0, true},
           {{.gainDb = 12.0, .outputImpedanceOhm = 1.0, .maxVolts = 3.0, .maxCurrentMa = 5.0}, -6.0, true}}) {
    const OutputStage stage = outputOf(test.amplifier, 1);
    const RecordedRun run =
        recordRun(playing(stage, test.levelDbfs), 2.0, devices::EarUnit::volts, leftOnly(folder));
    ASSERT_EQ(run.error, "");
    const double playedDbfs = testing::decibels(testing::amplitudeAt(settled(run.played[0]), 997.0, kRate));
    const double heardVolts = testing::amplitudeAt(settled(run.heard[0]), 997.0, kRate) / std::numbers::sqrt2;
    if (!test.clips) {
      const double unloaded = voltsFromDbu(playedDbfs + stage.design.converter.fullScaleDbu);
      const double share =
          std::abs(headphone().impedance.at(997.0) / (headphone().impedance.at(997.0) + 33.0));
      EXPECT_NEAR(decibelsOf(heardVolts), decibelsOf(unloaded * share), 0.05);
      continue;
    }
    const double clippedPeak = testing::peak(settled(run.heard[0])) / std::numbers::sqrt2;
    EXPECT_NEAR(decibelsOf(clippedPeak), decibelsOf(largestSound(test.amplifier, headphone())->output.volts),
                kWithinDb);
    EXPECT_GT(testing::amplitudeAt(settled(run.heard[0]), 3.0 * 997.0, kRate), 0.05 * heardVolts);
  }
}

TEST(VirtualPhysics, HissAndCrosstalkAtTheEarAreWhatTheEquationsPredict) {
  const testing::TemporaryFolder folder;
  const HeadphoneAmplifier amplifier{
      .gainDb = 0.0, .outputImpedanceOhm = 10.0, .noiseDbuA = -95.0, .groundOhm = 0.6};
  OutputStage stage = outputOf(amplifier, 1);
  stage.design.converter.dynamicRangeDba.reset();
  const RecordedRun silent =
      recordRun(playing(stage, -300.0), 8.0, devices::EarUnit::pascals, leftOnly(folder));
  ASSERT_EQ(silent.error, "");
  // A sine of magnitude 1 Pa is 90.97 dB SPL.
  const double hiss =
      testing::noiseDbfs(settled(silent.heard[1]), kRate, weightA) + kOnePascalSpl - kSineCrestDb;
  EXPECT_NEAR(hiss, *hissDba(amplifier, headphone()), kWithinDb);

  const RecordedRun left = recordRun(playing(stage, -6.0), 4.0, devices::EarUnit::volts, leftOnly(folder));
  const double crosstalk = testing::decibels(testing::amplitudeAt(settled(left.heard[1]), 997.0, kRate) /
                                             testing::amplitudeAt(settled(left.heard[0]), 997.0, kRate));
  EXPECT_NEAR(crosstalk, groundCrosstalkDb(amplifier, headphone().impedance, 997.0), kWithinDb);
}

}  // namespace
}  // namespace gainstage
