#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>
#include <sndfile.h>

#include "rig/test_blocks.h"
#include "support/recordings.h"

namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 1024};
constexpr FrameCount kFrames = 20000;

/// Noise that decays by 60 dB.
Mono response(FrameCount taps, unsigned seed) {
  Mono samples = testing::noise(taps, 0.5f, seed);
  for (std::size_t k = 0; k < samples.size(); ++k)
    samples[k] *= static_cast<float>(std::pow(10.0, -3.0 * static_cast<double>(k) / taps));
  return samples;
}

/// The sum of products as it is defined.
Mono convolved(const Mono& in, const Mono& taps) {
  Mono out(in.size());
  for (std::size_t n = 0; n < in.size(); ++n) {
    double sum = 0.0;
    for (std::size_t k = 0; k <= n && k < taps.size(); ++k)
      sum += static_cast<double>(taps[k]) * static_cast<double>(in[n - k]);
    out[n] = static_cast<float>(sum);
  }
  return out;
}

Mono sumOf(const Mono& a, const Mono& b) {
  Mono sum(a);
  for (std::size_t n = 0; n < sum.size(); ++n) sum[n] += b[n];
  return sum;
}

class ConvolutionBlock : public ::testing::Test {
 protected:
  std::string write(const Signal& audio, int rate = 48000) {
    const std::filesystem::path path = folder_ / ("response" + std::to_string(++files_) + ".wav");
    SF_INFO info{};
    info.samplerate = rate;
    info.channels = static_cast<int>(audio.size());
    info.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
    std::vector<float> interleaved;
    for (std::size_t n = 0; n < audio[0].size(); ++n)
      for (const Mono& channel : audio) interleaved.push_back(channel[n]);
    SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
    EXPECT_EQ(sf_writef_float(file, interleaved.data(), static_cast<sf_count_t>(audio[0].size())),
              static_cast<sf_count_t>(audio[0].size()));
    sf_close(file);
    return path.string();
  }

  static BlockState with(const std::string& file,
                         std::initializer_list<std::pair<std::string_view, float>> values = {
                             {"levelled", 0.0f}}) {
    BlockState state = stateOf("convolution", values);
    state.files[indexIn("convolution", "file")] = file;
    return state;
  }

  static Signal render(const BlockState& state, Signal io, FrameCount block = 64) {
    LoneBlock lone(state, kFormat, static_cast<int>(io.size()));
    EXPECT_EQ(lone->latencyFrames(), 0);
    return lone.render(std::move(io), block);
  }

  static void expectSame(const Signal& out, const std::vector<Mono>& expected) {
    ASSERT_EQ(out.size(), expected.size());
    for (std::size_t c = 0; c < out.size(); ++c)
      EXPECT_LE(testing::largestDifference(out[c], expected[c]), 1e-6 * testing::peak(expected[c]))
          << "channel " << c;
  }

  std::string problemOf(const std::string& file) {
    const auto rig = Rig::build(RigState{{with(file)}}, kFormat, 1, {});
    return rig->problems().empty() ? "" : rig->problems()[0].message;
  }

  testing::TemporaryFolder folder_;
  int files_ = 0;
};

TEST_F(ConvolutionBlock, TakesAsManyPathsAsTheFileHasChannelsFor) {
  const Mono a = response(900, 1), b = response(900, 2), c = response(900, 3), d = response(900, 4);
  const Mono left = testing::noise(kFrames, 0.5f, 5), right = testing::noise(kFrames, 0.5f, 6);
  const auto by = convolved;

  expectSame(render(with(write({a})), {left}), {by(left, a)});
  expectSame(render(with(write({a})), {left, right}), {by(left, a), by(right, a)});
  expectSame(render(with(write({a, b})), {left}), {by(left, a), by(left, b)});
  expectSame(render(with(write({a, b})), {left, right}), {by(left, a), by(right, b)});
  // Two equal channels are a mono response: one channel stays one.
  expectSame(render(with(write({a, a})), {left}), {by(left, a)});
  // True stereo: left to left, left to right, right to left, right to right.
  expectSame(render(with(write({a, b, c, d})), {left, right}),
             {sumOf(by(left, a), by(right, c)), sumOf(by(left, b), by(right, d))});
  // One channel counts as being on both sides.
  expectSame(render(with(write({a, b, c, d})), {left}),
             {sumOf(by(left, a), by(left, c)), sumOf(by(left, b), by(left, d))});
  // Of other counts the first two are left and right.
  expectSame(render(with(write({a, b, c})), {left}), {by(left, a), by(left, b)});
}

TEST_F(ConvolutionBlock, KeepsLeadingSilence) {
  Mono late = testing::silence(7000);
  late[5000] = 0.5f;
  const Signal out = render(with(write({late})), {testing::impulse(6000)});
  for (std::size_t n = 0; n < 6000; ++n) ASSERT_NEAR(out[0][n], n == 5000 ? 0.5f : 0.0f, 1e-6) << n;
}

TEST_F(ConvolutionBlock, SoundsTheSameFromAFileOfAnotherRate) {
  for (const int rate : {8000, 44100, 96000, 192000}) {
    // The same 3 ms of two damped tones, as each rate holds them.
    Mono taps(static_cast<std::size_t>(rate / 50));
    for (std::size_t n = 0; n < taps.size(); ++n) {
      const double t = static_cast<double>(n) / rate;
      taps[n] = static_cast<float>(std::exp(-1000.0 * t) * (std::cos(2.0 * std::numbers::pi * 500.0 * t) +
                                                            std::cos(2.0 * std::numbers::pi * 2500.0 * t)));
    }
    for (const double frequency : {100.0, 500.0, 1000.0, 2500.0, 3500.0}) {
      std::complex<double> expected = 0.0;
      for (std::size_t n = 0; n < taps.size(); ++n)
        expected += static_cast<double>(taps[n]) *
                    std::polar(1.0, -2.0 * std::numbers::pi * frequency * static_cast<double>(n) / rate);
      const Signal out = render(with(write({taps}, rate)), {testing::sine(frequency, kRate, kFrames, 0.5f)});
      EXPECT_NEAR(decibels(testing::amplitudeAt(std::span(out[0]).last(9600), frequency, kRate) / 0.5),
                  decibels(std::abs(expected)), 0.1)
          << rate << " Hz, " << frequency;
    }
  }
}

TEST_F(ConvolutionBlock, MixesAndLevels) {
  const Mono taps = response(500, 1);
  const std::string file = write({taps});
  const Mono in = testing::noise(kFrames, 0.5f, 2);
  const Mono wet = convolved(in, taps);
  Mono expected(in.size());
  for (std::size_t n = 0; n < in.size(); ++n) expected[n] = 0.75f * in[n] + 0.25f * 0.5011872f * wet[n];
  expectSame(render(with(file, {{"levelled", 0.0f}, {"mix", 0.25f}, {"levelDb", -6.0f}}), {in}), {expected});
  EXPECT_EQ(render(with(file, {{"mix", 0.0f}}), {in})[0], in);
  // The sound that came in is the dry part of both channels.
  const Signal both = render(with(write({taps, response(500, 3)}), {{"mix", 0.0f}}), {in});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0], in);
  EXPECT_EQ(both[1], in);
}

TEST_F(ConvolutionBlock, LevelledGivesPinkNoiseBackAsLoudAsItCame) {
  Mono pink = testing::silence(96000);
  unsigned phase = 1;
  for (double frequency = 50.0; frequency < 10000.0; frequency *= 1.02) {
    const Mono tone = testing::sine(frequency, kRate, 96000, 0.02f, phase++ * 2.4);
    for (std::size_t n = 0; n < pink.size(); ++n) pink[n] += tone[n];
  }
  const double before = testing::rms(std::span(pink).last(48000));
  for (const float scale : {0.01f, 1.0f, 30.0f}) {
    Mono left = response(2000, 1);
    for (float& tap : left) tap *= scale;
    Mono right = left;
    for (float& tap : right) tap *= 0.5f;
    const Signal mono = render(with(write({left}), {}), {pink});
    EXPECT_NEAR(decibels(testing::rms(std::span(mono[0]).last(48000)) / before), 0.0, 0.5);
    // Of two channels the mean power; their balance stays.
    const Signal stereo = render(with(write({left, right}), {}), {pink});
    const double l = testing::rms(std::span(stereo[0]).last(48000)),
                 r = testing::rms(std::span(stereo[1]).last(48000));
    EXPECT_NEAR(decibels(std::sqrt((l * l + r * r) / 2.0) / before), 0.0, 0.5);
    EXPECT_NEAR(decibels(r / l), -6.02, 0.01);
  }
}

TEST_F(ConvolutionBlock, WithoutAFileItLeavesTheSoundAsItIs) {
  const Mono in = testing::noise(kFrames);
  EXPECT_EQ(render(stateOf("convolution"), {in})[0], in);
  EXPECT_EQ(render(stateOf("convolution"), {in, in})[1], in);
}

TEST_F(ConvolutionBlock, SoundsOnForItsTailAndNoLonger) {
  const std::string file = write({response(30000, 1)});  // falls by 60 dB in 30,000 frames
  LoneBlock block(with(file), kFormat, 1);
  EXPECT_NEAR(static_cast<double>(block->tailFrames()), 30000.0, 30.0);
  const std::string click = write({testing::impulse(30000, 100)});
  EXPECT_EQ(LoneBlock(with(click), kFormat, 1)->tailFrames(), 101);
}

TEST_F(ConvolutionBlock, AFileThatCannotBeUsedIsNamedInOneSentence) {
  Mono broken = response(100, 1);
  broken[50] = std::nanf("");
  const std::string text = (testing::writeFile(folder_ / "notes.wav", "not audio at all")).string();
  const std::string empty = (testing::writeFile(folder_ / "empty.wav", "")).string();
  for (const std::string& file :
       {(folder_ / "absent.wav").string(), text, empty, write({broken}), write({{}})}) {
    const std::string problem = problemOf(file);
    EXPECT_NE(problem.find(std::filesystem::path(file).filename().string()), std::string::npos) << problem;
    EXPECT_EQ(problem.find('\n'), std::string::npos);
  }
}

TEST_F(ConvolutionBlock, AFileThatIsTooLongAtTheSessionsRateIsRefused) {
  const std::string file =
      write({testing::silence(3'000'000)}, 8000);  // 6 minutes: 18,000,000 frames at 48 kHz
  EXPECT_NE(problemOf(file).find("cut it shorter"), std::string::npos) << problemOf(file);
}

TEST_F(ConvolutionBlock, RealCabinetsThatAreFarApartComeOutAsLoudAsEachOther) {
  std::vector<std::filesystem::path> cabinets;
  const auto recordings = testing::recordings();
  if (recordings.empty()) GTEST_SKIP() << "no ../shared/data";
  // Those of guitar amplifiers; the folder also has a radio and two small loudspeakers, which have no bass.
  const auto folder = recordings[0].parent_path().parent_path() / "ir";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.find(" UK ") != std::string::npos || name.find(" US ") != std::string::npos)
      cabinets.push_back(entry.path());
  }
  ASSERT_GE(cabinets.size(), 10u);
  const auto guitar = testing::readRecording(*std::ranges::find_if(
      recordings, [](const auto& path) { return path.filename().string().starts_with("guit_em9"); }));
  const auto spreadDb = [&](float levelled) {
    double softest = 1e9, loudest = -1e9;
    for (const auto& cabinet : cabinets) {
      LoneBlock block(with(cabinet.string(), {{"levelled", levelled}}), {guitar.sampleRate, 1024}, 1);
      const double level = decibels(testing::rms(block.render({guitar.audio[0]}, 1024)[0]));
      softest = std::min(softest, level);
      loudest = std::max(loudest, level);
    }
    return loudest - softest;
  };
  EXPECT_GT(spreadDb(0.0f), 20.0);
  EXPECT_LT(spreadDb(1.0f), 6.0);
}

}  // namespace
}  // namespace gainstage::rig
