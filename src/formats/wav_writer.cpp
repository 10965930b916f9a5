#include "formats/wav_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gainstage::formats {
namespace {

constexpr std::size_t kBlockSamples = 16384;

void appendLittleEndian(std::vector<std::byte>& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
}

/// Nearest step, halves to the even one; counts what has to be clipped.
std::int32_t to24Bit(float sample, std::int64_t& clipped) {
  constexpr double fullScale = 8388608.0;
  if (std::isnan(sample)) return 0;
  const double scaled = std::nearbyint(static_cast<double>(sample) * fullScale);
  const double bounded = std::clamp(scaled, -fullScale, fullScale - 1.0);
  if (bounded != scaled) ++clipped;
  return static_cast<std::int32_t>(bounded);
}

}  // namespace

WavWriter::WavWriter(std::unique_ptr<OutputFile> file, const WavFormat& format, const WavOptions& options)
    : file_(std::move(file)), format_(format), largestRiff_(options.largestRiff) {
  if (options.hashed) hash_.emplace();
}

Result<WavWriter> WavWriter::create(std::unique_ptr<OutputFile> file, const WavFormat& format,
                                    const WavOptions& options) {
  WavWriter writer(std::move(file), format, options);
  writer.dataOffset_ = std::ssize(wavHeader(format, 0, options.largestRiff));
  if (auto header = writer.updateHeader(); !header) return header.error();
  return writer;
}

Result<WavWriter> WavWriter::createAtomically(const std::filesystem::path& path, const WavFormat& format,
                                              const WavOptions& options) {
  auto file = createFileAtomically(path);
  if (!file) return file.error();
  return create(std::move(*file), format, options);
}

Result<void> WavWriter::write(ConstAudioView audio) {
  const auto channels = static_cast<std::size_t>(format_.channels);
  const auto block = static_cast<FrameCount>(std::max<std::size_t>(1, kBlockSamples / channels));
  for (FrameCount at = 0; at < audio.frames(); at += block) {
    const auto frames = static_cast<std::size_t>(std::min(block, audio.frames() - at));
    interleaved_.assign(frames * channels, 0.0f);
    for (std::size_t c = 0; c < channels; ++c) {
      const std::span<const float> from =
          audio.channel(static_cast<int>(c)).subspan(static_cast<std::size_t>(at));
      for (std::size_t n = 0; n < frames; ++n) interleaved_[n * channels + c] = from[n];
    }
    if (auto written = writeInterleaved(interleaved_); !written) return written;
  }
  return {};
}

Result<void> WavWriter::writeInterleaved(std::span<const float> samples) {
  const std::size_t channels = static_cast<std::size_t>(format_.channels);
  const std::size_t block = std::max<std::size_t>(1, kBlockSamples / channels) * channels;
  while (!samples.empty()) {
    const auto some = samples.first(std::min(block, samples.size()));
    bytes_.clear();
    if (format_.sampleFormat == SampleFormat::float32)
      for (const float sample : some) appendLittleEndian(bytes_, std::bit_cast<std::uint32_t>(sample), 4);
    else
      for (const float sample : some)
        appendLittleEndian(bytes_, static_cast<std::uint32_t>(to24Bit(sample, clipped_)), 3);
    if (auto written = append(); !written) return written;
    samples = samples.subspan(some.size());
  }
  return {};
}

Result<void> WavWriter::append() {
  if (auto written = file_->writeAt(endBytes(), bytes_); !written) return written;
  if (hash_) hash_->add(bytes_);
  frames_ += std::ssize(bytes_) / format_.frameBytes();
  return {};
}

Result<void> WavWriter::writeSilence(std::int64_t frames) {
  // Cut first: a write that failed half way may have left bytes where zeros have to be.
  if (auto cut = file_->resize(endBytes()); !cut) return cut;
  if (auto longer = file_->resize(endBytes() + frames * format_.frameBytes()); !longer) return longer;
  frames_ += frames;
  if (!hash_) return {};
  bytes_.assign(kBlockSamples * 4, std::byte{});
  for (std::int64_t left = frames * format_.frameBytes(); left > 0; left -= std::ssize(bytes_))
    hash_->add(
        std::span(bytes_).first(static_cast<std::size_t>(std::min<std::int64_t>(left, std::ssize(bytes_)))));
  return {};
}

Result<void> WavWriter::updateHeader() {
  const auto header = wavHeader(format_, frames_, largestRiff_);
  const std::int64_t end = endBytes();
  if (auto sized = file_->resize(end + (end - dataOffset_) % 2); !sized) return sized;  // chunks are even
  return file_->writeAt(0, header);
}

Result<void> WavWriter::close() {
  if (auto header = updateHeader(); !header) return header;
  return file_->commit();
}

std::string WavWriter::audioSha256() { return hash_ ? hash_->finish() : std::string(); }

}  // namespace gainstage::formats
