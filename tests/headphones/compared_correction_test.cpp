#include "headphones/compared_correction.h"

#include <functional>
#include <gtest/gtest.h>
#include <random>

#include "dsp/meters/loudness.h"
#include "headphones/correction_render.h"
#include "support/recordings.h"
#include "support/rise.h"
#include "support/steps.h"

namespace gainstage::headphones {
namespace {

using testing::Signal;

/// Bass and preamp as a correction of open headphones has them: 7 dB louder at 60 Hz, 8 dB softer at 5 kHz.
const char* const kOpen =
    "Preamp: -7 dB\nFilter 1: ON LSC Fc 105 Hz Gain 7 dB Q 0.7\nFilter 2: ON PK Fc 5000 Hz Gain -8 dB Q 2\n"
    "Filter 3: ON PK Fc 1500 Hz Gain 3 dB Q 1.4\n";

struct Event {
  FrameCount frame;
  std::function<void(ComparedCorrection&)> change;
};

PreparedCorrection prepared(const Preset& preset, const StreamFormat& format, int channels = 2) {
  return {std::move(*CorrectionFilter::make(preset, format, channels)), correctionLevels(preset)};
}

Signal render(Signal io, const StreamFormat& format, const Preset* preset,
              const std::vector<Event>& events = {}, unsigned seed = 0,
              const std::function<void(ComparedCorrection&)>& before = {}) {
  const int channels = static_cast<int>(io.size());
  ComparedCorrection correction;
  correction.prepare(format, channels);
  if (preset) {
    PreparedCorrection first = prepared(*preset, format, channels);
    correction.install(first);
  }
  if (before) before(correction);
  correction.reset();
  FrameCount at = 0;
  std::size_t next = 0;
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(io[0].size()), format.maxFrames, seed),
                         [&](AudioView view) {
                           for (FrameCount done = 0; done < view.frames();) {
                             while (next < events.size() && events[next].frame <= at)
                               events[next++].change(correction);
                             const FrameCount until =
                                 next < events.size() ? events[next].frame - at : view.frames();
                             const FrameCount frames = std::min(view.frames() - done, until);
                             correction.process(view.frameRange(done, frames));
                             done += frames;
                             at += frames;
                           }
                         });
  return io;
}

Event on(FrameCount frame, bool value) {
  return {frame, [=](ComparedCorrection& c) { c.setOn(value); }};
}
Event matched(FrameCount frame, bool value) {
  return {frame, [=](ComparedCorrection& c) { c.setMatched(value); }};
}

double lufs(const Signal& signal, double rate) {
  dsp::Loudness loudness;
  loudness.prepare({rate, 1024}, static_cast<int>(signal.size()));
  std::vector<const float*> rows;
  for (const auto& row : signal) rows.push_back(row.data());
  const auto frames = static_cast<FrameCount>(signal[0].size());
  const ConstAudioView all(rows.data(), static_cast<int>(rows.size()), frames);
  for (FrameCount at = 0; at < frames; at += 1024)
    loudness.process(all.frameRange(at, std::min(1024, frames - at)));
  return loudness.integratedLufs().value();
}

/// Noise whose colour and level wander as music's do: bass-heavy for some seconds, bright for others.
Signal wanderingNoise(double rate, double seconds) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(-1.0f, 1.0f);
  Signal signal(2, testing::silence(static_cast<FrameCount>(seconds * rate)));
  for (std::size_t c = 0; c < 2; ++c) {
    double low = 0.0;
    for (std::size_t n = 0; n < signal[c].size(); ++n) {
      const double t = static_cast<double>(n) / rate;
      const double white = uniform(random);
      low += 0.01 * (white - low);
      const double bass = 0.5 + 0.5 * std::sin(2.0 * std::numbers::pi * t / 7.0);
      const double loud = std::exp(1.5 * std::sin(2.0 * std::numbers::pi * t / 3.1));
      signal[c][n] = static_cast<float>(0.05 * loud * (8.0 * bass * low + (1.0 - bass) * 0.3 * white));
    }
  }
  return signal;
}

/// LU by which the matched plain signal is louder than the corrected one, once 10 s have been heard.
double mismatch(const Signal& signal, double rate, const Preset& preset) {
  const StreamFormat format{rate, 1024};
  Signal corrected = render(signal, format, &preset);
  Signal plain = render(signal, format, &preset, {on(0, false)});
  for (Signal* part : {&corrected, &plain})
    for (auto& channel : *part)
      channel.erase(channel.begin(), channel.begin() + static_cast<std::ptrdiff_t>(10.0 * rate));
  return lufs(plain, rate) - lufs(corrected, rate);
}

TEST(ComparedCorrection, MakesPlainAsLoudAsCorrectedOnMusicLikeNoise) {
  for (const double rate : {44100.0, 48000.0, 96000.0})
    EXPECT_NEAR(mismatch(wanderingNoise(rate, 40.0), rate, presetOf(kOpen)), 0.0, 0.1) << rate;
}

TEST(ComparedCorrection, MakesPlainAsLoudAsCorrectedOnRecordings) {
  const auto files = testing::recordings();
  if (files.empty()) GTEST_SKIP() << "the recordings of shared/data/audio are absent";
  for (const auto& file : files) {
    const testing::Recording recording = testing::readRecording(file);
    Signal played = recording.audio;  // again and again: 40 s of it
    if (played.size() > 2) played.resize(2);
    for (auto& channel : played) {
      const testing::Mono once = channel;
      while (static_cast<double>(channel.size()) < 40.0 * recording.sampleRate)
        channel.insert(channel.end(), once.begin(), once.end());
    }
    // Both pass the gates of integrated loudness in other blocks: of plucked harmonics, 0.14 LU.
    EXPECT_NEAR(mismatch(played, recording.sampleRate, presetOf(kOpen)), 0.0, 0.15) << file;
  }
}

TEST(ComparedCorrection, PassesEveryBitWithoutAFilterAndWherePlainIsNotMatched) {
  const Signal in{testing::noise(48000), testing::noise(48000, 0.5f, 2)};
  const StreamFormat format{48000.0, 64};
  EXPECT_EQ(render(in, format, nullptr), in);
  const Preset preset = presetOf(kOpen);
  EXPECT_EQ(render(in, format, &preset, {}, 0,
                   [](ComparedCorrection& c) {
                     c.setOn(false);
                     c.setMatched(false);
                   }),
            in);
}

TEST(ComparedCorrection, GivesTheSameBitsHoweverTheStreamIsSplit) {
  const Signal in = wanderingNoise(48000.0, 4.0);
  const Preset preset = presetOf(kOpen);
  const std::vector<Event> events{on(10000, false), on(10500, true), on(48000, false), matched(60001, false),
                                  on(90000, true)};
  const Signal once = render(in, {48000.0, 1024}, &preset, events);
  for (const unsigned seed : {1u, 2u}) EXPECT_EQ(render(in, {48000.0, 1024}, &preset, events, seed), once);
}

TEST(ComparedCorrection, MakesNoStepThereAndBack) {
  const Preset preset = presetOf(kOpen);
  const Signal in{testing::sine(220, 48000, 6 * 48000, 0.4f), testing::sine(330, 48000, 6 * 48000, 0.4f)};
  const Signal out = render(in, {48000.0, 64}, &preset,
                            {on(48000, false), on(2 * 48000, true), matched(3 * 48000, false),
                             on(4 * 48000, false), matched(5 * 48000, true)});
  for (const auto& channel : out)
    EXPECT_TRUE(testing::makesNoStep(
        channel, {{48000, 60000}, {2 * 48000, 108000}, {4 * 48000, 204000}, {5 * 48000, 5 * 48000 + 45000}}));
}

TEST(ComparedCorrection, RaisesNoToneFasterThanTheRule) {
  const Preset preset = presetOf("Preamp: -12 dB\nFilter 1: ON PK Fc 1000 Hz Gain -12 dB Q 0.7\n");
  for (const double hz : {60.0, 1000.0, 8000.0})
    for (const bool match : {false, true}) {
      const Signal in{testing::sine(hz, 48000, 6 * 48000, 0.4f), testing::sine(hz, 48000, 6 * 48000, 0.4f)};
      const Signal out =
          render(in, {48000.0, 64}, &preset,
                 {matched(0, match), on(48000, false), on(2 * 48000, true), on(2 * 48000 + 9600, false),
                  on(3 * 48000, true), on(3 * 48000 + 2000, false), on(3 * 48000 + 4000, true),
                  on(3 * 48000 + 6000, false)});
      EXPECT_TRUE(testing::risesSafely(std::span(out[0]).subspan(36000), 48000.0, 0.4, 20.0, 0.4))
          << hz << match;
    }
}

TEST(ComparedCorrection, ExchangesFiltersWithoutAStepAndGivesTheOldOneBack) {
  const StreamFormat format{48000.0, 64};
  const Preset first = presetOf(kOpen),
               second = presetOf("Preamp: -3 dB\nFilter 1: ON PK Fc 300 Hz Gain 3 dB Q 1\n");
  PreparedCorrection next = prepared(second, format), none;
  std::vector<std::unique_ptr<CorrectionFilter>> back;
  const Signal in{testing::sine(220, 48000, 4 * 48000, 0.4f), testing::sine(330, 48000, 4 * 48000, 0.4f)};
  const auto fetch = [&](ComparedCorrection& c) {
    while (auto filter = c.takeRetired()) back.push_back(std::move(filter));
  };
  back.reserve(4);
  const Signal out = render(in, format, &first,
                            {{48000, [&](ComparedCorrection& c) { c.install(next); }},
                             {2 * 48000, [&](ComparedCorrection& c) { c.install(none); }},
                             {3 * 48000, fetch}});
  for (const auto& channel : out)
    EXPECT_TRUE(testing::makesNoStep(channel, {{48000, 52000}, {2 * 48000, 2 * 48000 + 4000}}));
  EXPECT_EQ(back.size(), 2u);
  EXPECT_TRUE(std::equal(in[0].end() - 4800, in[0].end(), out[0].end() - 4800));
}

TEST(CorrectionLevels, SayWhatAPresetDoesToLoudnessAndToItsLoudestAndSoftestThird) {
  const CorrectionLevels flat =
      correctionLevels(presetOf("Preamp: -6 dB\nFilter 1: ON PK Fc 1000 Hz Gain 0 dB Q 1\n"));
  EXPECT_NEAR(flat.pinkDb, -6.0, 0.01);
  EXPECT_NEAR(testing::decibels(flat.highest), -6.0, 0.01);
  EXPECT_NEAR(testing::decibels(flat.lowest), -6.0, 0.01);
  const CorrectionLevels bell =
      correctionLevels(presetOf("Preamp: 0 dB\nFilter 1: ON PK Fc 1000 Hz Gain -12 dB Q 0.5\n"));
  EXPECT_NEAR(testing::decibels(bell.lowest), -12.0, 0.2);
  EXPECT_NEAR(testing::decibels(bell.highest), 0.0, 0.1);
  // Narrow notches are not what a toggle is slowed down for.
  const CorrectionLevels notch =
      correctionLevels(presetOf("Preamp: 0 dB\nFilter 1: ON PK Fc 1000 Hz Gain -30 dB Q 30\n"));
  EXPECT_GT(testing::decibels(notch.lowest), -6.0);
}

}  // namespace
}  // namespace gainstage::headphones
