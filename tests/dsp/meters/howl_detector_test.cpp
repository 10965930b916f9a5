#include "dsp/meters/howl_detector.h"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <numbers>
#include <sndfile.h>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

using testing::Mono;

constexpr double kRate = 48000.0;

/// When the detector first says so, in seconds, or -1. Its process() runs in a RealtimeScope.
double firstHowl(const Mono& samples, double rate, FrameCount block = 64) {
  HowlDetector detector;
  detector.prepare({rate, 8192});
  testing::Signal io{samples};
  FrameCount at = 0;
  double first = -1.0;
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(samples.size()), block),
                         [&](AudioView view) {
                           detector.process(view.channel(0));
                           at += view.frames();
                           if (first < 0.0 && detector.isHowling()) first = at / rate;
                         });
  return first;
}

/// A microphone that hears `sound` and, `delayMs` later, its own loudspeaker through a band: a loop of the
/// given gain.
Mono loop(const Mono& sound, double delayMs, double gain, double bandHz) {
  const auto delay = static_cast<std::size_t>(delayMs * 1e-3 * kRate);
  Mono heard = sound;
  // A resonator of gain 1 at its centre stands for the loudspeaker, the room and the microphone.
  const double w = 2.0 * std::numbers::pi * bandHz / kRate, alpha = std::sin(w) / 4.0;
  double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
  for (std::size_t n = delay; n < heard.size(); ++n) {
    const double x = std::clamp(static_cast<double>(heard[n - delay]), -1.0, 1.0);
    const double y = (alpha * (x - x2) + 2.0 * std::cos(w) * y1 - (1.0 - alpha) * y2) / (1.0 + alpha);
    x2 = std::exchange(x1, x), y2 = std::exchange(y1, y);
    heard[n] += static_cast<float>(gain * y);
  }
  return heard;
}

TEST(HowlDetector, HearsALoopBeforeItIsWithin6DbOfFullScale) {
  for (const auto& [delayMs, gain, bandHz] :
       {std::tuple{8.0, 1.15, 900.0}, std::tuple{12.0, 1.2, 2500.0}, std::tuple{25.0, 1.4, 500.0}}) {
    SCOPED_TRACE(delayMs);
    const Mono ring = loop(testing::noise(static_cast<FrameCount>(6 * kRate), 0.001f), delayMs, gain, bandHz);
    std::size_t loud = 0;
    while (loud < ring.size() && std::abs(ring[loud]) < 0.5f) ++loud;
    ASSERT_LT(loud, ring.size()) << "the loop has to howl at all";
    const double heard = firstHowl(ring, kRate);
    EXPECT_GT(heard, 0.0);
    EXPECT_LT(heard, static_cast<double>(loud) / kRate);
  }
}

TEST(HowlDetector, LetsTonesNoiseAndSwellingNotesPass) {
  const auto frames = static_cast<FrameCount>(4 * kRate);
  EXPECT_LT(firstHowl(testing::sine(1000.0, kRate, frames, 0.5f), kRate), 0.0);
  EXPECT_LT(firstHowl(testing::sine(3150.0, kRate, frames, 0.01f), kRate), 0.0);
  EXPECT_LT(firstHowl(testing::noise(frames, 0.5f), kRate), 0.0);
  // A bowed or sung note that swells by 12 dB in a second has harmonics.
  Mono note = testing::silence(frames);
  for (int harmonic = 1; harmonic <= 8; ++harmonic) {
    const Mono partial = testing::sine(220.0 * harmonic, kRate, frames, 0.05f / static_cast<float>(harmonic));
    for (std::size_t n = 0; n < note.size(); ++n)
      note[n] += partial[n] *
                 static_cast<float>(std::pow(10.0, 0.6 * std::min(static_cast<double>(n) / kRate, 1.5)));
  }
  EXPECT_LT(firstHowl(note, kRate), 0.0);
}

TEST(HowlDetector, LetsRecordingsPassAtAnyLevel) {
  const char* given = std::getenv("GAINSTAGE_DATA");
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(given ? given : std::string(source ? source : ".") + "/../shared/data") / "audio";
  if (!std::filesystem::is_directory(folder)) GTEST_SKIP() << "no recordings in " << folder;
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SF_INFO info{};
    SNDFILE* file = sf_open(entry.path().c_str(), SFM_READ, &info);
    ASSERT_NE(file, nullptr) << entry.path();
    std::vector<float> interleaved(static_cast<std::size_t>(info.frames * info.channels));
    sf_readf_float(file, interleaved.data(), info.frames);
    sf_close(file);
    for (const float gain : {1.0f, 0.1f}) {
      Mono left(static_cast<std::size_t>(info.frames));
      for (std::size_t n = 0; n < left.size(); ++n)
        left[n] = gain * interleaved[n * static_cast<std::size_t>(info.channels)];
      EXPECT_LT(firstHowl(left, info.samplerate), 0.0) << entry.path().filename() << " at gain " << gain;
    }
    ++files;
  }
  EXPECT_GE(files, 8);
}

TEST(HowlDetector, SaysTheSameHoweverTheStreamIsSplit) {
  const Mono ring = loop(testing::noise(static_cast<FrameCount>(3 * kRate), 0.001f), 12.0, 1.2, 2500.0);
  const double reference = firstHowl(ring, kRate, 1);
  ASSERT_GT(reference, 0.0);
  for (const FrameCount block : {7, 64, 96})
    EXPECT_NEAR(firstHowl(ring, kRate, block), reference, block / kRate) << block;
}

}  // namespace
}  // namespace gainstage::dsp
