#include <cstdio>
#include <fstream>

#include "formats/text_file.h"
#include "headphones/cookbook.h"
#include "headphones/correction_render.h"
#include "support/files.h"
#include "support/shared_data.h"

namespace gainstage::headphones {
namespace {

constexpr std::array kRates{44100.0, 48000.0, 88200.0, 96000.0, 192000.0};

/// What the lines of a preset say, read with scanf and worked out with the cookbook's own formulae.
double saidBy(const std::string& text, double frequencyHz, double fileRate = 44100.0) {
  double sum = 0.0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    char type[8] = {};
    double fc = 0.0, gain = 0.0, q = 0.0;
    if (std::sscanf(line.c_str(), "Preamp: %lf", &gain) == 1) sum += gain;
    if (std::sscanf(line.c_str(), "Filter %*d: ON %7s Fc %lf Hz Gain %lf dB Q %lf", type, &fc, &gain, &q) ==
            4 ||
        std::sscanf(line.c_str(), "Filter %*d: ON %7s Fc %lf Hz Q %lf", type, &fc, &q) == 3)
      sum += cookbook(type, fc, gain, q, fileRate).decibelsAt(frequencyHz, fileRate);
  }
  return sum;
}

/// Every type, wide and narrow, up to where the bilinear transform squeezes most.
const std::vector<std::string> kPresets{
    "Preamp: -6.1 dB\nFilter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\nFilter 2: ON PK Fc 62 Hz Gain -3.1 dB Q "
    "0.55\n"
    "Filter 3: ON PK Fc 2210 Hz Gain -4.2 dB Q 1.9\nFilter 4: ON PK Fc 5120 Hz Gain 6.9 dB Q 3.3\n"
    "Filter 5: ON PK Fc 8350 Hz Gain -7.7 dB Q 2.2\nFilter 6: ON HSC Fc 10000 Hz Gain -5.5 dB Q 0.70\n",
    "Preamp: -14 dB\nFilter 1: ON PK Fc 19500 Hz Gain 12 dB Q 0.5\nFilter 2: ON HSC Fc 16000 Hz Gain 6 dB Q "
    "0.9\n",
    "Preamp: -13 dB\nFilter 1: ON PK Fc 16000 Hz Gain 12 dB Q 1.41\nFilter 2: ON PK Fc 8000 Hz Gain -12 dB Q "
    "1.41\n",
    "Preamp: 0 dB\nFilter 1: ON LSC Fc 30 Hz Gain 12 dB Q 1\nFilter 2: ON LSC Fc 9000 Hz Gain -12 dB Q 0.5\n",
    "Preamp: -3 dB\nFilter 1: ON LPQ Fc 15000 Hz Q 0.707\nFilter 2: ON HPQ Fc 30 Hz Q 0.9\n",
    "Preamp: 0 dB\nFilter 1: ON BP Fc 6000 Hz Q 0.3\n",
    "Preamp: 0 dB\nFilter 1: ON PK Fc 17000 Hz Gain -15 dB Q 6\nFilter 2: ON NO Fc 11000 Hz Q 3\n",
    "Preamp: 0 dB\nFilter 1: ON AP Fc 9000 Hz Q 2\nFilter 2: ON PK Fc 1000 Hz Gain 0 dB Q 1\n",
    "Preamp: -4.5 dB\n"};

TEST(CorrectionResponse, IsThatOfTheCookbooksFiltersAt44100HzWhateverTheStreamsRate) {
  for (const std::string& text : kPresets)
    for (const double rate : kRates) {
      // -40 dB and less, a notch's bottom, are not heard: the weight of their errors falls with them.
      const auto wanted = [&](double hertz) { return saidBy(text, hertz); };
      const Deviation found =
          deviation(presetOf(text), rate, wanted, text.find("NO") == std::string::npos ? 18e3 : 9e3);
      EXPECT_LT(found.worstDb, 0.02) << rate << " Hz, at " << found.atHz << " Hz\n" << text;
    }
}

TEST(CorrectionResponse, IsMadeAtTheRateThatTheFileSays) {
  const std::string filters = "Preamp: -6 dB\nFilter 1: ON PK Fc 15000 Hz Gain 9 dB Q 1\n";
  const auto wanted = [&](double hertz) { return saidBy(filters, hertz, 96000.0); };
  for (const double rate : kRates)
    EXPECT_LT(deviation(presetOf("# Sample rate: 96 kHz\n" + filters), rate, wanted).worstDb, 0.01) << rate;
  EXPECT_GT(deviation(presetOf(filters), 48000.0, wanted).worstDb, 0.5)
      << "the test could not tell them apart";
}

TEST(CorrectionResponse, ReachesAsFarAsALowRateAllows) {
  const std::string text =
      "Preamp: -6 dB\nFilter 1: ON PK Fc 9000 Hz Gain 6 dB Q 1\nFilter 2: ON LSC Fc 200 Hz Gain -6 dB Q "
      "0.7\n";
  for (const double rate : {8000.0, 16000.0, 22050.0, 32000.0})
    EXPECT_LT(deviation(
                  presetOf(text), rate, [&](double hertz) { return saidBy(text, hertz); }, 0.45 * rate)
                  .worstDb,
              0.05)
        << rate;
}

TEST(CorrectionResponse, IsAsEverySharedPresetSays) {
  const auto files = testing::sharedFiles("headphones/presets", ".txt");
  if (files.empty()) GTEST_SKIP() << "headphones/presets of the shared data is absent";
  double worst = 0.0;
  for (const auto& file : files)
    for (const double rate : kRates) {
      const auto preset = loadPreset(file);
      ASSERT_TRUE(preset) << preset.error().message;
      EXPECT_FALSE(preset->preampComputed);
      const std::string text = testing::readFile(file);
      const Deviation found = deviation(*preset, rate, [&](double hertz) { return saidBy(text, hertz); });
      EXPECT_LT(found.worstDb, 0.05) << file << ", " << rate << " Hz, at " << found.atHz << " Hz";
      worst = std::max(worst, found.worstDb);
    }
  RecordProperty("worstDb", std::to_string(worst));
}

}  // namespace
}  // namespace gainstage::headphones
