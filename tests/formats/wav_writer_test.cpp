#include "formats/wav_writer.h"

#include <cmath>
#include <cstring>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <sndfile.h>

#include "formats/audio_file.h"
#include "support/audio.h"
#include "support/files.h"
#include "support/tiny_disk.h"

namespace gainstage::formats {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace fs = std::filesystem;

AudioBuffer noiseBuffer(int channels, FrameCount frames, unsigned seed = 1) {
  AudioBuffer audio(channels, frames);
  for (int c = 0; c < channels; ++c)
    std::ranges::copy(testing::noise(frames, 0.9f, seed + static_cast<unsigned>(c)),
                      audio.channel(c).begin());
  return audio;
}

void expectEqual(const AudioBuffer& a, const AudioBuffer& b) {
  ASSERT_EQ(a.channels(), b.channels());
  ASSERT_EQ(a.frames(), b.frames());
  for (int c = 0; c < a.channels(); ++c) EXPECT_TRUE(std::ranges::equal(a.channel(c), b.channel(c))) << c;
}

/// Stored samples of a 24-bit file, as whole numbers.
std::vector<int> stored24Bit(const fs::path& path) {
  SF_INFO info{};
  SNDFILE* const file = sf_open(path.c_str(), SFM_READ, &info);
  EXPECT_NE(file, nullptr) << sf_strerror(nullptr);
  std::vector<int> samples(static_cast<std::size_t>(info.frames * info.channels));
  sf_readf_int(file, samples.data(), info.frames);
  sf_close(file);
  for (int& sample : samples) sample >>= 8;
  return samples;
}

class WavFile : public ::testing::Test {
 protected:
  fs::path write(std::string_view name, const WavFormat& format, const AudioBuffer& audio,
                 const WavOptions& options = {}) {
    auto writer = WavWriter::createAtomically(folder_ / name, format, options);
    EXPECT_TRUE(writer && writer->write(audio.view()) && writer->close());
    return folder_ / name;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(WavFile, KeepsFloatsToTheBit) {
  for (const int channels : {1, 2, 3, 64}) {
    SCOPED_TRACE(channels);
    const AudioBuffer audio = noiseBuffer(channels, 40001);
    const auto back = readAudioFile(write("a.wav", {.sampleRate = 44100.0, .channels = channels}, audio));
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->sampleRate, 44100.0);
    expectEqual(back->audio, audio);
  }
}

TEST_F(WavFile, KeepsWhatA24BitConverterGave) {
  AudioBuffer audio(1, 100000);
  std::mt19937 random(5);
  for (float& sample : audio.channel(0))
    sample = static_cast<float>(static_cast<int>(random() % 16777216u) - 8388608) / 8388608.0f;
  const auto back = readAudioFile(write("a.wav", {.sampleFormat = SampleFormat::pcm24}, audio));
  ASSERT_TRUE(back);
  expectEqual(back->audio, audio);
}

TEST_F(WavFile, Rounds24BitToTheNearestAndClipsWithoutWrapping) {
  const float step = 1.0f / 8388608.0f;
  const std::vector<std::pair<float, int>> cases{{0.0f, 0},
                                                 {0.4f * step, 0},
                                                 {0.6f * step, 1},
                                                 {-0.6f * step, -1},
                                                 {0.5f * step, 0},
                                                 {1.5f * step, 2},
                                                 {1.0f, 8388607},
                                                 {1.5f, 8388607},
                                                 {-1.0f, -8388608},
                                                 {-1.5f, -8388608},
                                                 {1e30f, 8388607},
                                                 {-1e30f, -8388608},
                                                 {std::nanf(""), 0},
                                                 {0.5f, 4194304},
                                                 {std::numeric_limits<float>::infinity(), 8388607},
                                                 {-std::numeric_limits<float>::infinity(), -8388608}};
  std::vector<float> samples;
  for (const auto& [sample, stored] : cases) samples.push_back(sample);
  auto writer = WavWriter::createAtomically(folder_ / "a.wav", {.sampleFormat = SampleFormat::pcm24});
  ASSERT_TRUE(writer && writer->writeInterleaved(samples) && writer->close());
  const auto found = stored24Bit(folder_ / "a.wav");
  ASSERT_EQ(found.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) EXPECT_EQ(found[i], cases[i].second) << cases[i].first;
  EXPECT_EQ(writer->clippedSamples(), 7) << "1.0 itself is one step beyond the largest number";
}

TEST_F(WavFile, StatesItsLevelIn24Bits) {
  AudioBuffer audio(1, 48000);
  std::ranges::copy(testing::sine(997.0, 48000.0, 48000, 0.5f), audio.channel(0).begin());
  const auto back = readAudioFile(write("a.wav", {.sampleFormat = SampleFormat::pcm24}, audio));
  ASSERT_TRUE(back);
  EXPECT_NEAR(testing::decibels(testing::amplitudeAt(back->audio.channel(0), 997.0, 48000.0)), -6.0206,
              0.0001);
  EXPECT_LT(testing::decibels(testing::largestDifference(back->audio.channel(0), audio.channel(0))), -144.4)
      << "half a step of 24 bits is -144.5 dBFS";
}

TEST_F(WavFile, PadsAnOddNumberOfBytes) {
  for (const FrameCount frames : {1, 2, 3, 4801}) {
    const fs::path path = write("a.wav", {.sampleFormat = SampleFormat::pcm24}, noiseBuffer(1, frames));
    EXPECT_EQ(fs::file_size(path) % 2, 0u);
    EXPECT_EQ(stored24Bit(path).size(), static_cast<std::size_t>(frames));
  }
}

TEST_F(WavFile, IsValidAfterEachHeaderUpdate) {
  auto file = createFile(folder_ / "a.wav");
  ASSERT_TRUE(file);
  auto writer = WavWriter::create(std::move(*file), {.channels = 1, .sampleFormat = SampleFormat::pcm24});
  ASSERT_TRUE(writer);
  for (int i = 1; i <= 3; ++i) {
    ASSERT_TRUE(writer->write(noiseBuffer(1, 1001).view()));
    ASSERT_TRUE(writer->updateHeader());
    const auto soFar = readAudioFile(folder_ / "a.wav");
    ASSERT_TRUE(soFar) << soFar.error().message;
    EXPECT_EQ(soFar->audio.frames(), 1001 * i);
  }
}

TEST_F(WavFile, BecomesRf64WherePlainWavCannotStateItsSize) {
  const AudioBuffer audio = noiseBuffer(2, 5000);
  for (const auto sampleFormat : {SampleFormat::float32, SampleFormat::pcm24}) {
    const WavFormat format{.channels = 2, .sampleFormat = sampleFormat};
    const auto header = static_cast<std::int64_t>(wavHeader(format, 0).size());
    const std::int64_t riff = header - 8 + 5000 * format.frameBytes();
    const fs::path plain = write("plain.wav", format, audio, {.largestRiff = riff});
    EXPECT_THAT(testing::readFile(plain), StartsWith("RIFF"));
    const fs::path rf64 = write("rf64.wav", format, audio, {.largestRiff = riff - 1});
    EXPECT_THAT(testing::readFile(rf64), StartsWith("RF64\xff\xff\xff\xffWAVEds64"));
    EXPECT_EQ(testing::readFile(plain).substr(static_cast<std::size_t>(header)),
              testing::readFile(rf64).substr(static_cast<std::size_t>(header)));
    const auto a = readAudioFile(plain), b = readAudioFile(rf64);
    ASSERT_TRUE(a && b);
    expectEqual(a->audio, b->audio);
  }
}

TEST_F(WavFile, TurnsIntoRf64WhileItGrows) {
  auto file = createFile(folder_ / "a.wav");
  ASSERT_TRUE(file);
  auto writer = WavWriter::create(std::move(*file), {}, {.largestRiff = 10000});
  ASSERT_TRUE(writer);
  bool wasPlain = false, wasLong = false;
  for (int i = 1; i <= 10; ++i) {
    ASSERT_TRUE(writer->write(noiseBuffer(1, 500).view()) && writer->updateHeader());
    const bool isLong = testing::readFile(folder_ / "a.wav").starts_with("RF64");
    (isLong ? wasLong : wasPlain) = true;
    const auto soFar = readAudioFile(folder_ / "a.wav");
    ASSERT_TRUE(soFar) << soFar.error().message;
    EXPECT_EQ(soFar->audio.frames(), 500 * i);
  }
  EXPECT_TRUE(wasPlain && wasLong);
}

TEST_F(WavFile, HoldsMoreThanFourGibibytes) {
  auto writer = WavWriter::createAtomically(folder_ / "a.wav", {.channels = 2});
  ASSERT_TRUE(writer);
  const AudioBuffer first = noiseBuffer(2, 1000, 1), last = noiseBuffer(2, 1000, 7);
  constexpr std::int64_t silence = 600'000'000;  // 4.47 GiB; zeros take no room on most disks
  ASSERT_TRUE(writer->write(first.view()));
  if (!writer->writeSilence(silence)) GTEST_SKIP() << "no file of 4.5 GiB fits here";
  ASSERT_TRUE(writer->write(last.view()) && writer->close());
  auto reader = AudioFileReader::open(folder_ / "a.wav");
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(reader->frames(), silence + 2000);
  ASSERT_TRUE(reader->seek(silence + 1000));
  AudioBuffer back(2, 1000);
  ASSERT_EQ(*reader->read(back.view()), 1000);
  expectEqual(back, last);
  if (testing::hasProgram("ffprobe")) {
    EXPECT_EQ(testing::outputOf("ffprobe -v error -show_entries stream=duration_ts -of csv=p=0 '" +
                                (folder_ / "a.wav").string() + "'"),
              std::to_string(silence + 2000));
  }
}

TEST_F(WavFile, IsReadAlikeByOtherPrograms) {
  if (!testing::hasProgram("soxi") || !testing::hasProgram("ffprobe"))
    GTEST_SKIP() << "sox or ffmpeg is missing";
  for (const auto sampleFormat : {SampleFormat::float32, SampleFormat::pcm24})
    for (const int channels : {1, 2, 6}) {
      const bool isFloat = sampleFormat == SampleFormat::float32;
      SCOPED_TRACE(std::to_string(channels) + (isFloat ? " float" : " 24 bit"));
      const AudioBuffer audio = noiseBuffer(channels, 4801);
      const std::string path =
          "'" +
          write("a.wav", {.sampleRate = 96000.0, .channels = channels, .sampleFormat = sampleFormat}, audio)
              .string() +
          "'";
      EXPECT_EQ(testing::outputOf("soxi -s " + path + " 2>&1"), "4801");
      EXPECT_EQ(testing::outputOf("soxi -r " + path + " 2>&1"), "96000");
      EXPECT_EQ(testing::outputOf("soxi -c " + path + " 2>&1"), std::to_string(channels));
      EXPECT_EQ(testing::outputOf("soxi -e " + path + " 2>&1"),
                isFloat ? "Floating Point PCM" : "Signed Integer PCM");
      EXPECT_EQ(testing::outputOf("ffprobe -v warning -show_entries "
                                  "stream=codec_name,sample_rate,channels,duration_ts -of csv=p=0 " +
                                  path + " 2>&1"),
                (isFloat ? "pcm_f32le" : "pcm_s24le") + (",96000," + std::to_string(channels)) + ",4801");
      // The samples too: sox and ffmpeg decode both to the same floats.
      for (const std::string& decode :
           {"sox " + path + " -t f32 -", "ffmpeg -v error -i " + path + " -f f32le -"}) {
        ASSERT_EQ(testing::outputOf(decode + " > '" + (folder_ / "raw").string() + "'"), "");
        const std::string raw = testing::readFile(folder_ / "raw");
        const auto own = readAudioFile(folder_ / "a.wav");
        ASSERT_EQ(raw.size(), 4u * 4801u * static_cast<unsigned>(channels));
        double difference = 0.0;
        for (std::size_t i = 0; i < raw.size() / 4; ++i) {
          float sample = 0.0f;
          std::memcpy(&sample, raw.data() + 4 * i, 4);
          const auto frame = i / static_cast<unsigned>(channels);
          difference = std::max(
              difference,
              std::abs(static_cast<double>(sample) -
                       own->audio.channel(static_cast<int>(i % static_cast<unsigned>(channels)))[frame]));
        }
        EXPECT_LT(difference, 1e-7) << decode;  // sox works in 32-bit integers
      }
    }
}

TEST_F(WavFile, AppearsOnlyWhenClosed) {
  testing::writeFile(folder_ / "a.wav", "what was there before");
  {
    auto writer = WavWriter::createAtomically(folder_ / "a.wav", {});
    ASSERT_TRUE(writer && writer->write(noiseBuffer(1, 1000).view()) && writer->updateHeader());
  }
  EXPECT_EQ(testing::readFile(folder_ / "a.wav"), "what was there before");
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
  write("a.wav", {}, noiseBuffer(1, 1000));
  EXPECT_EQ(readAudioFile(folder_ / "a.wav")->audio.frames(), 1000);
  EXPECT_EQ(testing::entriesIn(folder_.path()), 1);
  const auto nowhere = WavWriter::createAtomically(folder_ / "none" / "a.wav", {});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().kind, ErrorKind::file);
}

TEST_F(WavFile, HashesItsAudioBytesWithSilenceIncluded) {
  auto writer = WavWriter::createAtomically(folder_ / "a.wav", {}, {.hashed = true});
  ASSERT_TRUE(writer);
  ASSERT_TRUE(writer->write(noiseBuffer(1, 5000).view()) && writer->writeSilence(100000));
  ASSERT_TRUE(writer->write(noiseBuffer(1, 500).view()) && writer->close());
  const std::string bytes = testing::readFile(folder_ / "a.wav").substr(wavHeader({}, 0).size());
  ASSERT_EQ(bytes.size(), 4u * 105500u);
  Sha256 expected;
  expected.add(std::as_bytes(std::span(bytes)));
  EXPECT_EQ(writer->audioSha256(), expected.finish());
}

TEST_F(WavFile, KeepsWhatItWroteBeforeTheDiskWasFull) {
  const AudioBuffer audio = noiseBuffer(1, 100000);
  const bool mounted = testing::runOnTinyDisk(folder_.path(), 256, [&] {
    auto file = createFile(folder_ / "a.wav");
    ASSERT_TRUE(file);
    auto writer = WavWriter::create(std::move(*file), {});
    ASSERT_TRUE(writer);
    const auto written = writer->write(audio.view());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().kind, ErrorKind::file);
    EXPECT_THAT(written.error().message, HasSubstr("a.wav\" cannot be written, because the disk is full"));
    ASSERT_TRUE(writer->close());
    const auto back = readAudioFile(folder_ / "a.wav");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(back->audio.frames(), writer->frames());
    EXPECT_GT(back->audio.frames(), 40000);
    EXPECT_TRUE(std::ranges::equal(back->audio.channel(0),
                                   audio.channel(0).first(static_cast<std::size_t>(back->audio.frames()))));
  });
  if (!mounted) GTEST_SKIP() << "no file system can be mounted here";
}

}  // namespace
}  // namespace gainstage::formats
