#include "dsp/meters/loudness.h"

#include <cmath>
#include <ebur128.h>
#include <gtest/gtest.h>
#include <limits>

#include "support/audio.h"
#include "support/recordings.h"

namespace gainstage::dsp {
namespace {

using testing::Signal;

std::optional<double> integrated(const Signal& audio, double rate, FrameCount block = 64) {
  Loudness loudness;
  loudness.prepare({rate, 1024}, static_cast<int>(audio.size()));
  Signal io = audio;
  testing::renderInPlace(io, testing::splits(static_cast<FrameCount>(audio[0].size()), block),
                         [&](AudioView view) { loudness.process(view); });
  return loudness.integratedLufs();
}

double ebur128(const Signal& audio, double rate) {
  std::vector<float> interleaved;
  for (std::size_t n = 0; n < audio[0].size(); ++n)
    for (const auto& channel : audio) interleaved.push_back(channel[n]);
  ebur128_state* state =
      ebur128_init(static_cast<unsigned>(audio.size()), static_cast<unsigned long>(rate), EBUR128_MODE_I);
  ebur128_add_frames_float(state, interleaved.data(), audio[0].size());
  double lufs = 0.0;
  ebur128_loudness_global(state, &lufs);
  ebur128_destroy(&state);
  return lufs;
}

TEST(Loudness, AFullScale997HzSineInOneChannelReadsMinus301Lufs) {  // BS.1770-4 Annex 1, below eq. 2
  for (const double rate : {32000.0, 44100.0, 48000.0, 96000.0, 192000.0}) {
    const auto lufs = integrated({testing::sine(997.0, rate, static_cast<FrameCount>(5 * rate))}, rate);
    ASSERT_TRUE(lufs) << rate;
    // The weighting's analog form, as the bilinear transform bends it, moves by 0.03 dB between these rates.
    EXPECT_NEAR(*lufs, -3.01, rate == 48000.0 ? 0.01 : 0.03) << rate;
  }
}

TEST(Loudness, AgreesWithLibebur128OnMadeSignals) {
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    const auto second = static_cast<FrameCount>(rate);
    Signal stereo{testing::noise(10 * second, 0.3f, 1), testing::noise(10 * second, 0.1f, 2)};
    EXPECT_NEAR(*integrated(stereo, rate), ebur128(stereo, rate), 0.02);

    // Loud, then 25 dB softer (below the relative gate), then silence (below the absolute gate).
    Signal gated{testing::sine(440.0, rate, 12 * second, 0.25f)};
    for (std::size_t n = 0; n < gated[0].size(); ++n) {
      if (n > gated[0].size() / 3) gated[0][n] *= 0.056f;
      if (n > gated[0].size() * 2 / 3) gated[0][n] = 0.0f;
    }
    EXPECT_NEAR(*integrated(gated, rate), ebur128(gated, rate), 0.1);
    const Signal ungated{testing::Mono(gated[0].begin(), gated[0].begin() + 4 * second - 1)};
    EXPECT_NEAR(*integrated(gated, rate), *integrated(ungated, rate), 0.3);
  }
}

TEST(Loudness, AgreesWithLibebur128OnRecordings) {
  const auto recordings = testing::recordings();
  if (recordings.empty()) GTEST_SKIP() << "no recordings in ../shared/data/audio";
  for (const auto& path : recordings) {
    const auto recording = testing::readRecording(path);
    const auto lufs = integrated(recording.audio, recording.sampleRate);
    ASSERT_TRUE(lufs) << path;
    EXPECT_NEAR(*lufs, ebur128(recording.audio, recording.sampleRate), 0.1) << path;
  }
}

TEST(Loudness, SilenceAndWhatIsTooShortHaveNone) {
  EXPECT_FALSE(integrated({testing::silence(96000)}, 48000.0));
  EXPECT_FALSE(integrated({testing::sine(997.0, 48000.0, 19100)}, 48000.0));
  EXPECT_FALSE(integrated({testing::sine(997.0, 48000.0, 96000, 1e-4f)}, 48000.0));
}

TEST(Loudness, IsTheSameHoweverTheStreamIsSplit) {
  const Signal audio{testing::noise(96000, 0.3f, 1), testing::noise(96000, 0.1f, 2)};
  const double reference = *integrated(audio, 48000.0, 1024);
  for (const FrameCount block : {1, 7, 64, 96})
    EXPECT_NEAR(*integrated(audio, 48000.0, block), reference, 1e-9);
}

TEST(Loudness, AnyThreadMayReadWhileTheAudioThreadWrites) {
  Loudness loudness;
  loudness.prepare({48000.0, 1024}, 1);
  const Signal audioIn{testing::noise(480000, 1.0f)};
  const double expected = ebur128(audioIn, 48000.0);
  std::atomic<bool> done{false};
  std::thread audio([&] {
    Signal io = audioIn;
    testing::renderInPlace(io, testing::splits(480000, 64), [&](AudioView view) { loudness.process(view); });
    done.store(true);
  });
  while (!done.load())
    if (const auto lufs = loudness.integratedLufs()) {
      EXPECT_NEAR(*lufs, expected, 0.3);  // as short as 400 ms of it
    }
  audio.join();
  EXPECT_NEAR(loudness.integratedLufs().value(), expected, 0.02);
  EXPECT_NEAR(loudness.momentaryLufs().value(), expected, 0.3);
}

TEST(Loudness, GoesOnAfterWhatIsNotANumber) {
  Signal audio{testing::sine(997.0, 48000.0, 480000)};
  audio[0][1000] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NEAR(*integrated(audio, 48000.0), -3.01, 0.05);
}

}  // namespace
}  // namespace gainstage::dsp
