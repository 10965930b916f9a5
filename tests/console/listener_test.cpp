#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "console/desk.h"
#include "support/files.h"
#include "support/rise.h"
#include "support/steps.h"

namespace gainstage {
namespace {

using console::OutputParameter;
using console::SourceKind;
using testing::Mono;
using testing::Signal;

constexpr double kRate = 48000.0;

/// 250 ohm and 96 dB/mW behind 10 ohm at 14 dBu: a full-scale sine is 113.46 dB SPL (spl_test.cpp).
headphones::ListeningGear knownGear() {
  return {.sensitivityDbPerV = {},
          .sensitivityDbPerMw = 96.0,
          .impedanceOhm = 250.0,
          .fullScaleDbu = 14.0,
          .outputImpedanceOhm = 10.0,
          .knobDb = 0.0};
}
constexpr double kFullScale = 113.46;

class Listener : public ::testing::Test {
 protected:
  Listener() {
    testing::writeFile(folder / "soft.txt", "Preamp: -20 dB\nFilter 1: ON PK Fc 1000 Hz Gain 3 dB Q 1\n");
    testing::writeFile(
        folder / "bass.txt",
        "Preamp: -6 dB\nFilter 1: ON LSC Fc 105 Hz Gain 6 dB Q 0.7\nFilter 2: ON PK Fc 3000 Hz "
        "Gain -6 dB Q 2\n");
    session.strips = {testing::strip("a", {1, 2})};
    session.outputs = {testing::headphones("phones", {1, 2}, {testing::send(SourceKind::direct, "a")})};
  }
  console::OutputState& output() { return session.outputs[0]; }
  float& value(OutputParameter parameter) { return testing::value(output().values, parameter); }

  testing::Desk desk(FrameCount block = 1024) {
    return testing::Desk(session, {kRate, block},
                         {.folder = folder.path(), .inputsAreLive = false, .fadeIn = false});
  }

  const testing::TemporaryFolder folder;
  console::Session session;
};

Signal tones(double seconds, float left = 0.4f, float right = 0.3f) {
  const auto frames = static_cast<FrameCount>(seconds * kRate);
  return {testing::sine(440, kRate, frames, left), testing::sine(1000, kRate, frames, right)};
}

TEST_F(Listener, HearsTheCorrectionOfItsFile) {
  output().correctionFile = "bass.txt";
  testing::Desk plain = desk();
  const Signal out =
      plain.render({testing::sine(50, kRate, 48000, 0.1f), testing::sine(3000, kRate, 48000, 0.1f)}, 2);
  const auto levelOf = [&](std::size_t channel) {
    return testing::decibels(testing::peak(std::span(out[channel]).last(9600)) / 0.1);
  };
  EXPECT_NEAR(levelOf(0), -0.5, 0.3);
  EXPECT_NEAR(levelOf(1), -12.0, 0.3);
  EXPECT_TRUE(plain.console().takeFaults().empty());
}

TEST_F(Listener, HearsEverythingInTheFrameInWhichItComes) {
  output().correctionFile = "bass.txt";
  output().gear = knownGear();
  value(OutputParameter::crossfeedOn) = 1.0f;
  value(OutputParameter::width) = 1.5f;
  value(OutputParameter::ceilingOn) = 1.0f;
  testing::Desk here = desk();
  const Signal out = here.render({testing::impulse(4800, 1000, 0.5f), testing::silence(4800)}, 2);
  EXPECT_EQ(testing::peak(std::span(out[0]).first(1000)), 0.0);
  EXPECT_EQ(std::ranges::max_element(out[0]) - out[0].begin(), 1000);
  EXPECT_GT(out[0][1000], 0.1f);
}

TEST_F(Listener, HearsThePlainSignalAndIsToldWhereTheFileIsMissing) {
  output().correctionFile = "gone.txt";
  testing::Desk here = desk();
  const Signal in = tones(0.5);
  EXPECT_EQ(here.render(in, 2), in);
  const auto faults = here.console().takeFaults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, console::FaultKind::correctionOff);
  EXPECT_NE(faults[0].message.find("gone.txt"), std::string::npos) << faults[0].message;
}

TEST_F(Listener, GetsEveryBitWhereNothingIsOn) {
  output().gear = knownGear();
  value(OutputParameter::ceilingDbSpl) = 140.0f;
  testing::Desk here = desk();
  const Signal in{testing::noise(48000), testing::noise(48000, 0.5f, 2)};
  EXPECT_EQ(here.render(in, 2), in);
}

TEST_F(Listener, NeverHearsAPeakAboveTheCeilingAtTheEar) {
  output().gear = knownGear();
  value(OutputParameter::levelLimitOn) = 0.0f;
  for (const float ceiling : {75.0f, 100.0f, 115.0f}) {
    value(OutputParameter::ceilingDbSpl) = ceiling;
    testing::Desk here = desk();
    const Signal out = here.render({testing::noise(48000, 1.0f), testing::noise(48000, 1.0f, 2)}, 2);
    const double peakDbSpl =
        kFullScale + 3.01 + testing::decibels(std::max(testing::peak(out[0]), testing::peak(out[1])));
    EXPECT_LT(peakDbSpl, static_cast<double>(ceiling) + 0.01);
    EXPECT_GT(peakDbSpl, static_cast<double>(ceiling) - 1.0);
  }
  output().gear.knobDb.reset();  // nobody knows any more
  testing::Desk here = desk();
  const Signal in = tones(0.5, 0.99f, 0.99f);
  EXPECT_EQ(here.render(in, 2), in);
  EXPECT_FALSE(here.console().outputMeters("phones").fullScaleDbSpl);
}

TEST_F(Listener, IsHeldToTheLevelThatIsSet) {
  output().gear = knownGear();
  value(OutputParameter::levelLimitDba) = 80.0f;
  testing::Desk here = desk();
  here.render(tones(30.0, 0.0f, 0.3f), 2);  // 103 dB SPL at 1 kHz
  const auto meters = here.console().outputMeters("phones");
  EXPECT_NEAR(meters.levelDba.value(), 80.0, 0.1);
  EXPECT_NEAR(meters.levelLimitDb, 103.0 - 80.0, 0.2);
  EXPECT_NEAR(meters.fullScaleDbSpl.value(), kFullScale, 0.01);
}

TEST_F(Listener, IsToldLevelAndDose) {
  output().gear = knownGear();
  testing::Desk here = desk();
  here.render(tones(10.0, 0.0f, 0.1f), 2);  // 20 dB below full scale at 1 kHz: 93.46 dBA
  const auto meters = here.console().outputMeters("phones");
  EXPECT_NEAR(meters.levelDba.value(), 93.46, 0.05);
  EXPECT_NEAR(meters.dose.niosh / headphones::nioshDose(93.46, 10.0), 1.0, 0.02);
  EXPECT_NEAR(meters.dose.seconds, 10.0, 1e-9);
}

class ListenerChange : public Listener {
 public:
  using Listener::folder;
  using Listener::output;
  using Listener::session;
  using Listener::value;
};

std::vector<std::pair<std::string, std::function<void(ListenerChange&, bool)>>> changes() {
  using L = ListenerChange;
  return {
      {"level", [](L& l, bool after) { l.value(OutputParameter::levelDb) = after ? 0.0f : -25.0f; }},
      {"balance", [](L& l, bool after) { l.value(OutputParameter::balance) = after ? 0.0f : -0.97f; }},
      {"width", [](L& l, bool after) { l.value(OutputParameter::width) = after ? 1.0f : 0.1f; }},
      {"crossfeed", [](L& l, bool after) { l.value(OutputParameter::crossfeedOn) = after ? 0.0f : 1.0f; }},
      {"correction file", [](L& l, bool after) { l.output().correctionFile = after ? "" : "soft.txt"; }},
      {"another correction file",
       [](L& l, bool after) { l.output().correctionFile = after ? "bass.txt" : "soft.txt"; }},
      {"compare, matched",
       [](L& l, bool after) {
         l.output().correctionFile = "soft.txt";
         l.value(OutputParameter::correctionOn) = after ? 0.0f : 1.0f;
       }},
      {"compare, not matched",
       [](L& l, bool after) {
         l.output().correctionFile = "soft.txt";
         l.value(OutputParameter::correctionMatched) = 0.0f;
         l.value(OutputParameter::correctionOn) = after ? 0.0f : 1.0f;
       }},
      {"matching off",
       [](L& l, bool after) {
         l.output().correctionFile = "soft.txt";
         l.value(OutputParameter::correctionOn) = 0.0f;
         l.value(OutputParameter::correctionMatched) = after ? 0.0f : 1.0f;
       }},
      {"ceiling raised",
       [](L& l, bool after) {
         l.value(OutputParameter::ceilingOn) = 1.0f;
         l.value(OutputParameter::ceilingDbfs) = after ? 0.0f : -40.0f;
       }},
      {"ceiling off",
       [](L& l, bool after) {
         l.value(OutputParameter::ceilingDbfs) = -40.0f;
         l.value(OutputParameter::ceilingOn) = after ? 0.0f : 1.0f;
       }},
      {"ceiling at the ear off",
       [](L& l, bool after) {
         l.output().gear = knownGear();
         l.value(OutputParameter::levelLimitOn) = 0.0f;
         l.value(OutputParameter::ceilingDbSpl) = 75.0f;
         l.value(OutputParameter::ceilingSplOn) = after ? 0.0f : 1.0f;
       }},
      {"knob moved",
       [](L& l, bool after) {
         l.output().gear = knownGear();
         l.value(OutputParameter::ceilingDbSpl) = 75.0f;
         l.output().gear.knobDb = after ? -60.0 : 0.0;
       }},
      {"gear unknown",
       [](L& l, bool after) {
         l.output().gear = knownGear();
         l.value(OutputParameter::ceilingDbSpl) = 75.0f;
         if (after) l.output().gear = {};
       }},
      {"limit of the level off",
       [](L& l, bool after) {
         l.output().gear = knownGear();
         l.value(OutputParameter::levelLimitDba) = 75.0f;
         l.value(OutputParameter::levelLimitOn) = after ? 0.0f : 1.0f;
       }},
  };
}

/// Before for 2 s, after for 5 s, before again (an undo) for 1 s and after again.
Signal renderChange(testing::Desk& desk, const console::Session& before, const console::Session& after,
                    const Signal& in) {
  Signal out(2);
  std::size_t at = 0;
  for (const auto& [session, seconds] : {std::pair{&before, 2}, {&after, 5}, {&before, 1}, {&after, 8}}) {
    EXPECT_TRUE(desk.console().apply(*session));
    const std::size_t end = at + static_cast<std::size_t>(seconds) * 48000;
    Signal part;
    for (const Mono& row : in)
      part.emplace_back(row.begin() + static_cast<std::ptrdiff_t>(at),
                        row.begin() + static_cast<std::ptrdiff_t>(end));
    const Signal made = desk.render(part, 2);
    for (std::size_t c = 0; c < 2; ++c) out[c].insert(out[c].end(), made[c].begin(), made[c].end());
    at = end;
  }
  return out;
}

TEST_F(ListenerChange, RaisesNoEarFasterThanTheRule) {
  const Signal in = tones(16.0);
  for (const auto& [name, change] : changes()) {
    SCOPED_TRACE(name);
    session.outputs[0] = testing::headphones("phones", {1, 2}, {testing::send(SourceKind::direct, "a")});
    change(*this, false);
    const console::Session before = session;
    change(*this, true);
    testing::Desk here(before, {kRate, 64},
                       {.folder = folder.path(), .inputsAreLive = false, .fadeIn = false});
    const Signal out = renderChange(here, before, session, in);
    // Crossfeed gives one ear what the other had: the louder ear is what counts.
    Mono louder = out[0];
    for (std::size_t n = 0; n < louder.size(); ++n)
      louder[n] = std::max(std::abs(out[0][n]), std::abs(out[1][n]));
    const auto settled = static_cast<std::size_t>(1.5 * kRate);
    // The path is held back at once, and a new filter is heard 60 ms later: measured from before that sag.
    // Its change is counted by loudness, and these tones change by 0.5 dB more.
    const bool isFile = name.ends_with("correction file");
    const double windowMs = isFile ? 80.0 : 20.0, toleranceDb = isFile ? 1.0 : 0.5;
    EXPECT_TRUE(testing::risesSafely(std::span(louder).subspan(settled), kRate, 1.0, windowMs, toleranceDb));
    if (name == "crossfeed") continue;
    for (const Mono& ear : out)
      EXPECT_TRUE(testing::risesSafely(std::span(ear).subspan(settled), kRate, 1.0, windowMs, toleranceDb));
  }
}

TEST_F(ListenerChange, MakesNoStep) {
  const Signal in = tones(16.0);
  for (const auto& [name, change] : changes()) {
    SCOPED_TRACE(name);
    session.outputs[0] = testing::headphones("phones", {1, 2}, {testing::send(SourceKind::direct, "a")});
    change(*this, false);
    const console::Session before = session;
    change(*this, true);
    testing::Desk here(before, {kRate, 64},
                       {.folder = folder.path(), .inputsAreLive = false, .fadeIn = false});
    const Signal out = renderChange(here, before, session, in);
    for (const Mono& ear : out)
      EXPECT_TRUE(testing::makesNoStep(
          ear, {{2 * 48000, 7 * 48000 - 4800}, {7 * 48000, 8 * 48000 - 2400}, {8 * 48000, 15 * 48000}}));
  }
}

TEST_F(ListenerChange, RaisesNoEarFasterThanTheRuleWhenAWholeSessionChanges) {
  const auto both = [&](bool after) {
    value(OutputParameter::levelDb) = after ? 0.0f : -25.0f;
    value(OutputParameter::balance) = after ? 0.0f : -0.9f;
    value(OutputParameter::ceilingOn) = after ? 0.0f : 1.0f;
    value(OutputParameter::ceilingDbfs) = -45.0f;
    output().correctionFile = after ? "" : "soft.txt";
  };
  both(false);
  const console::Session before = session;
  both(true);
  testing::Desk here(before, {kRate, 64}, {.folder = folder.path(), .inputsAreLive = false, .fadeIn = false});
  const Signal out = renderChange(here, before, session, tones(16.0));
  for (const Mono& ear : out)
    EXPECT_TRUE(testing::risesSafely(std::span(ear).subspan(72000), kRate, 1.0, 80.0, 0.5));
  EXPECT_NEAR(testing::peak(std::span(out[1]).last(4800)), 0.3, 0.001);
}

TEST_F(ListenerChange, GivesTheSameBitsHoweverTheStreamIsSplit) {
  output().gear = knownGear();
  output().correctionFile = "bass.txt";
  value(OutputParameter::crossfeedOn) = 1.0f;
  value(OutputParameter::width) = 1.3f;
  value(OutputParameter::balance) = 0.2f;
  value(OutputParameter::levelLimitDba) = 85.0f;
  value(OutputParameter::ceilingDbSpl) = 105.0f;
  const Signal in{testing::noise(96000), testing::noise(96000, 0.5f, 2)};
  testing::Desk whole = desk(), split = desk();
  EXPECT_EQ(whole.render(in, 2, 1024), split.render(in, 2, testing::splits(96000, 1024, 5)));
}

TEST_F(Listener, OfOneChannelHearsBothSidesCorrected) {
  output().channels = {1};
  output().correctionFile = "soft.txt";
  value(OutputParameter::balance) = -1.0f;
  testing::Desk here = desk();
  const Signal out =
      here.render({testing::sine(100, kRate, 48000, 0.4f), testing::sine(100, kRate, 48000, 0.4f)}, 1);
  EXPECT_NEAR(testing::decibels(testing::peak(std::span(out[0]).last(9600)) / 0.4), -20.0, 0.2);
}

}  // namespace
}  // namespace gainstage
