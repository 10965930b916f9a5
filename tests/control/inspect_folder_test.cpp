#include "control/inspect_folder.h"

#include <gtest/gtest.h>
#include <sndfile.h>

#include "control/inspect.h"
#include "support/audio.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

void writeAudio(const std::filesystem::path& path, int rate, int channels, int frames, int format) {
  SF_INFO info{};
  info.samplerate = rate;
  info.channels = channels;
  info.format = format;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr);
  const auto samples = testing::noise(frames * channels);
  sf_writef_float(file, samples.data(), frames);
  sf_close(file);
}

class InspectFolder : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
};

TEST_F(InspectFolder, ListsResponsesAndCapturesByName) {
  writeAudio(folder_ / "b.wav", 48000, 1, 24000, SF_FORMAT_WAV | SF_FORMAT_PCM_24);
  writeAudio(folder_ / "a.FLAC", 44100, 2, 44100, SF_FORMAT_FLAC | SF_FORMAT_PCM_16);
  testing::writeFile(folder_ / "amp.nam", "{}");
  testing::writeFile(folder_ / "notes.txt", "neither");
  testing::writeFile(folder_ / ".hidden.wav", "nor this");
  std::filesystem::create_directory(folder_ / "more");
  const auto found = inspect(folder_.path());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found)["kind"], "folder");
  EXPECT_EQ((*found)["responses"].dump(),
            R"([{"name":"a.FLAC","seconds":1.0,"sampleRate":44100.0,"channels":2},)"
            R"({"name":"b.wav","seconds":0.5,"sampleRate":48000.0,"channels":1}])");
  EXPECT_EQ((*found)["captures"].dump(), R"([{"name":"amp.nam","bytes":2}])");
  EXPECT_EQ((*found)["folders"].dump(), R"(["more"])");
  EXPECT_TRUE((*found)["unusable"].empty());
  EXPECT_TRUE((*found)["problems"].empty());
}

TEST_F(InspectFolder, NamesAFileThatCannotBeUsedAndListsTheOthers) {
  writeAudio(folder_ / "good.wav", 48000, 1, 100, SF_FORMAT_WAV | SF_FORMAT_FLOAT);
  testing::writeFile(folder_ / "text.wav", "not audio at all");
  testing::writeFile(folder_ / "empty.aiff", "");
  const auto found = inspectFolder(folder_.path());
  ASSERT_TRUE(found.ok());
  EXPECT_EQ((*found)["responses"].size(), 1u);
  ASSERT_EQ((*found)["unusable"].size(), 2u);
  EXPECT_EQ((*found)["unusable"][0]["name"], "empty.aiff");
  EXPECT_EQ((*found)["unusable"][1]["name"], "text.wav");
  EXPECT_NE((*found)["unusable"][1]["why"].get<std::string>().find("text.wav"), std::string::npos);
}

TEST_F(InspectFolder, DoesNotReadWhatTheHeadersPromise) {
  // An hour of silence, nearly all of it a hole in the file: 1.4 GB, more than readAudioFile would take.
  const auto path = folder_ / "long.wav";
  SF_INFO info{};
  info.samplerate = 48000;
  info.channels = 2;
  info.format = SF_FORMAT_RF64 | SF_FORMAT_FLOAT;
  SNDFILE* file = sf_open(path.c_str(), SFM_WRITE, &info);
  ASSERT_NE(file, nullptr);
  const float last[2] = {0.0f, 0.0f};
  ASSERT_EQ(sf_seek(file, 48000 * 3600 - 1, SF_SEEK_SET), 48000 * 3600 - 1);
  sf_writef_float(file, last, 1);
  sf_close(file);
  const auto found = inspectFolder(folder_.path());
  ASSERT_TRUE(found.ok());
  ASSERT_EQ((*found)["responses"].size(), 1u) << found->dump();
  EXPECT_NEAR((*found)["responses"][0]["seconds"].get<double>(), 3600.0, 1e-9);
}

TEST_F(InspectFolder, OfAFolderThatIsNotThereSaysSo) {
  const auto found = inspectFolder(folder_ / "absent");
  ASSERT_FALSE(found.ok());
  EXPECT_NE(found.error().message.find("absent"), std::string::npos);
}

}  // namespace
}  // namespace gainstage::control
