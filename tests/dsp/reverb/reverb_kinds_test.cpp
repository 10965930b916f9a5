#include <cmath>
#include <gtest/gtest.h>
#include <numbers>
#include <numeric>

#include "dsp/reverb/reverb.h"
#include "dsp/reverb/reverb_measures.h"
#include "dsp/reverb/springs.h"
#include "support/audio.h"

/// Spring, plate and room; the hall is in reverb_test.
namespace gainstage::dsp {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;

struct Kind {
  const char* name;
  std::unique_ptr<ReverbTank> (*make)();
};
constexpr std::array<Kind, 3> kKinds{{{"spring", makeSprings}, {"plate", makePlate}, {"room", makeRoom}}};

/// RT60 of the straight line that fits the energy still to come from -5 to -40 dB best: of echoes a loop
/// apart it is no stairs.
double decaySeconds(std::span<const float> response, double sampleRate) {
  std::vector<double> left(response.size() + 1, 0.0);
  for (std::size_t n = response.size(); n-- > 0;)
    left[n] = left[n + 1] + static_cast<double>(response[n]) * static_cast<double>(response[n]);
  double count = 0.0, times = 0.0, levels = 0.0, squares = 0.0, products = 0.0;
  for (std::size_t n = 0; n < response.size(); n += 48) {
    const double level = 10.0 * std::log10(left[n] / left[0]), time = static_cast<double>(n) / sampleRate;
    if (level > -5.0 || level < -40.0) continue;
    count += 1.0, times += time, levels += level, squares += time * time, products += time * level;
  }
  return -60.0 * (count * squares - times * times) / (count * products - times * levels);
}

class ReverbKinds : public ::testing::TestWithParam<Kind> {
 protected:
  static Signal render(Signal io, double seconds, double dampingHz = 12000.0, double sampleRate = kRate,
                       FrameCount block = 64, unsigned seed = 0) {
    Reverb reverb(GetParam().make());
    reverb.prepare({sampleRate, 1024});
    reverb.setDecay(seconds);
    reverb.setDamping({dampingHz});
    reverb.setPredelay({0.0});
    reverb.setLowCut({20.0});
    reverb.reset();
    testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), block, seed),
                           [&](AudioView view) { reverb.process(view); });
    return io;
  }
  static Signal response(double seconds, double sampleRate = kRate) {
    const auto frames = static_cast<FrameCount>((0.4 + 1.2 * seconds) * sampleRate);
    return render({testing::impulse(frames), testing::impulse(frames)}, seconds, 12000.0, sampleRate);
  }
};

TEST_P(ReverbKinds, DecayInTheTimeSet) {
  for (const double seconds : {0.6, 1.8, 5.0})
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
      if (rate > 50000.0 && seconds != 1.8) continue;
      for (const Mono& channel : response(seconds, rate))
        EXPECT_NEAR(decaySeconds(octave(channel, 1000.0, rate), rate), seconds, 0.1 * seconds) << rate;
    }
}

TEST_P(ReverbKinds, GiveTwoOutputsThatDoNotResembleEachOtherOfOneInput) {
  const Signal out = response(1.8);
  double product = 0.0;
  for (std::size_t n = 0; n < out[0].size(); ++n)
    product += static_cast<double>(out[0][n]) * static_cast<double>(out[1][n]);
  EXPECT_LT(
      std::abs(product) / static_cast<double>(out[0].size()) / testing::rms(out[0]) / testing::rms(out[1]),
      0.2);
}

TEST_P(ReverbKinds, GiveNoiseAboutTheLevelItCameWithWhateverTheDecay) {
  for (const double seconds : {0.5, 2.0, 8.0}) {
    const Mono in = octave(testing::noise(18 * 48000), 1000.0, kRate);
    for (const Mono& channel : render({in, in}, seconds))
      EXPECT_NEAR(decibels(testing::rms(std::span(channel).subspan(8 * 48000)) / testing::rms(in)), 0.0, 3.0)
          << seconds;
  }
}

TEST_P(ReverbKinds, GiveTheSameBitsHoweverTheyAreSplit) {
  Signal in{testing::noise(48000), testing::noise(48000, 0.5f, 2)};
  for (Mono& channel : in) std::fill(channel.begin() + 9600, channel.end(), 0.0f);
  const Signal whole = render(in, 0.5, 6000.0, kRate, 1024);
  for (const FrameCount block : {1, 7, 1000})
    EXPECT_EQ(render(in, 0.5, 6000.0, kRate, block, block == 1000 ? 5 : 0), whole);
}

TEST_P(ReverbKinds, StayBoundedAndSleepAfterTheirTail) {
  Reverb reverb(GetParam().make());
  reverb.prepare({kRate, 1024});
  reverb.setDecay(1.0);
  reverb.reset();
  Signal io{testing::noise(96000, 0.9f), testing::noise(96000, 0.9f, 2)};
  const auto process = [&](AudioView view) { reverb.process(view); };
  testing::renderInPlace(io, testing::splits(96000, 64), process);
  EXPECT_LT(testing::peak(io[0]), 6.0);
  Signal rest{testing::silence(8 * 48000), testing::silence(8 * 48000)};
  testing::renderInPlace(rest, testing::splits(8 * 48000, 64), process);
  EXPECT_TRUE(reverb.isIdle());
  EXPECT_EQ(testing::peak(std::span(rest[0]).last(480)), 0.0);
  // Asleep at -120 dB: nothing is cut off that could be heard.
  EXPECT_GT(decibels(testing::peak(std::span(rest[0]).first(4800))), -40.0);
}

INSTANTIATE_TEST_SUITE_P(Dsp, ReverbKinds, ::testing::ValuesIn(kKinds),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(Springs, LetTheLowsGoFirstAndHoldWhatLiesBelowTheTransitionLongest) {
  Spring spring;
  spring.prepare({kRate, 64}, 0.06, 0.6f);
  spring.setDecay(0.05, 12000.0);
  spring.reset();
  // The first echo alone, and the share of its energy that has come, band by band.
  Mono out(2800);
  for (std::size_t n = 0; n < out.size(); ++n) out[n] = spring.process(n == 0 ? 1.0f : 0.0f);
  double last = 0.0;
  for (const double hertz : {500.0, 1500.0, 2500.0, 3200.0}) {
    const Mono band = octave(out, hertz, kRate, 2.0);
    const Mono struck = octave(testing::impulse(2800), hertz, kRate, 2.0);
    const auto middle = [](const Mono& signal) {
      double sum = 0.0, moment = 0.0;
      for (std::size_t n = 0; n < signal.size(); ++n) {
        const double power = static_cast<double>(signal[n]) * static_cast<double>(signal[n]);
        sum += power;
        moment += power * static_cast<double>(n);
      }
      return moment / sum;
    };
    const double delay = middle(band) - middle(struck);
    EXPECT_GT(delay, last + 20.0) << hertz;
    // All-passes of six frames each, and the frame that each waits.
    const double a = static_cast<double>(0.6f), turn = 6.0 * 2.0 * std::numbers::pi * hertz / kRate;
    const double expected =
        Spring::kStages * (1.0 + 6.0 * (1.0 - a * a) / (1.0 + a * a + 2.0 * a * std::cos(turn)));
    EXPECT_NEAR(delay, expected, 0.12 * expected) << hertz;
    last = delay;
  }
}

TEST(Plate, IsAsDenseAsNoiseAfter100Ms) {
  Reverb reverb(makePlate());
  reverb.prepare({kRate, 64});
  reverb.setPredelay({0.0});
  reverb.reset();
  Signal io{testing::impulse(48000), testing::impulse(48000)};
  testing::renderInPlace(io, testing::splits(48000, 64), [&](AudioView view) { reverb.process(view); });
  double sum = 0.0;
  int windows = 0;
  for (double at = 0.1; at < 0.5; at += 0.01) sum += echoDensity(io[0], at), ++windows;
  EXPECT_GT(sum / windows, 0.85);
}

TEST(Plate, HasNoModesThatRingOut) {
  // As the hall is measured: where modes are many, their levels spread by 5.57 dB.
  Reverb reverb(makePlate());
  reverb.prepare({kRate, 64});
  reverb.setDecay(3.0);
  reverb.setDamping({20000.0});
  reverb.reset();
  Signal io{testing::impulse(4 * 48000), testing::impulse(4 * 48000)};
  testing::renderInPlace(io, testing::splits(4 * 48000, 64), [&](AudioView view) { reverb.process(view); });
  Mono late(io[0].begin() + 48000, io[0].begin() + 48000 + 32768);
  for (std::size_t n = 0; n < late.size(); ++n)
    late[n] *= static_cast<float>(std::pow(10.0, static_cast<double>(n) / kRate));
  Mono levels;
  for (double hz = 300.0; hz < 3000.0; hz += 12.0)
    levels.push_back(static_cast<float>(decibels(testing::amplitudeAt(late, hz, kRate))));
  const double mean = std::accumulate(levels.begin(), levels.end(), 0.0) / static_cast<double>(levels.size());
  for (float& level : levels) level -= static_cast<float>(mean);
  EXPECT_NEAR(testing::rms(levels), 5.57, 1.5);
  EXPECT_LE(*std::ranges::max_element(levels), 18.0f);
}

}  // namespace
}  // namespace gainstage::dsp
