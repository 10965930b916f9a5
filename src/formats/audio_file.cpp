#include "formats/audio_file.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <sndfile.h>

#include "formats/chunks.h"
#include "formats/file_error.h"

namespace gainstage::formats {
namespace {

constexpr FrameCount kBlock = 4096;  // frames read at once

constexpr std::string_view kNotAudio =
    "is not an audio file that can be read: choose a WAV, AIFF, FLAC, Ogg or MP3 file";

Error cutOff(const std::filesystem::path& path, std::int64_t there, std::int64_t promised,
             std::string_view unit) {
  return fileError(path, fmt::format("is cut off: it holds {} of the {} {} that its header promises; copy or "
                                     "export it again",
                                     there, promised, unit));
}

Result<void> checkShape(const std::filesystem::path& path, int channels, double sampleRate,
                        int mostChannels) {
  if (channels < 1) return fileError(path, "has no channels, by its header: export it again");
  if (channels > mostChannels)
    return fileError(path, fmt::format("has {} channels and at most {} can be used: export fewer", channels,
                                       mostChannels));
  if (!(sampleRate >= kLowestSampleRate && sampleRate <= kHighestSampleRate))
    return fileError(path, fmt::format("has a sample rate of {} Hz, outside {} to {} Hz: convert it",
                                       sampleRate, kLowestSampleRate, kHighestSampleRate));
  return {};
}

struct Close {
  void operator()(SNDFILE* file) const noexcept { sf_close(file); }
};

}  // namespace

struct AudioFileReader::State {
  std::filesystem::path path;
  ReadableFile file;
  std::unique_ptr<SNDFILE, Close> sound;
  SF_INFO info{};
  NonFinite nonFinite = NonFinite::refuse;
  std::int64_t at = 0;  // the next frame
  std::int64_t silenced = 0;
  std::vector<float> block;  // kBlock x channels, interleaved

  bool lengthKnown() const { return info.frames < std::numeric_limits<sf_count_t>::max(); }
};

AudioFileReader::AudioFileReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioFileReader::AudioFileReader(AudioFileReader&&) noexcept = default;
AudioFileReader& AudioFileReader::operator=(AudioFileReader&&) noexcept = default;
AudioFileReader::~AudioFileReader() = default;

int AudioFileReader::channels() const noexcept { return state_->info.channels; }
double AudioFileReader::sampleRate() const noexcept { return state_->info.samplerate; }
std::int64_t AudioFileReader::frames() const noexcept {
  return state_->lengthKnown() ? state_->info.frames : -1;
}
std::int64_t AudioFileReader::silencedSamples() const noexcept { return state_->silenced; }

Result<AudioFileReader> AudioFileReader::open(const std::filesystem::path& path,
                                              const AudioFileLimits& limits) {
  auto file = openForReading(path);
  if (!file) return file.error();
  if (const auto facts = readChunkFacts(*file)) {
    if (auto shape = checkShape(path, facts->channels, facts->sampleRate, limits.channels); !shape)
      return shape.error();
    if (facts->cutOff()) {
      const int unit = std::max(1, facts->frameBytes);
      return cutOff(path, facts->presentBytes / unit, facts->promisedBytes / unit,
                    facts->frameBytes > 0 ? "frames" : "bytes");
    }
  }

  auto state = std::make_unique<State>();
  state->path = path;
  state->file = std::move(*file);
  state->nonFinite = limits.nonFinite;
  // By its descriptor, so that the content decides what it is: by name, any text called x.gsm would play.
  state->sound.reset(sf_open_fd(state->file.descriptor.get(), SFM_READ, &state->info, SF_FALSE));
  const SF_INFO& info = state->info;
  if (!state->sound) {
    if (sf_error(nullptr) == SF_ERR_UNRECOGNISED_FORMAT) return fileError(path, kNotAudio);
    return fileError(path,
                     fmt::format("cannot be read as audio ({}): export it again", sf_strerror(nullptr)));
  }
  if (auto shape = checkShape(path, info.channels, info.samplerate, limits.channels); !shape)
    return shape.error();
  if (info.frames < 1) return fileError(path, "holds no audio, by its header: record or export it again");
  state->block.resize(static_cast<std::size_t>(kBlock) * static_cast<std::size_t>(info.channels));

  if ((info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC && state->lengthKnown()) {
    const bool ends = sf_seek(state->sound.get(), info.frames - 1, SF_SEEK_SET) == info.frames - 1 &&
                      sf_readf_float(state->sound.get(), state->block.data(), 1) == 1;
    if (!ends)
      return fileError(path, fmt::format("is cut off or damaged: the last of its {} frames cannot be read; "
                                         "copy or export it again",
                                         info.frames));
    sf_seek(state->sound.get(), 0, SF_SEEK_SET);
  }
  return AudioFileReader(std::move(state));
}

Result<void> AudioFileReader::seek(std::int64_t frame) {
  if (frame < 0 || (state_->lengthKnown() && frame > state_->info.frames) ||
      sf_seek(state_->sound.get(), frame, SF_SEEK_SET) != frame)
    return fileError(state_->path, fmt::format("cannot be played from frame {} on", frame));
  state_->at = frame;
  return {};
}

Result<FrameCount> AudioFileReader::read(AudioView to) {
  State& state = *state_;
  const int channels = state.info.channels;
  FrameCount done = 0;
  while (done < to.frames()) {
    const FrameCount wanted = std::min(kBlock, to.frames() - done);
    const auto got = static_cast<FrameCount>(sf_readf_float(state.sound.get(), state.block.data(), wanted));
    for (FrameCount n = 0; n < got; ++n)
      for (int c = 0; c < channels; ++c) {
        float& sample = state.block[static_cast<std::size_t>(n * channels + c)];
        if (std::isfinite(sample)) [[likely]]
          continue;
        if (state.nonFinite == NonFinite::refuse)
          return fileError(state.path,
                           fmt::format("has a sample that is not a number or infinite, at frame {} "
                                       "of channel {}: export it again",
                                       state.at + n, c + 1));
        sample = 0.0f;
        ++state.silenced;
      }
    for (int c = 0; c < std::min(channels, to.channels()); ++c)
      for (FrameCount n = 0; n < got; ++n)
        to.channel(c)[static_cast<std::size_t>(done + n)] =
            state.block[static_cast<std::size_t>(n * channels + c)];
    done += got;
    state.at += got;
    if (got == wanted) continue;
    if (const int problem = sf_error(state.sound.get()); problem != SF_ERR_NO_ERROR)
      return fileError(state.path, fmt::format("cannot be read beyond frame {} ({}): copy or export it again",
                                               state.at, sf_error_number(problem)));
    if (state.lengthKnown() && state.at < state.info.frames)
      return cutOff(state.path, state.at, state.info.frames, "frames");
    break;
  }
  return done;
}

Result<AudioData> readAudioFile(const std::filesystem::path& path, const AudioFileLimits& limits) {
  auto reader = AudioFileReader::open(path, limits);
  if (!reader) return reader.error();
  const int channels = reader->channels();
  const std::int64_t mostFrames =
      std::min<std::int64_t>(limits.bytes / (channels * static_cast<std::int64_t>(sizeof(float))),
                             std::numeric_limits<FrameCount>::max());
  const auto tooLong = [&] {
    return fileError(path,
                     fmt::format("is longer than the {:.0f} s that can be held in memory: cut it shorter",
                                 static_cast<double>(mostFrames) / reader->sampleRate()));
  };
  if (reader->frames() > mostFrames) return tooLong();

  std::vector<AudioBuffer> blocks;  // a header's promise is believed block by block
  std::int64_t frames = 0;
  for (FrameCount size = 1 << 14;; size = std::min(size * 2, 1 << 20)) {
    AudioBuffer block(channels, size);
    auto got = reader->read(block.view());
    if (!got) return got.error();
    frames += *got;
    if (frames > mostFrames) return tooLong();
    blocks.push_back(std::move(block));
    if (*got < size) break;
  }
  if (frames == 0) return fileError(path, "holds no audio, by its header: record or export it again");

  AudioData data{AudioBuffer(channels, static_cast<FrameCount>(frames)), reader->sampleRate(),
                 reader->silencedSamples()};
  FrameCount at = 0;
  for (AudioBuffer& block : blocks) {
    const FrameCount count = std::min(block.frames(), data.audio.frames() - at);
    copy(block.view(count), data.audio.view().frameRange(at, count));
    at += count;
    block = AudioBuffer();
  }
  return data;
}

}  // namespace gainstage::formats
