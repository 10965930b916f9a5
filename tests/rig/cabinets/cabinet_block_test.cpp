#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>
#include <sndfile.h>

#include "dsp/convolver/convolver_response.h"
#include "dsp/spectrum.h"
#include "rig/test_blocks.h"

namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;
using Values = std::initializer_list<std::pair<std::string_view, float>>;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 1024};
constexpr FrameCount kFrames = 9600;
constexpr float kOff = 0.0f, kFile = 1.0f, k1x12 = 2.0f, k4x12 = 4.0f;

class CabinetBlock : public ::testing::Test {
 protected:
  /// Interleaved, where there is more than one channel.
  std::string write(const Mono& taps, double rate = kRate, int channels = 1) {
    const auto path = folder_ / (std::to_string(++files_) + ".wav");
    SF_INFO info{};
    info.samplerate = static_cast<int>(rate);
    info.channels = channels;
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    EXPECT_NE(file, nullptr);
    sf_writef_float(file, taps.data(), static_cast<sf_count_t>(taps.size()) / channels);
    sf_close(file);
    return path.string();
  }

  static BlockState with(Values values, const std::string& fileA = {}, const std::string& fileB = {}) {
    BlockState state = stateOf("cabinet", values);
    state.files[indexIn("cabinet", "fileA")] = fileA;
    state.files[indexIn("cabinet", "fileB")] = fileB;
    return state;
  }

  static Signal render(const BlockState& state, Signal io, const StreamFormat& format = kFormat) {
    LoneBlock block(state, format, static_cast<int>(io.size()));
    return block.render(std::move(io), 64);
  }
  static Mono responseOf(const BlockState& state, FrameCount frames = kFrames) {
    return render(state, {testing::impulse(frames)})[0];
  }

  static Mono decay(FrameCount frames, unsigned seed) {
    Mono taps = testing::noise(frames, 0.5f, seed);
    for (std::size_t n = 0; n < taps.size(); ++n)
      taps[n] *= static_cast<float>(std::pow(10.0, -5.0 * static_cast<double>(n) / frames));
    return taps;
  }

  std::string problemOf(const BlockState& state) {
    RigState rig;
    rig.blocks = {state};
    const auto built = Rig::build(rig, kFormat, 1, {});
    return built->problems().empty() ? "" : built->problems()[0].message;
  }

  testing::TemporaryFolder folder_;
  int files_ = 0;
};

double gainDbAt(const Mono& response, double hz) {
  std::complex<double> sum = 0.0;
  for (std::size_t n = 0; n < response.size(); ++n)
    sum += static_cast<double>(response[n]) *
           std::polar(1.0, -2.0 * std::numbers::pi * hz * static_cast<double>(n) / kRate);
  return decibels(std::abs(sum));
}

Mono shifted(Mono taps, FrameCount silent) {
  taps.insert(taps.begin(), static_cast<std::size_t>(silent), 0.0f);
  return taps;
}

TEST_F(CabinetBlock, PlaysAFilesResponseWithoutTheSilenceBeforeIt) {
  const Mono taps = decay(2000, 1);
  const Mono out = responseOf(with({{"cabinetA", kFile}, {"levelled", 0.0f}}, write(shifted(taps, 777))));
  EXPECT_LT(testing::largestDifference(std::span(out).first(1000), std::span(taps).first(1000)), 2e-4);
  EXPECT_EQ(LoneBlock(with({{"cabinetA", kFile}}, write(taps)), kFormat, 1)->latencyFrames(), 0);
}

TEST_F(CabinetBlock, LevelledIsAsLoudAsItsInputWhateverTheFile) {
  for (const float scale : {0.001f, 1.0f, 20.0f}) {
    Mono taps = decay(3000, 2);
    for (float& tap : taps) tap *= scale;
    const Mono out = responseOf(with({{"cabinetA", kFile}}, write(taps)));
    EXPECT_NEAR(decibels(std::sqrt(dsp::pinkPowerGain(out, kRate))), 0.0, 0.05);
  }
  for (float cabinet = k1x12; cabinet <= 5.0f; ++cabinet)
    EXPECT_NEAR(decibels(std::sqrt(dsp::pinkPowerGain(responseOf(with({{"cabinetA", cabinet}})), kRate))),
                0.0, 0.05);
}

TEST_F(CabinetBlock, BlendsTwoFilesAndTurnsEitherOver) {
  const Mono a = decay(2000, 1), b = decay(1500, 2);
  const std::string fileA = write(dsp::minimumPhase(a)), fileB = write(dsp::minimumPhase(b));
  const auto heard = [&](float blend, float invertedA, float invertedB) {
    return responseOf(with({{"cabinetA", kFile},
                            {"cabinetB", kFile},
                            {"levelled", 0.0f},
                            {"blend", blend},
                            {"invertedA", invertedA},
                            {"invertedB", invertedB}},
                           fileA, fileB));
  };
  const Mono onlyA = heard(0.0f, 0.0f, 0.0f), onlyB = heard(1.0f, 0.0f, 0.0f);
  for (const float blend : {0.25f, 0.5f, 0.9f})
    for (const float signA : {1.0f, -1.0f})
      for (const float signB : {1.0f, -1.0f}) {
        const Mono out = heard(blend, signA < 0.0f ? 1.0f : 0.0f, signB < 0.0f ? 1.0f : 0.0f);
        Mono expected(out.size());
        for (std::size_t n = 0; n < out.size(); ++n)
          expected[n] = signA * (1.0f - blend) * onlyA[n] + signB * blend * onlyB[n];
        EXPECT_LT(testing::largestDifference(out, expected), 1e-6);
      }
  const Mono early = dsp::minimumPhase(a);
  EXPECT_LT(testing::largestDifference(std::span(onlyA).first(1000), std::span(early).first(1000)), 2e-4);
}

TEST_F(CabinetBlock, AlignsTwoResponsesWhateverSilenceTheirFilesHold) {
  // The same response with 90 and with 400 frames before it: turned over, they cancel.
  const Mono taps = decay(2000, 3);
  const BlockState state = with({{"cabinetA", kFile}, {"cabinetB", kFile}, {"invertedB", 1.0f}},
                                write(shifted(taps, 90)), write(shifted(taps, 400)));
  EXPECT_LT(testing::peak(responseOf(state)), 1e-3);
}

TEST_F(CabinetBlock, SetsMicrophonesApartByTheirDistances) {
  for (const auto& [distanceA, distanceB] : {std::pair{3.0f, 103.0f}, std::pair{60.0f, 6.0f}}) {
    const BlockState state = with({{"cabinetA", kFile},
                                   {"cabinetB", kFile},
                                   {"distanceACm", distanceA},
                                   {"distanceBCm", distanceB},
                                   {"blend", distanceA < distanceB ? 1.0f : 0.0f}},
                                  write(testing::impulse(500, 20)), write(testing::impulse(500, 33)));
    // Of the farther one alone: how late it is.
    const Mono out = responseOf(state);
    const double expected =
        std::abs(static_cast<double>(distanceB) - static_cast<double>(distanceA)) / 100.0 / 343.2 * kRate;
    EXPECT_NEAR(dsp::excessDelayFrames(std::span(out).first(2000)), expected, 1.0);
  }
}

TEST_F(CabinetBlock, OfMinimumPhaseHasTheSameMagnitudesAndItsEnergyEarlier) {
  Mono taps = decay(2000, 4);
  for (std::size_t n = 0; n < 60; ++n) taps[n] *= static_cast<float>(n) / 60.0f;  // rises before it falls
  const std::string file = write(taps);
  const Mono plain = responseOf(with({{"cabinetA", kFile}}, file)),
             early = responseOf(with({{"cabinetA", kFile}, {"minimumPhaseA", 1.0f}}, file));
  double sumPlain = 0.0, sumEarly = 0.0, energyPlain = 0.0, energyEarly = 0.0;
  for (std::size_t n = 0; n < plain.size(); ++n) {
    const auto square = [](float x) { return static_cast<double>(x) * static_cast<double>(x); };
    energyPlain += square(plain[n]), sumPlain += square(plain[n]) * static_cast<double>(n);
    energyEarly += square(early[n]), sumEarly += square(early[n]) * static_cast<double>(n);
  }
  EXPECT_LT(sumEarly / energyEarly, 0.9 * sumPlain / energyPlain);
  const double loudest = gainDbAt(plain, 1000.0) + 12.0;
  for (double hz = 50.0; hz < 20000.0; hz *= 1.05) {
    const double gain = gainDbAt(plain, hz);
    if (gain > loudest - 40.0) {
      EXPECT_NEAR(gainDbAt(early, hz), gain, 0.1) << hz;
    }
  }
}

TEST_F(CabinetBlock, CutsLowsAndHighsBy12DecibelsAnOctave) {
  const std::string file = write(testing::impulse(10));
  const Mono out = responseOf(with({{"cabinetA", kFile},
                                    {"levelled", 0.0f},
                                    {"lowCutOn", 1.0f},
                                    {"lowCutHz", 100.0f},
                                    {"highCutOn", 1.0f},
                                    {"highCutHz", 4000.0f}},
                                   file));
  EXPECT_NEAR(gainDbAt(out, 100.0), -3.01, 0.05);
  EXPECT_NEAR(gainDbAt(out, 4000.0), -3.01, 0.05);
  EXPECT_NEAR(gainDbAt(out, 25.0), -24.1, 0.3);
  EXPECT_NEAR(gainDbAt(out, 800.0), 0.0, 0.1);
}

TEST_F(CabinetBlock, HasBothChannelsOfAStereoRig) {
  const Mono left = testing::noise(kFrames, 0.5f, 1), right = testing::noise(kFrames, 0.5f, 2);
  const BlockState state = with({{"cabinetA", k4x12}, {"cabinetB", k1x12}, {"blend", 0.3f}});
  const Signal both = render(state, {left, right});
  EXPECT_LT(testing::largestDifference(both[0], render(state, {left})[0]), 1e-6);
  EXPECT_LT(testing::largestDifference(both[1], render(state, {right})[0]), 1e-6);
}

TEST_F(CabinetBlock, PlaysBAloneWhereAIsOff) {
  const Mono alone = responseOf(with({{"cabinetA", k1x12}}));
  EXPECT_EQ(responseOf(with({{"cabinetA", kOff}, {"cabinetB", k1x12}, {"blend", 0.2f}})), alone);
  const Mono in = testing::noise(kFrames);
  EXPECT_LT(testing::largestDifference(render(with({{"cabinetA", kOff}}), {in})[0], in), 1e-6);
}

TEST_F(CabinetBlock, ConvertsAFileOfAnotherRate) {
  Mono taps(2000);
  for (std::size_t n = 0; n < taps.size(); ++n)
    taps[n] = static_cast<float>(std::exp(-static_cast<double>(n) / 200.0) *
                                 std::sin(0.1 * static_cast<double>(n)));
  const Mono out = responseOf(with({{"cabinetA", kFile}, {"levelled", 0.0f}}, write(taps, 44100.0)));
  const double at = 0.1 * 44100.0 / (2.0 * std::numbers::pi);  // Hz, of its tone
  std::complex<double> expected = 0.0;
  for (std::size_t n = 0; n < taps.size(); ++n)
    expected += static_cast<double>(taps[n]) * std::polar(1.0, -0.1 * static_cast<double>(n));
  EXPECT_NEAR(gainDbAt(out, at), decibels(std::abs(expected)), 0.1);
}

TEST_F(CabinetBlock, NamesAFileThatCannotBeUsedAndSaysWhereNoneIsChosen) {
  const std::string text = testing::writeFile(folder_ / "notes.wav", "not audio at all").string();
  for (const std::string& file : {(folder_ / "absent.wav").string(), text, write(decay(4 * 48000, 1))}) {
    const std::string problem = problemOf(with({{"cabinetA", kFile}}, file));
    EXPECT_NE(problem.find(std::filesystem::path(file).filename().string()), std::string::npos) << problem;
  }
  // One that is named but not played does no harm.
  EXPECT_EQ(problemOf(with({{"cabinetA", k4x12}}, text)), "");
  EXPECT_EQ(LoneBlock(with({{"cabinetA", kFile}}), kFormat, 1)->notes().size(), 1u);
}

TEST_F(CabinetBlock, PlaysTheFirstChannelOfAFileAndSaysSo) {
  const Mono left = decay(1000, 1), right = decay(1000, 2);
  Mono both;
  for (std::size_t n = 0; n < left.size(); ++n) both.insert(both.end(), {left[n], right[n]});
  const BlockState state = with({{"cabinetA", kFile}}, write(both, kRate, 2));
  EXPECT_LT(
      testing::largestDifference(responseOf(state), responseOf(with({{"cabinetA", kFile}}, write(left)))),
      1e-6);
  ASSERT_EQ(LoneBlock(state, kFormat, 1)->notes().size(), 1u);
  EXPECT_NE(LoneBlock(state, kFormat, 1)->notes()[0].find("first"), std::string::npos);
}

}  // namespace
}  // namespace gainstage::rig
