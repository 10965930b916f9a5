#include <cmath>
#include <gtest/gtest.h>

#include "formats/resample.h"
#include "neural/capture.h"
#include "neural/files/captures.h"
#include "neural/player_factory.h"
#include "neural/test_programs.h"

namespace gainstage::neural {
namespace {

using gainstage::testing::Mono;
using testing::render;

constexpr double kCaptureRate = 48000.0;

Mono at(double toRate, const Mono& in, double fromRate) {
  AudioBuffer audio(1, static_cast<FrameCount>(in.size()));
  std::ranges::copy(in, audio.channel(0).begin());
  const auto converted = formats::resample(audio, fromRate, toRate);
  EXPECT_TRUE(converted.ok());
  const std::span<const float> out = converted->channel(0);
  return {out.begin(), out.end()};
}

/// Energy of a - b below 18 kHz against that of b, in dB, without the ends, where the converters begin.
double differenceDb(const Mono& a, const Mono& b, double rate) {
  // libsoxr at its best passes 91.3 % of half the rate.
  constexpr double kTo18kHz = 39440.0;
  Mono difference(b.size());
  for (std::size_t n = 0; n < b.size(); ++n) difference[n] = a[n] - b[n];
  const Mono error = at(kTo18kHz, difference, rate), whole = at(kTo18kHz, b, rate);
  double above = 0.0, below = 0.0;
  for (std::size_t n = 10000; n + 4000 < whole.size(); ++n) {
    above += static_cast<double>(error[n]) * static_cast<double>(error[n]);
    below += static_cast<double>(whole[n]) * static_cast<double>(whole[n]);
  }
  return 10.0 * std::log10(above / below);
}

/// What a capture makes of the guitar at `rate`, the latency taken out.
Mono played(double rate, const std::string& file) {
  const auto capture = loadCapture(captureFolder() / file);
  const auto factory = PlayerFactory::create(kCaptureRate, rate);
  EXPECT_TRUE(capture.ok() && factory.ok());
  Mono in = at(rate, referenceAudio("guitar48.wav"), kCaptureRate);
  const Mono end = gainstage::testing::silence(factory->latencyFrames());
  in.insert(in.end(), end.begin(), end.end());
  Mono out = render(*factory->make((*capture)->sizes().back().program), in);
  out.erase(out.begin(), out.begin() + factory->latencyFrames());
  return out;
}

struct RealCapture {
  const char *file, *name;
};

class RealCaptureAtOtherRates : public ::testing::TestWithParam<RealCapture> {};

// The passband's ripple at the frequencies where a guitar is makes -62 dB of any signal.
TEST_P(RealCaptureAtOtherRates, SoundsAsAt48kHzWhereItIsConverted) {
  if (!std::filesystem::exists(captureFolder())) GTEST_SKIP() << "no ../shared/data/captures";
  const auto [file, name] = GetParam();
  const Mono reference = referenceAudio(std::string(name) + ".guitar.wav");
  for (const double rate : {44100.0, 88200.0})
    EXPECT_LT(differenceDb(played(rate, file), at(rate, reference, kCaptureRate), rate), -50.0)
        << rate << " Hz";
}

TEST_P(RealCaptureAtOtherRates, GivesAtMultiplesTheSamplesThatItGivesAt48kHzAndOthersBetween) {
  if (!std::filesystem::exists(captureFolder())) GTEST_SKIP() << "no ../shared/data/captures";
  const auto [file, name] = GetParam();
  const Mono reference = referenceAudio(std::string(name) + ".guitar.wav");
  for (const std::size_t multiple : {2u, 4u}) {
    const Mono out = played(kCaptureRate * static_cast<double>(multiple), file);
    Mono some;
    for (std::size_t n = 0; n < out.size(); n += multiple) some.push_back(out[n]);
    EXPECT_LT(differenceDb(some, reference, kCaptureRate), -80.0) << multiple << " times 48 kHz";
  }
}

INSTANTIATE_TEST_SUITE_P(Files, RealCaptureAtOtherRates,
                         ::testing::Values(RealCapture{"neural-audio/BossWN-standard.nam", "BossWN-standard"},
                                           RealCapture{"neural-audio/BossWN-a2.nam", "BossWN-a2"},
                                           RealCapture{"neural-audio/BossLSTM-1x16.nam", "BossLSTM-1x16"},
                                           RealCapture{"nam-core/wavenet_a1_standard.nam",
                                                       "wavenet_a1_standard"},
                                           RealCapture{"nam-core/A2.nam", "A2"}));

}  // namespace
}  // namespace gainstage::neural
