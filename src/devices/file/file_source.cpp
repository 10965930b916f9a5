#include "devices/file/file_source.h"

#include <fmt/format.h>
#include <system_error>

#include "formats/file_error.h"

namespace gainstage::devices {
namespace {

constexpr FrameCount kChunkFrames = 1024;
constexpr double kAheadSeconds = 1.0;

}  // namespace

FileSource::FileSource(FileStream stream, const FileSourceOptions& options)
    : stream_(std::move(stream)),
      options_(options),
      gain_(Decibels{options.gainDb}.linear()),
      chunk_(stream_.channels(), kChunkFrames) {}

FileSource::~FileSource() { stopReadingAhead(); }

Result<std::unique_ptr<FileSource>> FileSource::open(const std::filesystem::path& path,
                                                     const FileSourceOptions& options) {
  auto stream = FileStream::open(path, options.loop);
  if (!stream) return stream.error();
  if (options.channel > stream->channels())
    return formats::fileError(
        path, fmt::format("has {} channel{} and no channel {}: choose one that it has", stream->channels(),
                          stream->channels() == 1 ? "" : "s", options.channel));
  return std::unique_ptr<FileSource>(new FileSource(*std::move(stream), options));
}

Result<void> FileSource::prepare(double sampleRate, bool waitsForNobody) {
  stopReadingAhead();
  if (sampleRate_ > 0.0) startSeconds_ += static_cast<double>(framesGiven_) / sampleRate_;
  sampleRate_ = sampleRate;
  framesGiven_ = owedFrames_ = 0;
  chunkFrames_ = chunkUsed_ = 0;
  ended_ = stopping_ = false;
  if (auto started = stream_.start(sampleRate, startSeconds_); !started) return started;
  ahead_.reset();
  if (!waitsForNobody) return {};

  const auto samples = static_cast<std::size_t>(channels());
  interleaved_.resize(kChunkFrames * samples);
  ahead_ = std::make_unique<SpscQueue<float>>(
      (static_cast<std::size_t>(kAheadSeconds * sampleRate) + kChunkFrames) * samples);
  while (pushNext()) {
  }
  if (ended_) return {};
  try {
    reader_ = std::thread([this] { keepAhead(); });
  } catch (const std::system_error& error) {
    return Error{ErrorKind::device,
                 fmt::format("No thread could be started to read files: {}.", error.what())};
  }
  return {};
}

FrameCount FileSource::fill(AudioView inputs) noexcept {
  const FrameCount got = ahead_ ? takeAhead(inputs) : takeRead(inputs);
  framesGiven_ += got;
  if (gain_ != 1.0f)
    for (int c = 0; c < inputs.channels(); ++c)
      for (float& sample : inputs.channel(c)) sample *= gain_;
  return got;
}

Result<void> FileSource::problem() const { return ended_ ? problem_ : Result<void>(); }

std::span<const float> FileSource::chunkChannel(int index) const noexcept {
  return chunk_.channel(options_.channel > 0 ? options_.channel - 1 : index);
}

/// How many frames of the chunk hold audio; fewer than all of them only at the end.
FrameCount FileSource::readChunk() {
  auto got = stream_.read(chunk_.view());
  if (got) return *got;
  problem_ = got.error();
  return 0;
}

FrameCount FileSource::takeRead(AudioView inputs) noexcept {
  FrameCount done = 0;
  while (done < inputs.frames()) {
    if (chunkUsed_ == chunkFrames_) {
      if (ended_) break;
      chunkFrames_ = readChunk();
      chunkUsed_ = 0;
      ended_ = chunkFrames_ < kChunkFrames;
      continue;
    }
    const FrameCount frames = std::min(chunkFrames_ - chunkUsed_, inputs.frames() - done);
    for (int c = 0; c < inputs.channels(); ++c)
      std::copy_n(chunkChannel(c).begin() + chunkUsed_, frames, inputs.channel(c).begin() + done);
    chunkUsed_ += frames;
    done += frames;
  }
  return done;
}

FrameCount FileSource::takeAhead(AudioView inputs) noexcept {
  const auto samples = static_cast<std::size_t>(inputs.channels());
  const bool ended = ended_;  // looked at first: nothing is pushed after it
  float dropped = 0.0f;
  for (; owedFrames_ > 0 && ahead_->size() >= samples; --owedFrames_)
    for (std::size_t c = 0; c < samples; ++c) ahead_->tryPop(dropped);
  FrameCount got = 0;
  for (; got < inputs.frames() && ahead_->size() >= samples; ++got)
    for (int c = 0; c < inputs.channels(); ++c)
      ahead_->tryPop(inputs.channel(c)[static_cast<std::size_t>(got)]);
  if (ended) return got;
  if (ahead_->size() < ahead_->capacity() / 2) wanted_.post();
  const FrameCount missing = inputs.frames() - got;
  inputs.frameRange(got, missing).clear();
  owedFrames_ += missing;
  return inputs.frames();
}

/// The next chunk, unless it has no room or there is none.
bool FileSource::pushNext() {
  const std::size_t samples = static_cast<std::size_t>(channels());
  if (ended_ || ahead_->capacity() - ahead_->size() < interleaved_.size()) return false;
  const FrameCount frames = readChunk();
  for (std::size_t c = 0; c < samples; ++c) {
    const auto channel = chunkChannel(static_cast<int>(c));
    for (std::size_t n = 0; n < static_cast<std::size_t>(frames); ++n)
      interleaved_[n * samples + c] = channel[n];
  }
  ahead_->tryPush(std::span<const float>(interleaved_).first(static_cast<std::size_t>(frames) * samples));
  if (frames < kChunkFrames) ended_ = true;
  return !ended_;
}

void FileSource::keepAhead() {
  while (!stopping_ && !ended_) {
    wanted_.wait();
    while (!stopping_ && pushNext()) {
    }
  }
}

void FileSource::stopReadingAhead() {
  stopping_ = true;
  wanted_.post();
  if (reader_.joinable()) reader_.join();
}

}  // namespace gainstage::devices
