#include "formats/chunks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace gainstage::formats {
namespace {

constexpr std::uint64_t kInDs64 = 0xFFFFFFFFu;   // RF64: the true size stands in the ds64 chunk
constexpr std::uint64_t kSoxPipe = 0x7FFFF000u;  // what sox promises when it writes WAV to a pipe
constexpr int kMostChunks = 4096;

/// Some bytes of a file as numbers; what lies behind its end reads as 0.
class Bytes {
 public:
  static constexpr std::size_t kSize = 40;

  Bytes(const ReadableFile& file, std::int64_t offset, bool bigEndian) : bigEndian_(bigEndian) {
    file.descriptor.readAt(offset, bytes_);
  }
  std::string_view tag(std::size_t at) const {
    return {reinterpret_cast<const char*>(bytes_.data()) + at, 4};
  }
  std::uint64_t number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | std::to_integer<std::uint64_t>(bytes_[at + (bigEndian_ ? i : size - 1 - i)]);
    return value;
  }

 private:
  std::array<std::byte, kSize> bytes_{};
  bool bigEndian_;
};

/// The 80-bit number of AIFF (IEEE 754 extended), which has an explicit leading one.
double extended(const Bytes& bytes, std::size_t at) {
  const int exponent = static_cast<int>(bytes.number(at, 2) & 0x7FFF) - 16383 - 63;
  return std::ldexp(static_cast<double>(bytes.number(at + 2, 8)), exponent);
}

void readWaveFormat(const Bytes& chunk, ChunkFacts& facts) {
  const std::uint64_t tag = chunk.number(0, 2);
  facts.channels = static_cast<int>(chunk.number(2, 2));
  facts.sampleRate = static_cast<double>(chunk.number(4, 4));
  const bool plain = tag == 1 || tag == 3 || tag == 0xFFFE;  // integer, float, extensible
  facts.frameBytes = plain ? static_cast<int>(chunk.number(12, 2)) : 0;
}

void readAiffFormat(const Bytes& chunk, bool aifc, ChunkFacts& facts) {
  facts.channels = static_cast<int>(chunk.number(0, 2));
  facts.sampleRate = extended(chunk, 8);
  const std::string_view coding = aifc ? chunk.tag(18) : "NONE";
  constexpr std::array<std::string_view, 6> plain{"NONE", "sowt", "fl32", "FL32", "fl64", "in24"};
  const int sampleBytes = (static_cast<int>(chunk.number(6, 2)) + 7) / 8;
  facts.frameBytes = std::ranges::find(plain, coding) != plain.end() ? facts.channels * sampleBytes : 0;
}

}  // namespace

std::optional<ChunkFacts> readChunkFacts(const ReadableFile& file) {
  const Bytes head(file, 0, true);
  const std::string_view form = head.tag(0), kind = head.tag(8);
  const bool rf64 = form == "RF64", wave = (form == "RIFF" || rf64) && kind == "WAVE";
  const bool aifc = kind == "AIFC", aiff = form == "FORM" && (kind == "AIFF" || aifc);
  if (!wave && !aiff) return std::nullopt;

  ChunkFacts facts;
  bool hasFormat = false;
  std::uint64_t longData = 0;
  std::int64_t at = 12;
  for (int i = 0; i < kMostChunks && at + 8 <= file.bytes; ++i) {
    const Bytes header(file, at, aiff);
    const std::uint64_t size = header.number(4, 4);
    const Bytes body(file, at + 8, aiff);
    if (header.tag(0) == "ds64") longData = body.number(8, 8);
    if (header.tag(0) == (wave ? "fmt " : "COMM")) {
      wave ? readWaveFormat(body, facts) : readAiffFormat(body, aifc, facts);
      hasFormat = true;
    }
    if (header.tag(0) == (wave ? "data" : "SSND")) {
      if (!hasFormat) return std::nullopt;
      const std::uint64_t skipped =
          wave ? 0 : 8 + body.number(0, 4);  // AIFF: offset and block size come first
      facts.dataOffset = std::min<std::int64_t>(at + 8 + static_cast<std::int64_t>(skipped), file.bytes);
      const std::int64_t rest = file.bytes - facts.dataOffset;
      std::uint64_t promised = rf64 && size == kInDs64 ? longData : size - std::min(size, skipped);
      const bool open = (!rf64 && (size == kInDs64 || size == kSoxPipe)) || promised >> 62 != 0;
      facts.promisedBytes = open ? -1 : static_cast<std::int64_t>(promised);
      facts.presentBytes = open ? rest : std::min(rest, facts.promisedBytes);
      return facts;
    }
    at += 8 + static_cast<std::int64_t>(size + (size & 1));
  }
  return std::nullopt;
}

}  // namespace gainstage::formats
