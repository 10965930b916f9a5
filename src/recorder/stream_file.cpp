#include "recorder/stream_file.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <vector>

#include "formats/file_descriptor.h"
#include "formats/file_error.h"
#include "formats/hash.h"

namespace gainstage::recorder {
namespace {

float sampleAt(std::span<const std::byte> bytes, formats::SampleFormat format) {
  std::uint32_t value = 0;
  const bool isFloat = format == formats::SampleFormat::float32;
  for (int i = isFloat ? 3 : 2; i >= 0; --i) value = value << 8 | std::to_integer<std::uint32_t>(bytes[i]);
  if (isFloat) return std::bit_cast<float>(value);
  return static_cast<float>(static_cast<std::int32_t>(value << 8)) / 2147483648.0f;
}

}  // namespace

formats::WavFormat wavFormatOf(const StreamManifest& stream, double sampleRate) {
  return {.sampleRate = sampleRate, .channels = stream.channels, .sampleFormat = stream.sampleFormat};
}

Result<StreamFile> inspectStreamFile(const std::filesystem::path& path, const StreamManifest& stream,
                                     double sampleRate) {
  const formats::WavFormat format = wavFormatOf(stream, sampleRate);
  StreamFile found;
  std::vector<std::byte> header = formats::wavHeader(format, 0);
  found.headerBytes = std::ssize(header);
  std::error_code none;
  if (std::filesystem::is_empty(path, none) && !none) return found;  // made, and never written to
  auto file = formats::openForReading(path);
  if (!file) return file.error();
  found.frames = std::max<std::int64_t>(0, file->bytes - found.headerBytes) / format.frameBytes();
  const std::int64_t got = file->descriptor.readAt(0, header);
  if (got < 0) return formats::systemError(path, errno);
  header.resize(static_cast<std::size_t>(got));

  // A header that is ours differs from the one for this length in nothing but its sizes. What a crash left is
  // ours too where it holds no other program's: zeros, or nothing yet.
  found.headerIsRight = header == formats::wavHeader(format, found.frames);
  if (found.headerIsRight) return found;
  const bool blank = std::ranges::all_of(header, [](std::byte byte) { return byte == std::byte{}; });
  std::vector<std::byte> empty = formats::wavHeader(format, 0);
  const auto formatChunk = [](const std::vector<std::byte>& bytes) {
    constexpr std::ptrdiff_t start = 48, end = 48 + 24;  // "fmt " with channels, rate and sample size
    return std::vector(bytes.begin() + start, bytes.begin() + end);
  };
  found.isOurs = blank || header.size() < empty.size() || formatChunk(header) == formatChunk(empty);
  return found;
}

Result<StreamContent> readStreamContent(const std::filesystem::path& path, const StreamManifest& stream,
                                        double sampleRate, std::int64_t frames) {
  auto file = formats::openForReading(path);
  if (!file) return file.error();
  const formats::WavFormat format = wavFormatOf(stream, sampleRate);
  const auto sampleBytes = static_cast<std::size_t>(format.frameBytes() / format.channels);
  std::int64_t at = std::ssize(formats::wavHeader(format, 0));
  std::vector<std::byte> block(sampleBytes << 16);
  formats::Sha256 hash;
  StreamContent content;
  for (std::int64_t left = frames * format.frameBytes(); left > 0;) {
    const auto some =
        std::span(block).first(static_cast<std::size_t>(std::min<std::int64_t>(left, std::ssize(block))));
    const std::int64_t got = file->descriptor.readAt(at, some);
    if (got < 0) return formats::systemError(path, errno);
    if (got < std::ssize(some))
      return formats::fileError(path, "became shorter while it was read: try again");
    hash.add(some);
    for (std::size_t i = 0; i < some.size(); i += sampleBytes) {
      const float sample = sampleAt(some.subspan(i), stream.sampleFormat);
      if (std::isfinite(sample)) content.peak = std::max(content.peak, std::abs(sample));
    }
    at += got;
    left -= got;
  }
  content.sha256 = hash.finish();
  return content;
}

}  // namespace gainstage::recorder
