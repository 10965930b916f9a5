#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <random>

#include "neural/files/captures.h"
#include "neural/files/repair.h"
#include "neural/player.h"
#include "support/files.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

/// Every seed of the fuzzers and everything they found, as it is and damaged. The fuzzers' function ends the
/// program where it does not like what comes of it.
namespace gainstage::neural {
namespace {

std::vector<std::filesystem::path> filesIn(const char* folder) {
  const char* root = std::getenv("GAINSTAGE_SOURCE_DIR");
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(root ? root : ".") / "tests/fuzz" / folder))
    files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> seeds() {
  std::vector<std::string> texts;
  for (const char* folder : {"seeds/nam", "seeds/keras"})
    for (const auto& file : filesIn(folder)) texts.push_back(gainstage::testing::readFile(file));
  return texts;
}

/// What plays a frame of it at this size, unless that would take long.
void playAt(const Network& network, double size) {
  const auto program = makeProgram(network, size);
  const Cost cost = program->cost();
  if (cost.multiplyAdds > 1e4 || cost.stateBytes > (1 << 20) || cost.receptiveFieldFrames > 10000) return;
  const auto player = program->makePlayer();
  std::array<float, 16> samples{0.5f, -0.5f};
  float* rows[] = {samples.data()};
  for (const FrameCount frames : {1, 15}) {
    const AudioView io(rows, 1, frames);
    player->process(io, io);
  }
}

void feed(std::string text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
  for (int rounds = 0; rounds < 20; ++rounds) {
    const auto read = readCapture(text, "fuzz");
    if (read) {
      for (const double size : {0.0, 0.5, 1.0}) playAt((*read)->network, size);
      return;
    }
    auto better = repaired(text, read.error().message);
    if (!better) return;
    text = *std::move(better);
  }
}

TEST(DamagedCapture, StartsFromSeedsThatAreAllSound) {
  const auto texts = seeds();
  EXPECT_GE(texts.size(), 20u);
  for (const std::string& text : texts) {
    EXPECT_EQ(refusal(text), "accepted") << text;
    feed(text);
  }
}

TEST(DamagedCapture, OfEverythingThatTheFuzzersFoundIsNamed) {
  for (const auto& file : filesIn("found")) {
    SCOPED_TRACE(file);
    feed(gainstage::testing::readFile(file));
  }
}

TEST(DamagedCapture, CutAnywhereIsRefused) {
  for (const std::string& text : seeds())
    for (std::size_t length = 0; length + 2 < text.size(); length += 1 + length / 64) {
      const std::string cut = text.substr(0, length);
      EXPECT_NE(refusal(cut), "accepted") << cut;
      feed(cut);
    }
}

TEST(DamagedCapture, WithOtherNumbersIsNamedOrFitsTogether) {
  const char* others[] = {"0",    "-1",         "1",    "2",     "3",    "1e9",   "2147483648", "0.5",
                          "1e39", "1e999",      "null", "true",  "[]",   "{}",    "\"x\"",      "1024",
                          "1025", "4294967297", "-0",   "1e-40", "[[]]", "[1,2]", "\"\"",       "2097152"};
  for (const std::string& text : seeds())
    for (std::size_t at = 0, count = 0; at < text.size(); ++at) {
      const bool starts = std::isdigit(static_cast<unsigned char>(text[at])) || text[at] == '-';
      if (!starts || text[at - 1] != ' ') continue;
      if (++count > 40 && count % 8 != 0) continue;  // the weights are all alike
      const std::size_t length = text.find_first_of(",]}", at) - at;
      for (const char* other : others) feed(std::string(text).replace(at, length, other));
    }
}

TEST(DamagedCapture, WithPartsTakenOutOrTwiceIsNamedOrFitsTogether) {
  for (const std::string& text : seeds())
    for (std::size_t from = 0; from < text.size(); from = text.find_first_of(",[{", from + 1))
      for (const std::size_t until : {text.find(',', from + 1), text.find(']', from), text.find('}', from)}) {
        if (until == std::string::npos || until - from > 400) continue;
        feed(std::string(text).erase(from, until - from));
        feed(std::string(text).insert(until, text.substr(from, until - from)));
      }
}

TEST(DamagedCapture, WithWrongBytesIsNamedOrFitsTogether) {
  std::mt19937 random(23);
  for (const std::string& text : seeds())
    for (int round = 0; round < 300; ++round) {
      std::string damaged = text;
      for (std::uint32_t edits = 1 + random() % 4; edits > 0; --edits)
        damaged[random() % damaged.size()] =
            random() % 2 == 0 ? text[random() % text.size()] : static_cast<char>(random());
      feed(damaged);
    }
}

}  // namespace
}  // namespace gainstage::neural
