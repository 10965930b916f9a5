#include <cmath>
#include <gtest/gtest.h>

#include "analog/plucked_string.h"
#include "dsp/pitch/pitch_detector.h"
#include "rig/test_blocks.h"
#include "support/recordings.h"
#include "support/trap.h"

namespace gainstage::rig {
namespace {

using testing::Mono;

constexpr StreamFormat kFormat{48000.0, 64};

/// The project's own string as a pickup hears it: its first partial is at `hz` exactly.
Mono pluck(double hz, double inharmonicity, double seconds) {
  analog::PluckedString string;
  string.prepare(kFormat.sampleRate,
                 {.openHz = hz, .scaleMm = 889.0, .inharmonicity = inharmonicity, .decayS = 8.0});
  string.pluck({});
  Mono samples = testing::silence(static_cast<FrameCount>(seconds * kFormat.sampleRate));
  const RealtimeScope realtime;
  string.process(samples);
  double sum = 0.0;  // the string gives changes of velocity
  for (float& sample : samples) {
    sum = 0.999 * sum + static_cast<double>(sample);
    sample = static_cast<float>(sum);
  }
  return samples;
}

TEST(TunerBlock, ReadsAPluckedStiffLowBWithin5CentsAfter200MsAnd1CentAfter500Ms) {
  // A steel string with B = 1e-4 that falls by 60 dB in 8 s, and swings in two directions that differ in
  // pitch, so that its partials beat.
  LoneBlock tuner(stateOf("tuner"), kFormat, 1);
  tuner.render({testing::silence(9600)}, 64);
  const Mono note = pluck(30.868, 1e-4, 2.0);
  const double target = 30.868;
  std::size_t heard = 0;
  for (std::size_t at = 0; at + 960 <= note.size(); at += 960) {
    tuner.render({Mono(note.begin() + static_cast<std::ptrdiff_t>(at),
                       note.begin() + static_cast<std::ptrdiff_t>(at + 960))},
                 64);
    const double ms = static_cast<double>(at + 960) / 48.0;
    if (ms < 200.0) continue;
    const auto reading = tuner->tunerReading();
    ASSERT_TRUE(reading && reading->hz > 0.0) << "after " << ms << " ms";
    EXPECT_EQ(reading->midi, 23) << "after " << ms << " ms";
    EXPECT_NEAR(1200.0 * std::log2(reading->hz / target), 0.0, ms < 500.0 ? 5.0 : 1.0) << "after " << ms;
    ++heard;
  }
  EXPECT_GT(heard, 80u);
}

TEST(TunerBlock, PassesEveryBitUnlessItIsSilent) {
  const Mono noise = testing::noise(4800);
  LoneBlock tuner(stateOf("tuner"), kFormat, 1);
  EXPECT_EQ(tuner.render({noise}, 64)[0], noise);
  const auto muted = tuner.render({noise}, 64, 0, {{0, indexIn("tuner", "mute"), 1.0f}})[0];
  EXPECT_EQ(testing::peak(std::span(muted).subspan(960)), 0.0);
  EXPECT_GT(testing::peak(std::span(muted).first(480)), 0.3);
}

TEST(TunerBlock, CountsCentsFromItsReferenceAndTemperament) {
  const Mono tone = testing::sine(440.0, 48000.0, 48000, 0.3f);
  for (const auto& [reference, temperament, cents] : {std::tuple{440.0f, 0.0f, 0.0},
                                                      {438.0f, 0.0f, 1200.0 * std::log2(440.0 / 438.0)},
                                                      {440.0f, 1.0f, 0.0}}) {
    LoneBlock tuner(stateOf("tuner", {{"referenceHz", reference}, {"temperament", temperament}}), kFormat, 1);
    tuner.render({tone}, 64);
    const auto reading = tuner->tunerReading();
    ASSERT_TRUE(reading.has_value());
    EXPECT_EQ(reading->midi, 69);
    EXPECT_NEAR(reading->cents, cents, 0.05);
  }
}

/// Frequency of the strongest thing near a guess, by a search that knows nothing of the detector.
double strongestNear(std::span<const float> samples, double guessHz, double sampleRate) {
  double best = guessHz, most = 0.0;
  for (double cents = -40.0; cents <= 40.0; cents += 1.0) {
    const double hz = guessHz * std::exp2(cents / 1200.0);
    const double amplitude = testing::amplitudeAt(samples, hz, sampleRate);
    if (amplitude > most) {
      most = amplitude;
      best = hz;
    }
  }
  return best;
}

TEST(TunerBlock, FindsTheNotesOfRealRecordings) {
  int notes = 0, near = 0, files = 0;
  for (const auto& path : testing::recordings()) {
    const std::string name = path.filename().string();
    // Single notes: the others are chords, slides, drums and a choir.
    if (name != "bass_woodsy_c.flac" && name != "guit_harmonics.flac") continue;
    ++files;
    const testing::Recording recording = testing::readRecording(path);
    dsp::PitchDetector detector;
    detector.prepare({recording.sampleRate, 64});
    const Mono& audio = recording.audio[0];
    const auto every = static_cast<std::size_t>(0.1 * recording.sampleRate), window = every * 4;
    for (std::size_t n = 0; n < audio.size(); ++n) {
      detector.push(audio[n]);
      if (n < window || n % every != 0) continue;
      const dsp::Pitch pitch = detector.pitch();
      if (pitch.hz <= 0.0f || pitch.clarity < 0.97f) continue;
      // One of its three lowest partials has to be there in the spectrum, at its place.
      const auto heard = std::span(audio).subspan(n - window, window);
      ++notes;
      for (const int partial : {1, 2, 3}) {
        const double wanted = partial * static_cast<double>(pitch.hz);
        if (std::abs(1200.0 * std::log2(strongestNear(heard, wanted, recording.sampleRate) / wanted)) <
            10.0) {
          ++near;
          break;
        }
      }
    }
  }
  if (files == 0) GTEST_SKIP() << "no recordings in ../shared/data/audio";
  EXPECT_GT(notes, 10);
  EXPECT_GT(near, notes * 9 / 10);
}

}  // namespace
}  // namespace gainstage::rig
