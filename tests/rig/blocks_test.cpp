#include <cmath>
#include <gtest/gtest.h>

#include "rig/test_blocks.h"

/// What each block claims for itself, through its parameters. Curves and times of what is behind them are
/// measured in tests/dsp.
namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;
constexpr StreamFormat kFormat{kRate, 1024};
using Values = std::initializer_list<std::pair<std::string_view, float>>;

double levelDb(std::span<const float> samples) { return decibels(testing::peak(samples)); }

Signal render(const BlockState& state, Signal io) {
  LoneBlock block(state, kFormat, static_cast<int>(io.size()));
  return block.render(std::move(io), 64);
}

TEST(GainBlock, ChangesTheLevelByItsDecibelsWithin20MsAndNeverSteps) {
  for (const StreamFormat& format : testing::formats()) {
    LoneBlock block(stateOf("gain"), format, 1);
    const auto ramp = static_cast<std::size_t>(format.frames(20_ms));
    const Mono out = block.render({testing::dc(1.0f, 9600)}, format.maxFrames, 0, {{1000, 0, -6.0f}})[0];
    EXPECT_EQ(out[999], 1.0f);
    EXPECT_GT(out[1000 + ramp - 2], Decibels{-6.0}.linear());
    EXPECT_EQ(out[1000 + ramp - 1], Decibels{-6.0}.linear());
    EXPECT_NEAR(decibels(static_cast<double>(out.back())), -6.0, 0.001);
    EXPECT_LE(testing::largestStep(out), 1.01 * (1.0 - 0.5012) / static_cast<double>(ramp));
  }
}

TEST(GateBlock, OpensShutsAndHoldsAsItsParametersSay) {
  const BlockState state = stateOf("gate", {{"thresholdDb", -30.0f},
                                            {"hysteresisDb", 10.0f},
                                            {"attackMs", 5.0f},
                                            {"holdMs", 100.0f},
                                            {"releaseMs", 50.0f},
                                            {"rangeDb", 40.0f}});
  const auto settled = [&](double beforeDb, double nowDb) {
    Mono in = testing::dc(Decibels{beforeDb}.linear(), 4800);
    in.resize(48000, Decibels{nowDb}.linear());
    const Mono out = render(state, {in})[0];
    return decibels(static_cast<double>(out.back()) / static_cast<double>(in.back()));
  };
  EXPECT_NEAR(settled(-100.0, -29.9), 0.0, 1e-6);
  EXPECT_NEAR(settled(-100.0, -30.1), -40.0, 0.01);
  EXPECT_NEAR(settled(-20.0, -39.9), 0.0, 1e-6);
  EXPECT_NEAR(settled(-20.0, -40.1), -40.0, 0.01);

  Mono in = testing::dc(0.001f, 48000);
  std::fill_n(in.begin() + 4800, 4800, 1.0f);
  const Mono out = render(state, {in})[0];
  EXPECT_LT(out[4800 + 238], 1.0f);
  EXPECT_EQ(out[4800 + 239], 1.0f);                    // 5 ms
  EXPECT_EQ(out[9600 + 4799], 0.001f);                 // 100 ms
  EXPECT_LT(out[9600 + 4800], 0.001f);                 //
  EXPECT_NEAR(out[9600 + 4800 + 2400], 1e-5f, 1e-8f);  // 50 ms more
}

TEST(CompressorBlock, CompressesAsItsParametersSay) {
  const Mono loud = testing::dc(Decibels{-10.0}.linear(), 48000);
  const auto level = [&](Values values) {
    return levelDb(std::span(render(stateOf("compressor", values), {loud})[0]).last(10));
  };
  EXPECT_NEAR(level({{"thresholdDb", -30.0f}, {"ratio", 4.0f}, {"kneeDb", 0.0f}}), -25.0, 0.01);
  EXPECT_NEAR(level({{"thresholdDb", -30.0f}, {"ratio", 20.0f}, {"kneeDb", 0.0f}}), -29.0, 0.01);
  EXPECT_NEAR(level({{"thresholdDb", -10.0f}, {"ratio", 4.0f}, {"kneeDb", 16.0f}}), -10.0 - 0.75 * 16.0 / 8.0,
              0.01);
  EXPECT_NEAR(level({{"thresholdDb", 0.0f}, {"kneeDb", 0.0f}, {"makeUpDb", 7.0f}}), -3.0, 0.01);
  EXPECT_NEAR(
      level({{"thresholdDb", -30.0f}, {"sidechainHighpassOn", 1.0f}, {"sidechainHighpassHz", 500.0f}}), -10.0,
      0.01);  // it does not hear what does not move

  const auto onset = [&](Values values, std::size_t frame) {
    return decibels(static_cast<double>(render(stateOf("compressor", values), {loud})[0][frame])) + 10.0;
  };
  const double whole = -20.0 * 0.75, share = 1.0 - std::exp(-1.0);
  EXPECT_NEAR(onset({{"thresholdDb", -30.0f}, {"ratio", 4.0f}, {"kneeDb", 0.0f}, {"attackMs", 20.0f}}, 959),
              share * whole, 0.02);
  EXPECT_NEAR(onset({{"thresholdDb", -30.0f}, {"ratio", 4.0f}, {"kneeDb", 0.0f}, {"attackMs", 2.0f}}, 95),
              share * whole, 0.05);

  Mono falling = loud;
  falling.resize(96000, Decibels{-80.0}.linear());
  const Mono out =
      render(stateOf("compressor",
                     {{"thresholdDb", -30.0f}, {"ratio", 4.0f}, {"kneeDb", 0.0f}, {"releaseMs", 300.0f}}),
             {falling})[0];
  EXPECT_NEAR(decibels(static_cast<double>(out[48000 + 14399])) + 80.0, (1.0 - share) * whole, 0.05);
}

double eqGainDb(Values values, double hz) {
  const Mono in = testing::sine(hz, kRate, 96000, 0.25f);
  const Mono out = render(stateOf("eq", values), {in})[0];
  return decibels(testing::amplitudeAt(std::span(out).last(48000), hz, kRate) /
                  testing::amplitudeAt(std::span(in).last(48000), hz, kRate));
}

TEST(EqBlock, EveryBandObeysItsParameters) {
  EXPECT_NEAR(eqGainDb({{"band1GainDb", 8.0f}, {"band1FrequencyHz", 200.0f}}, 200.0), 4.0, 0.01);
  EXPECT_NEAR(eqGainDb({{"band1Type", 1.0f}, {"band1FrequencyHz", 200.0f}}, 200.0), -3.01, 0.02);
  EXPECT_NEAR(eqGainDb({{"band1Type", 1.0f}, {"band1FrequencyHz", 200.0f}, {"band1Q", 2.0f}}, 200.0), 6.02,
              0.02);
  for (const int band : {2, 3, 4, 5}) {
    const std::string id = "band" + std::to_string(band);
    const std::string hz = id + "FrequencyHz", gain = id + "GainDb", q = id + "Q", on = id + "On";
    EXPECT_NEAR(eqGainDb({{gain, -11.0f}, {hz, 1700.0f}}, 1700.0), -11.0, 0.01) << id;
    // A bell of Q 5 is narrow: an octave off, its 12 dB are under 1.
    EXPECT_NEAR(eqGainDb({{gain, 12.0f}, {hz, 1000.0f}, {q, 5.0f}}, 2000.0), 0.55, 0.35) << id;
    EXPECT_NEAR(eqGainDb({{gain, 12.0f}, {hz, 1000.0f}, {q, 0.5f}}, 2000.0), 9.0, 2.0) << id;
    EXPECT_EQ(eqGainDb({{gain, 12.0f}, {hz, 1000.0f}, {on, 0.0f}}, 1000.0), 0.0) << id;
  }
  EXPECT_NEAR(eqGainDb({{"band6GainDb", -8.0f}, {"band6FrequencyHz", 5000.0f}}, 5000.0), -4.0, 0.01);
  EXPECT_NEAR(eqGainDb({{"band6Type", 1.0f}, {"band6FrequencyHz", 5000.0f}}, 5000.0), -3.01, 0.02);
}

TEST(EqBlock, LeavesEveryBitAtItsDefaults) {
  const Mono in = testing::noise(4800);
  EXPECT_EQ(render(stateOf("eq"), {in})[0], in);
}

// At the least damping: each repeat of an impulse is then seen as it is.
constexpr std::pair<std::string_view, float> kBright{"dampingHz", 20000.0f};

TEST(DelayBlock, RepeatsAtItsTimeToTheFrameEachSofterByItsFeedback) {
  for (const float ms : {1.0f, 12.5f, 333.0f, 2000.0f}) {
    const auto frames = static_cast<std::size_t>(std::lround(ms * 48.0f));
    const Mono out = render(stateOf("delay", {{"timeMs", ms}, {"mix", 1.0f}, {"feedback", 0.5f}, kBright}),
                            {testing::impulse(static_cast<FrameCount>(3 * frames + 100))})[0];
    EXPECT_EQ(out[0], 0.0f);
    EXPECT_EQ(out[frames], 1.0f) << ms;
    const auto energy = [&](std::size_t at) { return testing::rms(std::span(out).subspan(at, 40)); };
    // A one-pole at 20 kHz passes 0.927 of the first frame; what a constant would keep is the feedback alone.
    EXPECT_NEAR(out[2 * frames], 0.5f * 0.927f, 0.001f) << ms;
    EXPECT_LT(energy(frames + 1), 1e-6);
  }
  const Mono steady = render(stateOf("delay", {{"timeMs", 1.0f}, {"mix", 1.0f}, {"feedback", 0.5f}}),
                             {testing::dc(0.25f, 48000)})[0];
  EXPECT_NEAR(steady.back(), 0.5f, 1e-4f);  // 1 / (1 - 0.5)
}

TEST(DelayBlock, DampingTakesTheHighsFromEveryRepeat) {
  const auto repeatDb = [&](double hz) {
    Mono in = testing::sine(hz, kRate, 48000, 0.5f);
    std::fill(in.begin() + 9600, in.end(), 0.0f);
    const Mono out = render(
        stateOf("delay", {{"timeMs", 250.0f}, {"mix", 1.0f}, {"feedback", 0.9f}, {"dampingHz", 2000.0f}}),
        {in})[0];
    const auto level = [&](std::size_t from) {
      return testing::amplitudeAt(std::span(out).subspan(from, 7200), hz, kRate);
    };
    return decibels(level(24000 + 1200) / level(12000 + 1200));
  };
  EXPECT_NEAR(repeatDb(100.0), decibels(0.9), 0.05);
  EXPECT_NEAR(repeatDb(2000.0), decibels(0.9) - 3.01, 0.6);
  EXPECT_LT(repeatDb(10000.0), decibels(0.9) - 11.0);
}

TEST(DelayBlock, MixGoesFromDryToRepeatsOnly) {
  const Mono in = testing::impulse(9600);
  const auto at = [&](float mix) {
    return render(stateOf("delay", {{"timeMs", 100.0f}, {"mix", mix}, {"feedback", 0.0f}}), {in})[0];
  };
  EXPECT_EQ(at(0.0f), in);
  EXPECT_FLOAT_EQ(at(0.25f)[0], 0.75f);
  EXPECT_FLOAT_EQ(at(0.25f)[4800], 0.25f);
  EXPECT_EQ(at(1.0f)[0], 0.0f);
}

TEST(DelayBlock, PingPongMakesTwoOfOneAndChangesSidesWithEveryRepeat) {
  const BlockState state =
      stateOf("delay", {{"timeMs", 100.0f}, {"mix", 1.0f}, {"feedback", 0.8f}, {"pingPong", 1.0f}});
  const Signal out = render(state, {testing::impulse(48000)});
  ASSERT_EQ(out.size(), 2u);
  const auto energy = [&](std::size_t channel, int repeat) {
    return testing::rms(std::span(out[channel]).subspan(static_cast<std::size_t>(4800 * repeat), 1000));
  };
  for (int repeat = 1; repeat <= 6; ++repeat) {
    const std::size_t side = repeat % 2 == 1 ? 0 : 1;
    EXPECT_GT(energy(side, repeat), 0.001) << repeat;
    EXPECT_LT(energy(1 - side, repeat), 1e-30) << repeat;
  }
  EXPECT_EQ(findBlockDeclaration("delay")->create()->outputChannels(1), 1);
}

TEST(DelayBlock, StereoRepeatsStayOnTheirSide) {
  const Signal out = render(stateOf("delay", {{"timeMs", 50.0f}, {"mix", 1.0f}}),
                            {testing::impulse(9600), testing::silence(9600)});
  EXPECT_EQ(out[0][2400], 1.0f);
  EXPECT_EQ(testing::peak(out[1]), 0.0);
}

TEST(DelayBlock, ANewTimeIsHeardWholeAfter50Ms) {
  LoneBlock block(stateOf("delay", {{"timeMs", 100.0f}, {"mix", 1.0f}, {"feedback", 0.0f}}), kFormat, 1);
  const Mono in = testing::noise(48000);
  const Mono out = block.render(
      {in}, 64, 0,
      {{24000, indexIn("delay", "timeMs"), 30.0f}, {24100, indexIn("delay", "timeMs"), 20.0f}})[0];
  EXPECT_EQ(out[23999], in[23999 - 4800]);
  // 50 ms from the old time to 30 ms, then 50 more to the one asked for meanwhile.
  EXPECT_EQ(out[24000 + 4800], in[24000 + 4800 - 960]);
  EXPECT_NE(out[24000 + 4700], in[24000 + 4700 - 960]);
}

TEST(DelayBlock, ItsTailIsThatOfItsRepeats) {
  LoneBlock block(stateOf("delay", {{"timeMs", 100.0f}, {"feedback", 0.5f}}), kFormat, 1);
  // -6.02 dB each: 15 repeats to -90 dB, and the first.
  EXPECT_EQ(block->tailFrames(), 16 * 4800);
}

}  // namespace
}  // namespace gainstage::rig
