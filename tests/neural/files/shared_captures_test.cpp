#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "neural/files/captures.h"
#include "neural/files/plain.h"
#include "neural/outline.h"

/// Every capture of ../shared/data as it is read: its facts, and its sound against the reference player's.
namespace gainstage::neural {
namespace {

/// As counted in the files by another program.
struct Expected {
  const char* file;
  const char* format;
  const char* architecture;
  std::size_t weights;
  std::vector<double> sizeSteps;
  std::optional<double> sampleRate, loudnessDb, inputLevelDbu, outputLevelDbu;
  const char* reference;
  int silence;  ///< frames until the reference player was settled
  double errorDb;
};

// What rounding to floats makes of the reference, measured here in its worst case: -109 and -90 dB. A single
// weight in the wrong place gives -20 dB and more.
constexpr double kConvolution = -106.0;
constexpr double kRecurrent = -88.0;

void PrintTo(const Expected& expected, std::ostream* out) { *out << expected.file; }

constexpr auto kNone = std::nullopt;

// clang-format off
std::vector<Expected> expectations() {
  return {
    {"nam-core/wavenet_a1_standard.nam", "NAM 0.5.0", "WaveNet", 13802, {},
     kNone, kNone, kNone, kNone, "wavenet_a1_standard", 8200, kConvolution},
    {"nam-core/wavenet.nam", "NAM 0.5.4", "WaveNet", 131, {},
     48000.0, -20.020729064941406, 18.3, 12.3, "wavenet", 100, kConvolution},
    {"nam-core/wavenet_a2_max.nam", "NAM 0.6.0", "WaveNet", 1870, {},
     48000.0, -20.0, kNone, kNone, "wavenet_a2_max", 200, kConvolution},
    {"nam-core/wavenet_condition_dsp.nam", "NAM 0.6.0", "WaveNet", 284, {},
     48000.0, -20.0, kNone, kNone, "wavenet_condition_dsp", 200, kConvolution},
    {"nam-core/slimmable_wavenet.nam", "NAM 0.7.0", "WaveNet", 457, {1.0 / 3.0, 2.0 / 3.0},
     48000.0, kNone, kNone, kNone, "slimmable_wavenet", 4200, kConvolution},
    {"nam-core/slimmable_container.nam", "NAM 0.7.0", "SlimmableContainer", 1043, {0.33, 0.66},
     48000.0, -25.50621795654297, 8.25, 4.0, "slimmable_container", 8200, kConvolution},
    {"nam-core/A2.nam", "NAM 0.7.0", "SlimmableContainer", 14017, {0.5},
     48000.0, -26.383899688720703, 14.76, kNone, "A2", 8200, kConvolution},
    {"nam-core/lstm.nam", "NAM 0.5.4", "LSTM", 70, {},
     48000.0, -37.8406867980957, 18.3, 12.3, "lstm", 24000, kRecurrent},
    {"neural-audio/BossWN-standard.nam", "NAM 0.5.4", "WaveNet", 13802, {},
     48000.0, -8.640249252319336, kNone, kNone, "BossWN-standard", 8200, kConvolution},
    {"neural-audio/BossWN-feather.nam", "NAM 0.5.1", "WaveNet", 3026, {},
     kNone, -11.955801010131836, kNone, kNone, "BossWN-feather", 8200, kConvolution},
    {"neural-audio/BossWN-nano.nam", "NAM 0.5.1", "WaveNet", 842, {},
     kNone, -11.725313186645508, kNone, kNone, "BossWN-nano", 8200, kConvolution},
    {"neural-audio/BossWN-a2.nam", "NAM 0.7.0", "SlimmableContainer", 14017, {0.5},
     48000.0, -12.049386978149414, kNone, kNone, "BossWN-a2", 8200, kConvolution},
    {"neural-audio/BossLSTM-1x16.nam", "NAM 0.5.1", "LSTM", 1201, {},
     kNone, -11.380825996398926, kNone, kNone, "BossLSTM-1x16", 24000, kRecurrent},
    {"neural-audio/BossLSTM-2x8.nam", "NAM 0.5.1", "LSTM", 905, {},
     kNone, -11.83329963684082, kNone, kNone, "BossLSTM-2x8", 24000, kRecurrent},
    {"keras/tw40_blues_deluxe_deerinkstudios.json", "keras", "LSTM, dense", 685, {},
     48000.0, kNone, kNone, kNone, "tw40_blues_deluxe", 48000, kRecurrent},
  };
}
// clang-format on

class SharedCapture : public ::testing::TestWithParam<Expected> {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(captureFolder())) GTEST_SKIP() << "no " << captureFolder();
  }
};

TEST_P(SharedCapture, IsReadWithItsFacts) {
  const Expected& expected = GetParam();
  const auto read = readCaptureFile(captureFolder() / expected.file);
  ASSERT_TRUE(read) << read.error().message;
  const CaptureFile& file = **read;
  EXPECT_EQ(file.metadata.format, expected.format);
  EXPECT_EQ(file.metadata.architecture, expected.architecture);
  EXPECT_EQ(parametersOf(file.network), expected.weights);
  EXPECT_EQ(file.sizeSteps, expected.sizeSteps);
  EXPECT_EQ(file.metadata.sampleRate, expected.sampleRate);
  EXPECT_EQ(file.sampleRate(), 48000.0);
  EXPECT_EQ(file.metadata.loudnessDb, expected.loudnessDb);
  EXPECT_EQ(file.metadata.inputLevelDbu, expected.inputLevelDbu);
  EXPECT_EQ(file.metadata.outputLevelDbu, expected.outputLevelDbu);
  const int missing =
      !expected.sampleRate + !expected.loudnessDb + !expected.inputLevelDbu + !expected.outputLevelDbu;
  EXPECT_EQ(std::ssize(file.metadata.remarks), missing) << ::testing::PrintToString(file.metadata.remarks);
}

TEST_P(SharedCapture, SoundsAsInTheReferencePlayer) {
#ifdef GAINSTAGE_SANITIZED
  GTEST_SKIP() << "minutes under a sanitizer";
#endif
  const Expected& expected = GetParam();
  const auto read = readCaptureFile(captureFolder() / expected.file);
  ASSERT_TRUE(read) << read.error().message;
  auto input = referenceAudio("probe48.wav");
  input.resize(20000);
  const auto output = plain::playSettled((*read)->network, input, expected.silence);
  const double error = errorDb(output, referenceAudio(std::string(expected.reference) + ".probe.wav"));
  EXPECT_LT(error, expected.errorDb) << "dB";
}

std::string nameOf(const ::testing::TestParamInfo<Expected>& expected) {
  std::string name = expected.param.reference;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, SharedCapture, ::testing::ValuesIn(expectations()), nameOf);

}  // namespace
}  // namespace gainstage::neural
