#include "dsp/filters/graphic_eq.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <gtest/gtest.h>
#include <numbers>
#include <random>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;
using Sliders = std::array<double, GraphicEq::kBands>;

Mono impulseResponse(const Sliders& sliders, double rate) {
  GraphicEq eq;
  eq.prepare({rate, 1024});
  for (int band = 0; band < GraphicEq::kBands; ++band)
    eq.setGain(band, {sliders[static_cast<std::size_t>(band)]});
  eq.reset();
  Signal io{testing::impulse(static_cast<FrameCount>(rate), 0, 1.0f)};
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(rate), 1024),
                         [&](AudioView view) { eq.process(view); });
  return io[0];
}

double gainDbAt(const Mono& response, double hz, double rate) {
  std::complex<double> sum = 0.0;
  const std::complex<double> turn = std::polar(1.0, -2.0 * std::numbers::pi * hz / rate);
  std::complex<double> phase = 1.0;
  for (const float tap : response) {
    sum += static_cast<double>(tap) * phase;
    phase *= turn;
  }
  return decibels(std::abs(sum));
}

double worstErrorDb(const Sliders& sliders, double rate) {
  const Mono response = impulseResponse(sliders, rate);
  double worst = 0.0;
  for (int band = 0; band < GraphicEq::kBands; ++band)
    worst = std::max(worst, std::abs(gainDbAt(response, GraphicEq::centreHz(band), rate) -
                                     sliders[static_cast<std::size_t>(band)]));
  return worst;
}

TEST(GraphicEq, HasAtEveryCentreTheGainOfItsSliderAtEveryRate) {
  std::mt19937 generator(1);
  std::uniform_real_distribution<double> any(-12.0, 12.0);
  for (const double rate : {44100.0, 48000.0, 88200.0, 96000.0, 192000.0}) {
    SCOPED_TRACE(rate);
    Sliders up, turns, pairs, one{};
    up.fill(12.0);
    for (std::size_t k = 0; k < up.size(); ++k) turns[k] = k % 2 == 0 ? 12.0 : -12.0;
    for (std::size_t k = 0; k < up.size(); ++k) pairs[k] = k / 2 % 2 == 0 ? 12.0 : -12.0;
    one[5] = -12.0;
    for (const Sliders& sliders : {up, turns, pairs, one}) EXPECT_LT(worstErrorDb(sliders, rate), 0.01);
    for (int trial = 0; trial < 10; ++trial) {
      Sliders sliders;
      for (double& slider : sliders) slider = any(generator);
      EXPECT_LT(worstErrorDb(sliders, rate), 0.01) << trial;
    }
  }
}

TEST(GraphicEq, GoesSmoothlyFromCentreToCentre) {
  // Between two sliders no more than 2 dB beyond the one or the other.
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    const Sliders sliders{0.0, 6.0, 6.0, 6.0, -4.0, -10.0, -3.0, 5.0, 5.0, 0.0};
    const Mono response = impulseResponse(sliders, rate);
    for (std::size_t k = 0; k + 1 < sliders.size(); ++k)
      for (double part = 0.1; part < 1.0; part += 0.1) {
        const double gain =
            gainDbAt(response, GraphicEq::centreHz(static_cast<int>(k)) * std::exp2(part), rate);
        EXPECT_GT(gain, std::min(sliders[k], sliders[k + 1]) - 2.0) << k << " + " << part;
        EXPECT_LT(gain, std::max(sliders[k], sliders[k + 1]) + 2.0) << k << " + " << part;
      }
  }
}

TEST(GraphicEq, LeavesOutCentresThatTheRateDoesNotHold) {
  const Sliders sliders{3.0, -3.0, 6.0, -6.0, 9.0, -9.0, 4.0, 12.0, 12.0, 12.0};
  const Mono response = impulseResponse(sliders, 16000.0);  // 8 and 16 kHz
  for (int band = 0; band < 8; ++band)
    EXPECT_NEAR(gainDbAt(response, GraphicEq::centreHz(band), 16000.0),
                sliders[static_cast<std::size_t>(band)], 0.1);
}

TEST(GraphicEq, WithAllSlidersInTheMiddleLeavesEveryBit) {
  GraphicEq eq;
  eq.prepare({48000.0, 64});
  const Mono in = testing::noise(4800);
  Signal io{in};
  testing::renderInPlace(io, testing::splits(4800, 64), [&](AudioView view) { eq.process(view); });
  EXPECT_EQ(io[0], in);
  eq.setGain(3, {6.0});
  testing::renderInPlace(io, testing::splits(4800, 64), [&](AudioView view) { eq.process(view); });
  eq.setGain(3, {0.0});
  io[0] = in;
  testing::renderInPlace(io, testing::splits(4800, 64), [&](AudioView view) { eq.process(view); });
  EXPECT_TRUE(std::equal(in.begin() + 960, in.end(), io[0].begin() + 960));
}

}  // namespace
}  // namespace gainstage::dsp
