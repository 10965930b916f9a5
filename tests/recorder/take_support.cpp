#include "recorder/take_support.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "formats/audio_file.h"

namespace gainstage::recorder::testing {

float sampleOf(int stream, int channel, FrameTime frame) {
  auto bits = static_cast<std::uint64_t>(frame) * 0x9E3779B97F4A7C15u +
              static_cast<std::uint64_t>(stream * 64 + channel + 1) * 0xD1B54A32D192ED03u;
  bits = (bits ^ (bits >> 29)) * 0xBF58476D1CE4E5B9u;
  const auto value = static_cast<std::int32_t>(bits >> 40) - (1 << 23);  // 24 bits
  return static_cast<float>(value == 0 ? 1 : value) / 8388608.0f;
}

TakeDescription threeStreams(const std::filesystem::path& parent) {
  return {.parent = parent,
          .streams = {{StreamRole::dry, "s1", "Guitar", 1, 0},
                      {StreamRole::wet, "s1", "Guitar", 2, 0},
                      {StreamRole::output, "o1", "Phones", 2, 0}},
          .session = "{}\n"};
}

AudioThread::AudioThread(Recorder& recorder, const TakeDescription& take, FrameTime firstFrame)
    : recorder_(recorder), frame_(firstFrame) {
  for (const StreamDescription& stream : take.streams) {
    channels_.push_back(stream.channels);
    latencies_.push_back(stream.latencyFrames);
  }
}

void AudioThread::run(FrameTime frames) {
  for (const FrameTime end = frame_ + frames; frame_ < end;)
    callback(static_cast<FrameCount>(std::min<FrameTime>(
        end - frame_, 1 + static_cast<FrameTime>(random_() % static_cast<unsigned>(largestBlock_)))));
}

void AudioThread::runWithRoom(FrameTime frames) {
  for (const FrameTime end = frame_ + frames; frame_ < end;) {
    const auto block = static_cast<FrameCount>(std::min<FrameTime>(largestBlock_, end - frame_));
    recorder_.waitForRoom(block);
    callback(block);
  }
}

void AudioThread::callback(FrameCount frames) {
  const RealtimeScope realtime;
  recorder_.beginBlock(frame_);
  // In two pieces, as where an event splits the callback.
  const FrameCount split = frames / 3;
  for (std::size_t s = 0; s < channels_.size(); ++s)
    for (const auto& [first, count] : {std::pair{0, split}, {split, frames - split}}) {
      if (count == 0 || channels_[s] == 0) continue;
      const AudioView audio = buffer_.view().channelRange(0, channels_[s]).frameRange(0, count);
      for (int c = 0; c < audio.channels(); ++c)
        for (FrameCount n = 0; n < count; ++n)
          audio.channel(c)[static_cast<std::size_t>(n)] =
              sampleOf(static_cast<int>(s), c, frame_ + first + n - latencies_[s]);
      recorder_.push(static_cast<int>(s), frame_ + first, audio, latencies_[s]);
    }
  recorder_.endBlock();
  frame_ += frames;
}

Signal samplesOf(const std::filesystem::path& folder, const StreamManifest& stream) {
  const auto data = formats::readAudioFile(folder / stream.file);
  EXPECT_TRUE(data) << data.error().message;
  if (!data) return {};
  EXPECT_EQ(data->audio.channels(), stream.channels);
  Signal samples;
  for (int c = 0; c < data->audio.channels(); ++c)
    samples.emplace_back(data->audio.channel(c).begin(), data->audio.channel(c).end());
  return samples;
}

void expectTakeIsRight(const std::filesystem::path& folder, const TakeManifest& manifest) {
  EXPECT_EQ(manifest.state, TakeState::complete);
  for (std::size_t s = 0; s < manifest.streams.size(); ++s) {
    const StreamManifest& stream = manifest.streams[s];
    SCOPED_TRACE(stream.file);
    EXPECT_EQ(stream.frames, manifest.frames);
    if (manifest.frames == 0) continue;  // nothing to read, which readers call an error
    const Signal samples = samplesOf(folder, stream);
    for (std::size_t c = 0; c < samples.size(); ++c) {
      ASSERT_EQ(std::ssize(samples[c]), manifest.frames);
      Mono expected(samples[c].size());
      for (std::size_t n = 0; n < expected.size(); ++n)
        expected[n] = sampleOf(static_cast<int>(s), static_cast<int>(c),
                               manifest.startFrame + static_cast<FrameTime>(n));
      for (const MissingRange& range : stream.missing)
        std::fill_n(expected.begin() + range.start, range.frames, 0.0f);
      const auto wrong = std::ranges::mismatch(samples[c], expected);
      EXPECT_EQ(wrong.in1, samples[c].end()) << "first wrong frame: " << wrong.in1 - samples[c].begin();
    }
  }
}

void expectTakeIsRight(const FinishedTake& take) { expectTakeIsRight(take.folder, take.manifest); }

std::string missingOf(const StreamManifest& stream) {
  std::string text;
  for (const MissingRange& range : stream.missing)
    text += (text.empty() ? "" : ", ") + std::to_string(range.start) + '+' + std::to_string(range.frames) +
            ' ' + std::string(nameOf(range.reason));
  return text;
}

}  // namespace gainstage::recorder::testing
