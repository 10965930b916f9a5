#include "dsp/tempo/metronome.h"

#include <cmath>
#include <functional>
#include <gtest/gtest.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;

Metronome makeMetronome(double sampleRate, double tempo, bool on = true) {
  Metronome metronome;
  metronome.prepare({sampleRate, 1024});
  metronome.setTempo(tempo);
  metronome.setOn(on);
  return metronome;
}

/// `before` is told the frame before each call.
Mono render(Metronome& metronome, FrameCount frames, FrameCount block = 64, unsigned seed = 0,
            const std::function<void(FrameCount)>& before = {}) {
  testing::Signal out{Mono(static_cast<std::size_t>(frames), 1.0f)};  // has to be overwritten
  FrameCount at = 0;
  testing::renderInPlace(out, testing::splits(frames, block, seed), [&](AudioView io) {
    if (before) before(at);
    metronome.process(io.channel(0));
    at += io.frames();
  });
  return out[0];
}

/// Frames on which sound begins after 20 ms of silence or at the start.
std::vector<std::int64_t> onsets(std::span<const float> samples, double sampleRate) {
  std::vector<std::int64_t> found;
  auto silent = static_cast<std::int64_t>(sampleRate);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    if (samples[n] == 0.0f) {
      ++silent;
    } else {
      if (static_cast<double>(silent) > 0.02 * sampleRate) found.push_back(static_cast<std::int64_t>(n));
      silent = 0;
    }
  }
  return found;
}

/// round(beat x 60 x rate / tempo) in whole numbers; halves away from 0.
std::int64_t exactFrame(std::int64_t beat, std::int64_t rate, std::int64_t tempo) {
  return (2 * beat * 60 * rate + tempo) / (2 * tempo);
}

TEST(Metronome, ClicksOnTheFrameThatExactArithmeticGivesForAnHour) {
  for (const std::int64_t rate : {44100, 48000, 192000}) {
    for (const std::int64_t tempo : {20, 97, 120, 133, 399}) {
      SCOPED_TRACE(::testing::Message() << rate << " Hz, " << tempo << " bpm");
      BeatClock clock;
      clock.prepare(static_cast<double>(rate));
      clock.setTempo(static_cast<double>(tempo));
      std::int64_t now = 0;
      for (std::int64_t beat = 0; beat < 60 * tempo; ++beat) {
        const FrameTime wait = clock.framesToNextBeat();
        ASSERT_EQ(clock.nextBeat(), beat);
        ASSERT_EQ(now + wait, exactFrame(beat, rate, tempo));
        clock.advance(static_cast<FrameCount>(wait));
        clock.takeBeat();
        now += wait;
      }
    }
  }
}

TEST(Metronome, PutsTheFirstSampleOfEachClickOnItsBeat) {
  for (const std::int64_t tempo : {61, 120, 400}) {
    Metronome metronome = makeMetronome(48000.0, static_cast<double>(tempo));
    const auto found = onsets(render(metronome, 10 * 48000, 97, 3), 48000.0);
    ASSERT_EQ(found.size(), static_cast<std::size_t>((10 * tempo + 59) / 60));
    for (std::size_t k = 0; k < found.size(); ++k)
      EXPECT_EQ(found[k], exactFrame(static_cast<std::int64_t>(k), 48000, tempo));
  }
}

TEST(Metronome, GivesTheSameBitsHoweverItIsSplit) {
  const auto rendered = [](FrameCount block, unsigned seed) {
    Metronome metronome = makeMetronome(44100.0, 173.0);
    return render(metronome, 3 * 44100, block, seed);
  };
  const Mono whole = rendered(3 * 44100, 0);
  EXPECT_EQ(whole, rendered(1, 0));
  EXPECT_EQ(whole, rendered(64, 0));
  EXPECT_EQ(whole, rendered(700, 5));
}

TEST(Metronome, AccentsTheFirstBeatOfEachBarInPitchAndLevel) {
  Metronome metronome = makeMetronome(48000.0, 120.0);
  metronome.setBeatsPerBar(3);
  metronome.setAccentDb(9.0f);
  const Mono out = render(metronome, 7 * 24000);
  for (std::size_t beat = 0; beat < 7; ++beat) {
    const auto click = std::span(out).subspan(beat * 24000, 4000);
    const bool accented = beat % 3 == 0;
    const double beatTone = testing::amplitudeAt(click.first(1500), Metronome::kBeatHz, 48000.0);
    const double accentTone = testing::amplitudeAt(click.first(1500), Metronome::kAccentHz, 48000.0);
    EXPECT_EQ(accentTone > 3.0 * beatTone, accented);
    EXPECT_EQ(beatTone > 3.0 * accentTone, !accented);
    EXPECT_NEAR(testing::decibels(testing::peak(click)), accented ? -9.0 : -18.0, 0.7);
  }
}

TEST(Metronome, ClicksWithNothingAbove8kHz) {
  Metronome metronome = makeMetronome(48000.0, 120.0);
  Mono click = render(metronome, 12000);
  double loudest = 0.0, loudestAbove = 0.0;
  for (double hz = 100.0; hz < 24000.0; hz += 50.0) {
    // Twice the length, the click at its middle, so that the window leaves it be.
    Mono centred = testing::silence(24000);
    std::ranges::copy(click, centred.begin() + 11000);
    const double amplitude = testing::amplitudeAt(centred, hz, 48000.0);
    (hz < 8000.0 ? loudest : loudestAbove) = std::max(hz < 8000.0 ? loudest : loudestAbove, amplitude);
  }
  EXPECT_LE(testing::decibels(loudestAbove / loudest), -80.0);
}

TEST(Metronome, KeepsItsPlaceInTheBeatWhenTheTempoChanges) {
  Metronome metronome = makeMetronome(48000.0, 60.0);
  const Mono out = render(metronome, 4 * 48000, 100, 0, [&](FrameCount at) {
    if (at == 60000) metronome.setTempo(120.0);  // a quarter into beat 1: three quarters of 24,000 are left
  });
  const std::vector<std::int64_t> expected{0, 48000, 78000, 102000, 126000, 150000, 174000};
  EXPECT_EQ(onsets(out, 48000.0), expected);
}

TEST(Metronome, FollowsATransportThroughRoundingLeapsAndStops) {
  Metronome metronome = makeMetronome(48000.0, 90.0);
  // 125 bpm from beat 2.5 on; positions rounded to 1/1000 of a beat (23 frames), as some hosts give them.
  const auto beatAt = [](FrameCount at) {
    return at < 96000 ? 2.5 + at * 125.0 / 60.0 / 48000.0 : 40.25 + (at - 96000) * 125.0 / 60.0 / 48000.0;
  };
  const Mono out = render(metronome, 200000, 64, 0, [&](FrameCount at) {
    metronome.follow(std::round(1000.0 * beatAt(at)) / 1000.0, 125.0, at < 150016);
  });
  const auto found = onsets(out, 48000.0);
  std::vector<std::int64_t> expected;
  for (int beat = 3; beat <= 6; ++beat) expected.push_back(std::lround((beat - 2.5) * 23040.0));
  for (int beat = 41; beat <= 42; ++beat) expected.push_back(96000 + std::lround((beat - 40.25) * 23040.0));
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t k = 0; k < found.size(); ++k)
    EXPECT_LE(std::abs(found[k] - expected[k]), 13);  // half of 23, and 1
}

TEST(Metronome, FollowsAnExactTransportToTheFrame) {
  Metronome metronome = makeMetronome(44100.0, 90.0);
  const Mono out = render(metronome, 441000, 113, 2, [&](FrameCount at) {
    metronome.follow(-3.7 + at * 131.0 / 60.0 / 44100.0, 131.0, true);
  });
  const auto found = onsets(out, 44100.0);
  ASSERT_EQ(found.size(), 22u);
  for (std::size_t k = 0; k < found.size(); ++k)
    EXPECT_EQ(found[k], std::lround((static_cast<double>(k) + 0.7) * 60.0 / 131.0 * 44100.0));
}

TEST(Metronome, MakesNoStepWhenSwitchedOffAndOnInTheMiddleOfAClick) {
  Metronome reference = makeMetronome(48000.0, 240.0);
  const double own = testing::largestStep(render(reference, 48000));
  Metronome metronome = makeMetronome(48000.0, 240.0);
  const Mono out = render(metronome, 48000, 10, 0, [&](FrameCount at) {
    if (at == 50 || at == 12100) metronome.setOn(false);
    if (at == 150 || at == 170 || at == 190) metronome.setOn(false), metronome.setOn(true);
    if (at == 20000) metronome.setOn(true);
  });
  EXPECT_LE(testing::largestStep(out), 1.5 * own);
  EXPECT_EQ(testing::peak(std::span(out).subspan(12100 + 240, 20000 - 12100 - 240)), 0.0);
  EXPECT_NE(out[20000], 0.0f);  // beat 0 falls where it is switched on
}

TEST(Metronome, IsSilentWhileOff) {
  Metronome metronome = makeMetronome(48000.0, 120.0, false);
  EXPECT_TRUE(metronome.isSilent());
  EXPECT_EQ(testing::peak(render(metronome, 48000)), 0.0);
}

TEST(BeatClock, DoesNotHearAPlaceThatNoTransportReaches) {
  BeatClock clock;
  clock.prepare(48000.0);
  clock.follow(7.25, 120.0);
  for (const double beat : {1e300, -1e19, 1e9, std::nan("")}) {
    clock.follow(beat, 120.0);
    EXPECT_EQ(clock.nextBeat(), 8);
    EXPECT_EQ(clock.framesToNextBeat(), 18000);
  }
}

}  // namespace
}  // namespace gainstage::dsp
