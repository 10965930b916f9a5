#include "headphones/preset.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sndfile.h>

#include "headphones/cookbook.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::headphones {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::filesystem::path writeAudio(const std::filesystem::path& path, const testing::Signal& audio,
                                 int format) {
  SF_INFO info{
      .frames = 0, .samplerate = 48000, .channels = static_cast<int>(audio.size()), .format = format};
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  std::vector<float> interleaved;
  for (std::size_t n = 0; n < audio[0].size(); ++n)
    for (const testing::Mono& channel : audio) interleaved.push_back(channel[n]);
  sf_writef_float(file, interleaved.data(), static_cast<sf_count_t>(audio[0].size()));
  sf_close(file);
  return path;
}

Preset loaded(const std::filesystem::path& path) {
  auto preset = loadPreset(path);
  if (preset) return std::move(*preset);
  ADD_FAILURE() << preset.error().message;
  return {};
}

double gainAt(const Preset& preset, double hertz) { return gainsDb(preset, std::array{hertz})[0]; }

TEST(Preset, HasTheGainOfItsFiltersAndPreamp) {
  const testing::TemporaryFolder folder;
  const Preset preset = loaded(testing::writeFile(folder / "a.txt",
                                                  "Preamp: -4 dB\nFilter 1: ON PK Fc 3000 Hz Gain 6 dB Q "
                                                  "2\nFilter 2: ON LSC Fc 100 Hz Gain -3 dB Q 0.7\n"));
  EXPECT_EQ(preset.name, "a");
  EXPECT_FALSE(preset.preampComputed);
  for (const double hertz : {20.0, 100.0, 1000.0, 3000.0, 15000.0})
    EXPECT_NEAR(gainAt(preset, hertz),
                -4.0 + cookbook("PK", 3000.0, 6.0, 2.0, 44100.0).decibelsAt(hertz, 44100.0) +
                    cookbook("LSC", 100.0, -3.0, 0.7, 44100.0).decibelsAt(hertz, 44100.0),
                1e-9);
  EXPECT_NEAR(peakGainDb(preset), 2.0, 0.01);
}

TEST(Preset, GetsAPreampThatCannotClipWhereItsFileHasNone) {
  const testing::TemporaryFolder folder;
  // So narrow that a grid of frequencies would miss its top.
  const Preset boost =
      loaded(testing::writeFile(folder / "boost.txt", "Filter 1: ON PK Fc 1234.5 Hz Gain 8.03 dB Q 900\n"));
  EXPECT_TRUE(boost.preampComputed);
  EXPECT_NEAR(boost.preampDb, -8.1, 1e-9) << "rounded down to a tenth";
  EXPECT_LE(peakGainDb(boost), 0.0);
  EXPECT_THAT(
      boost.remarks,
      ElementsAre("The file has no \"Preamp:\" line: -8.1 dB is used, which takes its highest gain (+8.0 "
                  "dB) to 0 dB."));
  const Preset cut = loaded(testing::writeFile(folder / "cut.txt", "GraphicEQ: 20 -3; 20000 -1\n"));
  EXPECT_TRUE(cut.preampComputed);
  EXPECT_EQ(cut.preampDb, 0.0);
}

TEST(Preset, CanBeAnImpulseResponseOfAnyKindOfFile) {
  const testing::TemporaryFolder folder;
  testing::Mono halved = testing::impulse(4000, 0, 0.5f), doubled = testing::impulse(4000, 10, 2.0f);
  for (const int format :
       {SF_FORMAT_WAV | SF_FORMAT_FLOAT, SF_FORMAT_RF64 | SF_FORMAT_FLOAT, SF_FORMAT_AU | SF_FORMAT_FLOAT}) {
    const Preset mono = loaded(writeAudio(folder / "mono.ir", {halved}, format));
    ASSERT_TRUE(mono.response);
    EXPECT_EQ(mono.preampDb, 0.0);
    EXPECT_NEAR(gainAt(mono, 1000.0), -6.02, 0.01);
  }
  const Preset stereo =
      loaded(writeAudio(folder / "stereo.wav", {halved, doubled}, SF_FORMAT_WAV | SF_FORMAT_FLOAT));
  EXPECT_EQ(stereo.response->audio.channels(), 2);
  EXPECT_TRUE(stereo.preampComputed);
  // Mean power of 1/4 and 4.
  EXPECT_NEAR(gainAt(stereo, 1000.0) - stereo.preampDb, 10.0 * std::log10(2.125), 0.01);
  EXPECT_LE(peakGainDb(stereo), 0.0);
}

TEST(Preset, RefusesImpulseResponsesThatCannotBeOne) {
  const testing::TemporaryFolder folder;
  const auto complaint = [](const std::filesystem::path& path) {
    const auto preset = loadPreset(path);
    return preset ? std::string("was read") : preset.error().message;
  };
  const int wav = SF_FORMAT_WAV | SF_FORMAT_FLOAT;
  const testing::Mono some = testing::impulse(100);
  EXPECT_THAT(complaint(writeAudio(folder / "three.wav", {some, some, some}, wav)),
              HasSubstr("has 3 channels"));
  EXPECT_THAT(complaint(writeAudio(folder / "five.wav", {some, some, some, some, some}, wav)),
              HasSubstr("5"));
  EXPECT_THAT(complaint(writeAudio(folder / "silent.wav", {testing::silence(100)}, wav)),
              HasSubstr("is silent"));
  EXPECT_THAT(complaint(writeAudio(folder / "long.wav", {testing::impulse(48000 * 6)}, wav)),
              HasSubstr("lasts 6.0 s and a correction at most 5 s"));
  EXPECT_THAT(complaint(testing::writeFile(folder / "cut.wav", "RIFF\x10")), HasSubstr("cut.wav"));
  EXPECT_THAT(complaint(folder / "none.txt"), HasSubstr("does not exist"));
  EXPECT_THAT(complaint(folder.path()), HasSubstr("folder"));
}

/// ITU-R BS.1770-4's filters by its tables 1 and 2.
double kWeightDb(double hertz) {
  return Cookbook{1.53512485958697,  -2.69169618940638, 1.19839281085285, 1.0,
                  -1.69065929318241, 0.73248077421585}
             .decibelsAt(hertz, 48000.0) +
         Cookbook{1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621}.decibelsAt(hertz, 48000.0);
}

TEST(Preset, WeighsPinkNoiseAsBroadcastersDo) {
  const testing::TemporaryFolder folder;
  const Preset preset = loaded(
      testing::writeFile(folder / "a.txt", "Preamp: 0 dB\nFilter 1: ON HSC Fc 2000 Hz Gain 12 dB Q 0.7\n"));
  double before = 0.0, after = 0.0;
  for (double hertz = 20.0; hertz < 20000.0; hertz *= 1.01) {
    const double weight = std::pow(10.0, kWeightDb(hertz) / 10.0);
    before += weight;
    after += weight *
             std::pow(10.0, cookbook("HSC", 2000.0, 12.0, 0.7, 44100.0).decibelsAt(hertz, 44100.0) / 10.0);
  }
  EXPECT_NEAR(loudnessChangeDb(preset), 10.0 * std::log10(after / before), 0.02);
}

/// Pink noise that is only turned down is quieter by as much; one without what is above 200 Hz loses nearly
/// all that K-weighting hears.
TEST(Preset, KnowsByHowMuchItChangesLoudness) {
  const testing::TemporaryFolder folder;
  const auto change = [&](const std::string& text) {
    return loudnessChangeDb(loaded(testing::writeFile(folder / "a.txt", text)));
  };
  EXPECT_NEAR(change("Preamp: -7.5 dB\n"), -7.5, 1e-9);
  EXPECT_NEAR(change("Preamp: 0 dB\nFilter 1: ON PK Fc 30 Hz Gain 10 dB Q 1\n"), 0.0, 0.7) << "hardly heard";
  const double mids = change("Preamp: 0 dB\nFilter 1: ON PK Fc 1500 Hz Gain 10 dB Q 0.3\n");
  EXPECT_GT(mids, 5.0);
  EXPECT_LT(mids, 10.0);
}

}  // namespace
}  // namespace gainstage::headphones
