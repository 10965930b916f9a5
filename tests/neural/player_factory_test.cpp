#include "neural/player_factory.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "neural/silence.h"
#include "neural/test_programs.h"

namespace gainstage::neural {
namespace {

using gainstage::testing::decibels;
using gainstage::testing::Mono;
using testing::PlainLaw;
using testing::PlainProgram;
using testing::render;

struct Rates {
  double capture, session;
};

std::ostream& operator<<(std::ostream& out, const Rates& rates) {
  return out << rates.capture << "in" << rates.session;
}

class PlayerAtAnyRate : public ::testing::TestWithParam<Rates> {
 protected:
  void SetUp() override {
    auto factory = PlayerFactory::create(GetParam().capture, GetParam().session);
    ASSERT_TRUE(factory.ok()) << factory.error().message;
    factory_.emplace(std::move(*factory));
  }

  std::unique_ptr<Player> player(const PlainLaw& law = {}) const {
    return factory_->make(std::make_shared<PlainProgram>(law));
  }
  double session() const { return GetParam().session; }
  double lower() const { return std::min(GetParam().capture, GetParam().session); }

  std::optional<PlayerFactory> factory_;
};

/// What a sine became: a sine of the same frequency, and the rest.
struct Sine {
  double gain, delayFrames, restDb;
};

/// The least squares' fit over the last 8/10 of `out`.
Sine fit(const Mono& out, double frequencyHz, double rate, double amplitude) {
  const double omega = 2.0 * std::numbers::pi * frequencyHz / rate;
  double ss = 0.0, sc = 0.0, cc = 0.0, ys = 0.0, yc = 0.0;
  const std::size_t from = out.size() / 5;
  for (std::size_t n = from; n < out.size(); ++n) {
    const double s = std::sin(omega * static_cast<double>(n)), c = std::cos(omega * static_cast<double>(n));
    const auto y = static_cast<double>(out[n]);
    ss += s * s, sc += s * c, cc += c * c, ys += y * s, yc += y * c;
  }
  const double determinant = ss * cc - sc * sc;
  const double a = (ys * cc - yc * sc) / determinant, b = (yc * ss - ys * sc) / determinant;
  double rest = 0.0;
  for (std::size_t n = from; n < out.size(); ++n) {
    const double s = std::sin(omega * static_cast<double>(n)), c = std::cos(omega * static_cast<double>(n));
    const double left = static_cast<double>(out[n]) - a * s - b * c;
    rest += left * left;
  }
  rest = std::sqrt(2.0 * rest / static_cast<double>(out.size() - from));
  return {std::hypot(a, b) / amplitude, std::atan2(-b, a) / omega, decibels(rest / amplitude)};
}

TEST_P(PlayerAtAnyRate, PassesSinesUpTo18kHzWithinATenthOfADecibelAndNothingElse) {
  const auto latency = static_cast<double>(factory_->latencyFrames());
  EXPECT_LE(latency / session(), 1e-3);
  for (const double frequency :
       {31.0, 440.0, 997.0, 3001.0, 6011.0, 9973.0, 12007.0, 14983.0, 16001.0, 17011.0, 17501.0, 17989.0}) {
    SCOPED_TRACE(frequency);
    const auto frames = static_cast<FrameCount>(session() / 4.0);
    const Sine sine = fit(render(*player(), gainstage::testing::sine(frequency, session(), frames, 0.5f)),
                          frequency, session(), 0.5);
    EXPECT_NEAR(decibels(sine.gain), 0.0, 0.09);
    EXPECT_LT(sine.restDb, -90.0);
    // By its phase, so up to whole periods.
    const double period = session() / frequency;
    EXPECT_LT(std::abs(std::remainder(sine.delayFrames - latency, period)), 1e-3 * period);
  }
}

TEST_P(PlayerAtAnyRate, MakesNothingElseOfSinesUpToHalfTheSessionsRateEither) {
  for (double frequency = 18257.0; frequency < 0.5 * session(); frequency += 1373.0) {
    SCOPED_TRACE(frequency);
    const auto frames = static_cast<FrameCount>(session() / 8.0);
    const Mono out = render(*player(), gainstage::testing::sine(frequency, session(), frames, 0.5f));
    EXPECT_LT(fit(out, frequency, session(), 0.5).restDb, -90.0);
  }
}

TEST_P(PlayerAtAnyRate, ComesLateByWhatItSaysToTheFrame) {
  const Mono out = render(*player(), gainstage::testing::impulse(2000, 500));
  const auto at = static_cast<std::size_t>(500 + factory_->latencyFrames());
  EXPECT_EQ(std::ranges::max_element(out) - out.begin(), static_cast<std::ptrdiff_t>(at));
  double sum = 0.0, moment = 0.0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    sum += static_cast<double>(out[n]);
    moment += static_cast<double>(out[n]) * (static_cast<double>(n) - static_cast<double>(at));
  }
  EXPECT_NEAR(moment / sum, 0.0, 0.01);
}

TEST_P(PlayerAtAnyRate, GivesTheSameBitsHoweverTheStreamIsSplit) {
  const PlainLaw law{.gain = 0.7f, .offset = 0.1f, .feedback = 0.5f, .delay = 3};
  const Mono in = gainstage::testing::noise(9000);
  const Mono whole = render(*player(law), in, 9000);
  for (const FrameCount block : {1, 7, 64, 480, 1000})
    EXPECT_EQ(render(*player(law), in, block, block == 1000 ? 3 : 0), whole) << "blocks of " << block;
}

TEST_P(PlayerAtAnyRate, StandsStillInSilenceAndAfterSettlingSoundsAsWhenItWasNew) {
  const PlainLaw law{.gain = 0.7f, .offset = 0.125f, .feedback = 0.5f, .delay = 3};
  const auto played = player(law);
  EXPECT_EQ(restOutputs(*played, 1, 1), std::vector<float>{0.25f});
  EXPECT_EQ(render(*played, gainstage::testing::silence(3000)), gainstage::testing::dc(0.25f, 3000));
  const Mono in = gainstage::testing::noise(5000);
  const Mono fresh = render(*player(law), in);
  render(*played, gainstage::testing::noise(4321, 0.5f, 7));
  played->settle();
  EXPECT_EQ(render(*played, in), fresh);
}

TEST_P(PlayerAtAnyRate, ForgetsWithinTheMemoryThatItTells) {
  const PlainLaw law{.gain = 0.7f, .offset = 0.125f};
  const auto other = player(law), settled = player(law);
  const auto memory = static_cast<FrameCount>(factory_->memoryFrames(1));
  // Grids of converters meet again after a tenth of a second for every pair of rates here.
  const auto before = static_cast<FrameCount>(session() / 10.0);
  render(*other, gainstage::testing::noise(before));
  render(*settled, gainstage::testing::silence(before));
  const Mono in = gainstage::testing::noise(memory + 2000, 0.5f, 2);
  const Mono a = render(*other, in), b = render(*settled, in);
  if (factory_->latencyFrames() > 0) {
    EXPECT_NE(a, b);
  }
  EXPECT_EQ(Mono(a.begin() + memory, a.end()), Mono(b.begin() + memory, b.end()));
}

TEST_P(PlayerAtAnyRate, RingsInTheTimeOfTheCapturesOwnRate) {
  // A comb of 10 ms at the capture's rate stays one at the session's.
  const auto delay = static_cast<std::size_t>(GetParam().capture / 100.0);
  const PlainLaw law{.feedback = 0.5f, .delay = delay};
  const auto frames = static_cast<FrameCount>(session() / 2.0);
  for (const double frequency : {1000.0, 1050.0, 12000.0, 12050.0}) {
    const bool isCrest = std::fmod(frequency, 100.0) == 0.0;
    const Mono out = render(*player(law), gainstage::testing::sine(frequency, session(), frames, 0.25f));
    EXPECT_NEAR(decibels(fit(out, frequency, session(), 0.25).gain), decibels(isCrest ? 2.0 : 1.0 / 1.5),
                0.09)
        << frequency;
  }
}

constexpr double kRates[] = {44100.0, 48000.0, 88200.0, 96000.0, 192000.0};

std::vector<Rates> allPairs() {
  std::vector<Rates> pairs;
  for (const double capture : kRates)
    for (const double session : kRates) pairs.push_back({capture, session});
  return pairs;
}

INSTANTIATE_TEST_SUITE_P(Rates, PlayerAtAnyRate, ::testing::ValuesIn(allPairs()),
                         [](const auto& rates) { return ::testing::PrintToString(rates.param); });

TEST(PlayerFactory, AddsNoFrameWhereTheSessionsRateIsAMultiple) {
  for (const Rates rates : {Rates{48000, 48000}, Rates{48000, 96000}, Rates{48000, 192000},
                            Rates{44100, 88200}, Rates{44100, 176400}, Rates{32000, 96000}}) {
    const auto factory = PlayerFactory::create(rates.capture, rates.session);
    ASSERT_TRUE(factory.ok());
    EXPECT_EQ(factory->latencyFrames(), 0) << rates;
  }
}

TEST(PlayerFactory, StretchesFeedbackToTheBit) {
  const auto slow = std::make_shared<PlainProgram>(PlainLaw{1.0f, 0.01f, 0.5f, 5});
  const PlainProgram stretched(PlainLaw{1.0f, 0.01f, 0.5f, 15});
  const auto factory = PlayerFactory::create(16000, 48000);
  ASSERT_TRUE(factory.ok());
  const Mono in = gainstage::testing::noise(4000);
  EXPECT_EQ(render(*factory->make(slow), in, 7), render(*stretched.makePlayer(), in));
}

TEST(PlayerFactory, KeepsBelow1MillisecondAtRatesThatFewUse) {
  for (const Rates rates : {Rates{8000, 44100}, Rates{48000, 8000}, Rates{22050, 48000}, Rates{32000, 44100},
                            Rates{48000, 32000}, Rates{44100, 384000}, Rates{192000, 176400}}) {
    SCOPED_TRACE(rates);
    const auto factory = PlayerFactory::create(rates.capture, rates.session);
    ASSERT_TRUE(factory.ok()) << factory.error().message;
    EXPECT_LE(factory->latencyFrames() / rates.session, 1e-3);
    // The passband, whatever is left of it, stays clean.
    const double lower = std::min(rates.capture, rates.session);
    const double pass = lower < 40200.0 ? 0.5 * (lower - 6000.0) : 18000.0;
    for (const double share : {0.1, 0.5, 0.9, 0.99}) {
      const auto player = factory->make(std::make_shared<PlainProgram>());
      const Mono out =
          render(*player, gainstage::testing::sine(share * pass, rates.session,
                                                   static_cast<FrameCount>(rates.session / 4.0), 0.5f));
      const Sine sine = fit(out, share * pass, rates.session, 0.5);
      EXPECT_NEAR(decibels(sine.gain), 0.0, 0.09);
      EXPECT_LT(sine.restDb, -90.0) << share * pass;
    }
  }
}

TEST(PlayerFactory, RefusesRatesWithoutAUsableCommonDivisor) {
  for (const Rates rates :
       {Rates{48000.5, 44100}, Rates{47999, 192000}, Rates{0, 48000}, Rates{1e9, 48000}}) {
    const auto factory = PlayerFactory::create(rates.capture, rates.session);
    ASSERT_FALSE(factory.ok()) << rates;
    EXPECT_NE(factory.error().message.find("Hz"), std::string::npos);
  }
}

}  // namespace
}  // namespace gainstage::neural
