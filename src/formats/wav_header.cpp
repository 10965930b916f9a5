#include "formats/wav_header.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace gainstage::formats {
namespace {

constexpr std::uint32_t kSeeDs64 = 0xFFFFFFFFu;

class Writer {
 public:
  void tag(std::string_view four) {
    for (const char c : four) bytes_.push_back(static_cast<std::byte>(c));
  }
  void number(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_.push_back(static_cast<std::byte>(value >> (8 * i) & 0xFF));
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace

std::vector<std::byte> wavHeader(const WavFormat& format, std::int64_t frames, std::int64_t largestRiff) {
  const bool isFloat = format.sampleFormat == SampleFormat::float32;
  const std::uint64_t formatBytes = isFloat ? 18 : 16;
  const std::uint64_t headerBytes = 12 + 36 + 8 + formatBytes + (isFloat ? 12 : 0) + 8;
  const std::uint64_t dataBytes =
      static_cast<std::uint64_t>(frames) * static_cast<std::uint64_t>(format.frameBytes());
  const std::uint64_t riffBytes = headerBytes - 8 + dataBytes + (dataBytes & 1);
  const bool rf64 = riffBytes > static_cast<std::uint64_t>(largestRiff);
  const auto size32 = [&](std::uint64_t size) { return rf64 ? kSeeDs64 : size; };
  const int sampleBytes = isFloat ? 4 : 3;
  const auto rate = static_cast<std::uint64_t>(std::llround(format.sampleRate));

  Writer out;
  out.tag(rf64 ? "RF64" : "RIFF");
  out.number(size32(riffBytes), 4);
  out.tag("WAVE");
  out.tag(rf64 ? "ds64" : "JUNK");
  out.number(28, 4);
  out.number(rf64 ? riffBytes : 0, 8);
  out.number(rf64 ? dataBytes : 0, 8);
  out.number(rf64 ? static_cast<std::uint64_t>(frames) : 0, 8);
  out.number(0, 4);  // no table of other long chunks
  out.tag("fmt ");
  out.number(formatBytes, 4);
  out.number(isFloat ? 3 : 1, 2);
  out.number(static_cast<std::uint64_t>(format.channels), 2);
  out.number(rate, 4);
  out.number(rate * static_cast<std::uint64_t>(format.frameBytes()), 4);
  out.number(static_cast<std::uint64_t>(format.frameBytes()), 2);
  out.number(static_cast<std::uint64_t>(8 * sampleBytes), 2);
  if (isFloat) {
    out.number(0, 2);  // nothing beyond the plain format, also for more than two channels: sox warns of more
    out.tag("fact");
    out.number(4, 4);
    out.number(frames > kLargestRiff ? kSeeDs64 : static_cast<std::uint64_t>(frames), 4);
  }
  out.tag("data");
  out.number(size32(dataBytes), 4);
  return out.take();
}

}  // namespace gainstage::formats
