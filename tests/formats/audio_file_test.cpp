#include "formats/audio_file.h"

#include <array>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <memory>
#include <sndfile.h>
#include <sys/resource.h>
#include <unistd.h>

#include "support/audio.h"
#include "support/files.h"

// libsndfile 1.2.0 forgets what libvorbis took for an Ogg file that turned out to be damaged.
extern "C" const char* __lsan_default_suppressions() { return "leak:libvorbis.so"; }

namespace gainstage::formats {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

constexpr int kFloatWav = SF_FORMAT_WAV | SF_FORMAT_FLOAT;

/// Writes interleaved samples by libsndfile.
fs::path writeSound(const fs::path& path, int format, int channels, int rate, const testing::Mono& samples) {
  SF_INFO info{};
  info.format = format;
  info.channels = channels;
  info.samplerate = rate;
  SNDFILE* const file = sf_open(path.c_str(), SFM_WRITE, &info);
  EXPECT_NE(file, nullptr) << sf_strerror(nullptr);
  sf_writef_float(file, samples.data(), std::ssize(samples) / channels);
  sf_close(file);
  return path;
}

std::string problemOf(const fs::path& path, const AudioFileLimits& limits = {}) {
  const auto data = readAudioFile(path, limits);
  if (data) return "accepted";
  EXPECT_EQ(data.error().kind, ErrorKind::file);
  EXPECT_THAT(data.error().message, AllOf(HasSubstr(path.filename().string()), Not(HasSubstr("\n"))));
  return data.error().message;
}

/// The file's bytes with some of them replaced.
std::string patched(std::string bytes, std::size_t at, std::string_view with) {
  return bytes.replace(at, with.size(), with);
}

class AudioFile : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
};

TEST_F(AudioFile, ReadsFloatsToTheBitInEveryContainer) {
  const testing::Mono samples = testing::noise(6000, 0.9f);
  for (const auto& [name, format] : {std::pair{"a.wav", kFloatWav},
                                     {"a.rf64", SF_FORMAT_RF64 | SF_FORMAT_FLOAT},
                                     {"a.aiff", SF_FORMAT_AIFF | SF_FORMAT_FLOAT},
                                     {"a.caf", SF_FORMAT_CAF | SF_FORMAT_FLOAT},
                                     {"a.w64", SF_FORMAT_W64 | SF_FORMAT_FLOAT}}) {
    SCOPED_TRACE(name);
    const auto data = readAudioFile(writeSound(folder_ / name, format, 3, 44100, samples));
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_EQ(data->sampleRate, 44100.0);
    ASSERT_EQ(data->audio.channels(), 3);
    ASSERT_EQ(data->audio.frames(), 2000);
    for (int c = 0; c < 3; ++c)
      for (int n = 0; n < 2000; ++n) ASSERT_EQ(data->audio.channel(c)[n], samples[n * 3 + c]);
  }
}

TEST_F(AudioFile, ReadsIntegersAsFractionsOfFullScale) {
  const testing::Mono samples{0.5f, -0.25f, -1.0f, 0.0f};
  for (const int format : {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_WAV | SF_FORMAT_PCM_24,
                           SF_FORMAT_AIFF | SF_FORMAT_PCM_24, SF_FORMAT_FLAC | SF_FORMAT_PCM_24}) {
    const auto data = readAudioFile(writeSound(folder_ / "a", format, 1, 48000, samples));
    ASSERT_TRUE(data) << data.error().message;
    for (int n = 0; n < 4; ++n) EXPECT_NEAR(data->audio.channel(0)[n], samples[n], 1.0 / 32768) << n;
  }
}

TEST_F(AudioFile, ReadsLongFilesWhole) {
  const testing::Mono samples = testing::noise(200001, 0.5f);
  const auto data = readAudioFile(writeSound(folder_ / "a.wav", kFloatWav, 1, 48000, samples));
  ASSERT_TRUE(data);
  EXPECT_EQ(testing::Mono(data->audio.channel(0).begin(), data->audio.channel(0).end()), samples);
}

TEST_F(AudioFile, SaysWhatIsWrongWithThePath) {
  EXPECT_THAT(problemOf(folder_ / "none.wav"), HasSubstr("does not exist"));
  EXPECT_THAT(problemOf(folder_.path()), HasSubstr("is a folder"));
  EXPECT_THAT(problemOf(testing::writeFile(folder_ / "empty.wav", "")), HasSubstr("is empty"));
  EXPECT_THAT(problemOf("/dev/null"), HasSubstr("is not a regular file"));
  if (::geteuid() == 0) return;  // root may read anything
  const fs::path secret = testing::writeFile(folder_ / "secret.wav", "RIFF");
  fs::permissions(secret, fs::perms::none);
  EXPECT_THAT(problemOf(secret), HasSubstr("is not accessible to this user"));
}

TEST_F(AudioFile, RefusesTextWhateverItsName) {
  for (const char* name : {"a.wav", "a.flac", "a.mp3", "a.gsm", "a.vox", "a.raw", "a.ogg", "a.au"})
    EXPECT_THAT(problemOf(testing::writeFile(folder_ / name, "These are words, not samples.\n")),
                HasSubstr("is not an audio file that can be read"))
        << name;
}

TEST_F(AudioFile, RefusesFilesThatWereCutOff) {
  const testing::Mono samples = testing::noise(4800, 0.5f);
  for (const auto& [name, format] : {std::pair{"f.wav", kFloatWav},
                                     {"i.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                                     {"x.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_24},
                                     {"a.wav", SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM},
                                     {"f.rf64", SF_FORMAT_RF64 | SF_FORMAT_FLOAT},
                                     {"f.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
                                     {"f.aifc", SF_FORMAT_AIFF | SF_FORMAT_FLOAT},
                                     {"f.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24}}) {
    SCOPED_TRACE(name);
    const fs::path path = writeSound(folder_ / name, format, 1, 48000, samples);
    EXPECT_EQ(problemOf(path), "accepted");
    const std::string whole = testing::readFile(path);
    testing::writeFile(path, whole.substr(0, whole.size() / 2));
    EXPECT_THAT(problemOf(path), HasSubstr("is cut off"));
  }
  const fs::path path = writeSound(folder_ / "c.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 48000, samples);
  testing::writeFile(path, testing::readFile(path).substr(0, 44 + 2 * 1200));
  EXPECT_THAT(problemOf(path), HasSubstr("it holds 1200 of the 4800 frames that its header promises"));
}

TEST_F(AudioFile, ReadsFilesThatWereWrittenToAPipe) {
  const fs::path path =
      writeSound(folder_ / "a.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 48000, testing::noise(480, 0.5f));
  const std::string whole = testing::readFile(path);
  for (const std::string_view size :
       {std::string_view("\xff\xff\xff\xff"), std::string_view("\0\xf0\xff\x7f", 4)}) {
    const auto data = readAudioFile(testing::writeFile(path, patched(whole, 40, size)));
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_EQ(data->audio.frames(), 480);
  }
}

TEST_F(AudioFile, RefusesAbsurdHeaders) {
  const fs::path path = folder_ / "a.wav";
  const std::string whole = testing::readFile(
      writeSound(path, SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1, 48000, testing::noise(480, 0.5f)));
  const auto with = [&](std::size_t at, std::string_view bytes) {
    return problemOf(testing::writeFile(path, patched(whole, at, bytes)));
  };
  EXPECT_THAT(with(22, std::string_view("\0\0", 2)), HasSubstr("has no channels"));
  EXPECT_THAT(with(22, "\xff\xff"), HasSubstr("has 65535 channels and at most 64"));
  EXPECT_THAT(with(24, std::string_view("\1\0\0\0", 4)), HasSubstr("has a sample rate of 1 Hz"));
  EXPECT_THAT(with(24, std::string_view("\0\0\0\0", 4)), HasSubstr("has a sample rate of 0 Hz"));
  EXPECT_THAT(with(24, "\xff\xff\xff\xff"), HasSubstr("has a sample rate of 4294967295 Hz"));
  EXPECT_THAT(problemOf(testing::writeFile(path, whole.substr(0, 44))), HasSubstr("is cut off"));
  EXPECT_THAT(
      problemOf(testing::writeFile(path, patched(whole, 40, std::string_view("\0\0\0\0", 4)).substr(0, 44))),
      HasSubstr("holds no audio"));
  EXPECT_NE(problemOf(testing::writeFile(path, whole.substr(0, 30))), "accepted");
  EXPECT_NE(problemOf(testing::writeFile(path, "RIFF")), "accepted");
}

TEST_F(AudioFile, RefusesTooManyChannelsAndRatesBeyondTheLimitsInAnyContainer) {
  const fs::path aiff =
      writeSound(folder_ / "a.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1, 4000, testing::noise(480, 0.5f));
  EXPECT_THAT(problemOf(aiff), HasSubstr("has a sample rate of 4000 Hz"));
  const fs::path flac =
      writeSound(folder_ / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, 4000, testing::noise(480, 0.5f));
  EXPECT_THAT(problemOf(flac), HasSubstr("has a sample rate of 4000 Hz"));
  const fs::path wide = writeSound(folder_ / "w.wav", kFloatWav, 65, 48000, testing::noise(650, 0.5f));
  EXPECT_THAT(problemOf(wide), HasSubstr("has 65 channels and at most 64"));
  EXPECT_THAT(problemOf(wide, {.channels = 2}), HasSubstr("at most 2"));
  for (const int rate : {8000, 384000})
    EXPECT_EQ(problemOf(writeSound(folder_ / "r.wav", kFloatWav, 64, rate, testing::noise(640, 0.5f))),
              "accepted");
}

TEST_F(AudioFile, RefusesOrSilencesWhatIsNotFinite) {
  testing::Mono samples = testing::noise(4000, 0.5f);
  samples[2 * 1500 + 1] = std::numeric_limits<float>::quiet_NaN();
  samples[2 * 1600] = -std::numeric_limits<float>::infinity();
  const fs::path path = writeSound(folder_ / "a.wav", kFloatWav, 2, 48000, samples);
  EXPECT_THAT(problemOf(path), HasSubstr("not a number or infinite, at frame 1500 of channel 2"));
  const auto data = readAudioFile(path, {.nonFinite = NonFinite::silence});
  ASSERT_TRUE(data);
  EXPECT_EQ(data->silencedSamples, 2);
  EXPECT_EQ(data->audio.channel(1)[1500], 0.0f);
  EXPECT_EQ(data->audio.channel(0)[1600], 0.0f);
  EXPECT_EQ(data->audio.channel(0)[1500], samples[3000]);
}

TEST_F(AudioFile, RefusesWhatMemoryShouldNotHoldAndBelievesNoPromise) {
  const fs::path path = writeSound(folder_ / "a.wav", kFloatWav, 1, 48000, testing::noise(48000, 0.5f));
  EXPECT_THAT(problemOf(path, {.bytes = 4 * 24000}), HasSubstr("is longer than the 0 s that can be held"));
  EXPECT_EQ(problemOf(path, {.bytes = 4 * 48000}), "accepted");
  // A FLAC of 480 frames that claims 2^28: 1 GiB must not be set aside for it.
  const fs::path flac =
      writeSound(folder_ / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, 48000, testing::noise(480, 0.5f));
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  EXPECT_THAT(problemOf(testing::writeFile(
                  flac, patched(testing::readFile(flac), 22, std::string_view("\x10\0\0\0", 4)))),
              HasSubstr("is cut off"));
  getrusage(RUSAGE_SELF, &after);
#ifndef GAINSTAGE_SANITIZED  // which needs memory of its own
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 16 * 1024) << "KiB";
#endif
}

TEST_F(AudioFile, SurvivesRandomDamage) {
  std::mt19937 random(3);
  for (const auto& [name, format] : {std::pair{"a.wav", kFloatWav},
                                     {"a.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
                                     {"a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
                                     {"a.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS}}) {
    const fs::path path = writeSound(folder_ / name, format, 2, 48000, testing::noise(2000, 0.5f));
    const std::string whole = testing::readFile(path);
    for (int round = 0; round < 200; ++round) {
      std::string bytes = whole;
      for (int i = 0; i < 4; ++i)
        bytes[random() % std::min<std::size_t>(bytes.size(), 256)] = static_cast<char>(random());
      if (const auto data = readAudioFile(testing::writeFile(path, bytes))) {
        for (int c = 0; c < data->audio.channels(); ++c)
          EXPECT_TRUE(testing::allFinite(data->audio.channel(c)));
      } else {
        EXPECT_THAT(data.error().message, HasSubstr(name));
      }
    }
  }
}

TEST_F(AudioFile, StreamsInAnyBlocksAndFromAnyFrame) {
  const testing::Mono samples = testing::noise(20000, 0.5f);
  for (const auto& [name, format] :
       {std::pair{"a.wav", kFloatWav}, {"a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24}}) {
    SCOPED_TRACE(name);
    const fs::path path = writeSound(folder_ / name, format, 2, 48000, samples);
    const auto whole = readAudioFile(path);
    ASSERT_TRUE(whole);
    auto reader = AudioFileReader::open(path);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ(reader->channels(), 2);
    EXPECT_EQ(reader->frames(), 10000);
    for (const std::int64_t start : {0, 4321, 9999, 10000, 17}) {
      ASSERT_TRUE(reader->seek(start));
      std::int64_t at = start;
      for (const FrameCount block : {1, 63, 5000, 7, 9000}) {
        AudioBuffer out(2, block);
        const auto got = reader->read(out.view());
        ASSERT_TRUE(got) << got.error().message;
        ASSERT_EQ(*got, std::min<std::int64_t>(block, 10000 - at));
        for (int c = 0; c < 2; ++c)
          for (FrameCount n = 0; n < *got; ++n)
            ASSERT_EQ(out.channel(c)[n], whole->audio.channel(c)[static_cast<std::size_t>(at) + n]);
        at += *got;
      }
    }
    EXPECT_FALSE(reader->seek(10001));
    EXPECT_FALSE(reader->seek(-1));
  }
}

}  // namespace
}  // namespace gainstage::formats
