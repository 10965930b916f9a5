#include "dsp/filters/biquad.h"

#include <complex>
#include <gtest/gtest.h>
#include <random>

#include "dsp/filters/biquad_cascade.h"
#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using Complex = std::complex<double>;

/// Response of a section from its impulse response, 1 s long.
Complex response(const BiquadCoefficients& section, double frequencyHz, double rate) {
  BiquadState state;
  Complex sum = 0.0;
  for (int n = 0; n < static_cast<int>(rate); ++n)
    sum += state.next(section, n == 0 ? 1.0 : 0.0) * std::polar(1.0, -2.0 * M_PI * frequencyHz * n / rate);
  return sum;
}

/// b0..b2, a0..a2 as the cookbook prints them: a form that shares nothing with the sections under test.
struct Cookbook {
  double b[3], a[3];
  Complex at(double frequencyHz, double rate) const {
    const Complex z = std::polar(1.0, -2.0 * M_PI * frequencyHz / rate);
    return (b[0] + b[1] * z + b[2] * z * z) / (a[0] + a[1] * z + a[2] * z * z);
  }
};

constexpr double kRate = 48000.0;
const double kProbesHz[] = {10.0, 50.0, 100.0, 333.0, 1000.0, 3000.0, 9000.0, 15000.0, 20000.0, 23000.0};

struct Design {
  double hz, gainDb, q;
};
const Design kDesigns[] = {{40.0, 12.0, 0.7},    {100.0, -18.0, 4.0},  {1000.0, 6.0, 1.0},
                           {5000.0, -3.0, 10.0}, {16000.0, 18.0, 0.5}, {20000.0, -12.0, 0.7}};

void expectSame(const BiquadCoefficients& section, const Cookbook& cookbook, const Design& design) {
  for (const double probe : kProbesHz) {
    const Complex expected = cookbook.at(probe, kRate);
    EXPECT_LT(std::abs(response(section, probe, kRate) - expected), 1e-6 * std::max(1.0, std::abs(expected)))
        << probe << " Hz for a design at " << design.hz << " Hz, " << design.gainDb << " dB, q " << design.q;
  }
}

TEST(Biquad, SectionsHaveTheCookbooksResponses) {
  for (const Design& design : kDesigns) {
    const double w = 2.0 * M_PI * design.hz / kRate, cosine = std::cos(w),
                 alpha = std::sin(w) / (2.0 * design.q);
    const double a = std::pow(10.0, design.gainDb / 40.0), root = 2.0 * std::sqrt(a) * alpha;
    const Hertz hz{design.hz};
    const Decibels gain{design.gainDb};
    expectSame(bell(hz, gain, design.q, kRate),
               {{1 + alpha * a, -2 * cosine, 1 - alpha * a}, {1 + alpha / a, -2 * cosine, 1 - alpha / a}},
               design);
    expectSame(lowShelf(hz, gain, design.q, kRate),
               {{a * ((a + 1) - (a - 1) * cosine + root), 2 * a * ((a - 1) - (a + 1) * cosine),
                 a * ((a + 1) - (a - 1) * cosine - root)},
                {(a + 1) + (a - 1) * cosine + root, -2 * ((a - 1) + (a + 1) * cosine),
                 (a + 1) + (a - 1) * cosine - root}},
               design);
    expectSame(highShelf(hz, gain, design.q, kRate),
               {{a * ((a + 1) + (a - 1) * cosine + root), -2 * a * ((a - 1) + (a + 1) * cosine),
                 a * ((a + 1) + (a - 1) * cosine - root)},
                {(a + 1) - (a - 1) * cosine + root, 2 * ((a - 1) - (a + 1) * cosine),
                 (a + 1) - (a - 1) * cosine - root}},
               design);
    expectSame(lowPass(hz, design.q, kRate),
               {{(1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2}, {1 + alpha, -2 * cosine, 1 - alpha}},
               design);
    expectSame(highPass(hz, design.q, kRate),
               {{(1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2}, {1 + alpha, -2 * cosine, 1 - alpha}},
               design);
  }
}

TEST(Biquad, ABellOrShelfOf0DbIsTheIdentityToTheBit) {
  EXPECT_TRUE(bell(1_kHz, 0_dB, 0.7, kRate).isIdentity());
  EXPECT_TRUE(lowShelf(100_Hz, 0_dB, 0.7, kRate).isIdentity());
  EXPECT_TRUE(highShelf(8_kHz, 0_dB, 1.3, kRate).isIdentity());
}

// The claim of BiquadCoefficients: without input the energy of the states never grows, whatever the
// coefficients do meanwhile.
TEST(Biquad, ItsEnergyNeverGrowsHoweverItsCoefficientsJumpAndMix) {
  std::mt19937 generator(7);
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(generator);
  };
  const auto anyDesign = [&] {
    const Hertz hz{20.0 * std::pow(1000.0, uniform(0.0, 1.0))};
    const double q = std::pow(10.0, uniform(-1.0, 2.0));
    const Decibels gain{uniform(-24.0, 24.0)};
    switch (generator() % 6) {
      case 0:
        return bell(hz, gain, q, kRate);
      case 1:
        return lowShelf(hz, gain, q, kRate);
      case 2:
        return highShelf(hz, gain, q, kRate);
      case 3:
        return lowPass(hz, q, kRate);
      case 4:
        return highPass(hz, q, kRate);
      default:
        return firstOrderHighPass(hz, kRate);
    }
  };
  BiquadState state{1.0, -0.5};
  double energy = state.s1 * state.s1 + state.s2 * state.s2;
  for (int n = 0; n < 20000 && energy > 1e-200; ++n) {
    const BiquadCoefficients a = anyDesign(), b = anyDesign();
    const double t = uniform(0.0, 1.0);
    BiquadCoefficients mixed = a;
    mixed.decay += t * (b.decay - a.decay);
    mixed.b1 += t * (b.b1 - a.b1);
    mixed.b2 += t * (b.b2 - a.b2);
    state.next(mixed, 0.0);
    const double next = state.s1 * state.s1 + state.s2 * state.s2;
    ASSERT_LE(next, energy * (1.0 + 1e-12)) << "frame " << n;
    energy = next;
  }
}

TEST(BiquadCascade, EqualsItsSectionsOneByOneForEveryNumberOfThem) {
  for (int count = 0; count <= 7; ++count) {
    BiquadCascade<7> cascade;
    cascade.prepare({kRate, 1000}, 20_ms);
    std::vector<BiquadCoefficients> designs;
    for (int i = 0; i < count; ++i) designs.push_back(bell({100.0 * (i + 1)}, {3.0 + i}, 1.0, kRate));
    for (int i = 0; i < count; ++i) cascade.setTarget(i, designs[static_cast<std::size_t>(i)]);
    cascade.reset();
    testing::Signal io{testing::noise(1000)};
    testing::Mono expected;
    std::vector<BiquadState> states(designs.size());
    for (const float sample : io[0]) {
      double x = static_cast<double>(sample);
      for (std::size_t i = 0; i < designs.size(); ++i) x = states[i].next(designs[i], x);
      expected.push_back(static_cast<float>(x));
    }
    testing::renderInPlace(io, testing::splits(1000, 100, 3), [&](AudioView view) { cascade.process(view); });
    EXPECT_EQ(io[0], expected) << count << " sections";
  }
}

TEST(BiquadCascade, ANewSettingIsWholeAfterItsRamp) {
  BiquadCascade<1> moved, there;
  for (auto* cascade : {&moved, &there}) cascade->prepare({kRate, 4800}, 20_ms);
  moved.setTarget(0, bell(200_Hz, 12_dB, 1.0, kRate));
  there.setTarget(0, bell(5_kHz, {-6.0}, 2.0, kRate));
  moved.reset();
  there.reset();
  moved.setTarget(0, bell(5_kHz, {-6.0}, 2.0, kRate));
  testing::Signal a{testing::sine(5000.0, kRate, 4800)}, b = a;
  testing::renderInPlace(a, testing::splits(4800, 64), [&](AudioView view) { moved.process(view); });
  testing::renderInPlace(b, testing::splits(4800, 64), [&](AudioView view) { there.process(view); });
  // 20 ms of ramp, and 10 more for what rings on.
  EXPECT_LT(testing::decibels(
                testing::largestDifference(std::span(a[0]).subspan(1440), std::span(b[0]).subspan(1440))),
            -100.0);
}

}  // namespace
}  // namespace gainstage::dsp
