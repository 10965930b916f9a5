#include "dsp/delay/fractional_delay.h"

#include <cmath>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

constexpr double kRate = 44100.0;

template <typename DelayAt>
testing::Mono delayed(const testing::Mono& in, DelayAt&& delayAt) {
  FractionalDelay line;
  line.prepare(200);
  testing::Mono out;
  for (std::size_t n = 0; n < in.size(); ++n) {
    line.write(in[n]);
    out.push_back(line.read(delayAt(static_cast<double>(n))));
  }
  return out;
}

TEST(FractionalDelay, IsFlatWithin0Point01DbTo10KhzAtEveryDelay) {
  for (const double hertz : {50.0, 1000.0, 3000.0, 6000.0, 8000.0, 10000.0}) {
    const testing::Mono in = testing::sine(hertz, kRate, 9000);
    for (int part = 0; part <= 40; ++part) {
      const double delay = 3.0 + 0.0251 * part;
      const testing::Mono out = delayed(in, [&](double) { return delay; });
      EXPECT_NEAR(testing::decibels(testing::amplitudeAt(std::span(out).last(8820), hertz, kRate) /
                                    testing::amplitudeAt(std::span(in).last(8820), hertz, kRate)),
                  0.0, 0.01)
          << hertz << " Hz, " << delay;
    }
  }
}

TEST(FractionalDelay, NeverAmplifiesByMoreThan0Point005Db) {
  for (int part = 0; part <= 16; ++part) {
    const double delay = 20.0 + part / 16.0;
    const testing::Mono response = delayed(testing::impulse(60), [&](double) { return delay; });
    for (double turns = 0.0; turns <= 0.5; turns += 0.005) {
      double real = 0.0, imaginary = 0.0;
      for (std::size_t n = 0; n < response.size(); ++n) {
        const double angle = 2.0 * M_PI * turns * static_cast<double>(n);
        real += static_cast<double>(response[n]) * std::cos(angle);
        imaginary += static_cast<double>(response[n]) * std::sin(angle);
      }
      EXPECT_LE(testing::decibels(std::hypot(real, imaginary)), 0.005) << turns << ", " << delay;
    }
  }
}

TEST(FractionalDelay, GlidesWithNoMoreNoiseThanItsFlatnessAllows) {
  // 0.01 dB is -59 dB; positions that were not joined would add -51 dB at 10 kHz.
  for (const auto& [hertz, limitDb] : {std::pair{440.0, -80.0}, {5000.0, -59.0}, {10000.0, -59.0}}) {
    const testing::Mono in = testing::sine(hertz, kRate, 88200);
    const auto delayAt = [](double n) { return 100.0 + 90.0 * std::sin(2.0 * M_PI * n / kRate); };
    const testing::Mono out = delayed(in, delayAt);
    double worst = 0.0;
    for (std::size_t n = 400; n < out.size(); ++n) {
      const double at = static_cast<double>(n);
      const double expected = std::sin(2.0 * M_PI * hertz * (at - delayAt(at)) / kRate);
      worst = std::max(worst, std::abs(static_cast<double>(out[n]) - expected));
    }
    EXPECT_LT(testing::decibels(worst), limitDb) << hertz;
  }
}

TEST(FractionalDelay, IsExactAtWholeFramesAndForgetsAtAReset) {
  const testing::Mono in = testing::noise(2000);
  for (const std::size_t delay : {3u, 4u, 77u, 200u}) {
    const testing::Mono out = delayed(in, [&](double) { return static_cast<double>(delay); });
    for (std::size_t n = 0; n < in.size(); ++n)
      ASSERT_NEAR(out[n], n < delay ? 0.0f : in[n - delay], 1e-7f) << delay << " at " << n;
  }
  FractionalDelay line;
  line.prepare(20);
  for (int n = 0; n < 100; ++n) line.write(1.0f);
  line.reset();
  for (double delay = 3.0; delay <= 20.0; delay += 0.3) EXPECT_EQ(line.read(delay), 0.0f);
}

}  // namespace
}  // namespace gainstage::dsp
