#include "neural/files/captures.h"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "formats/audio_file.h"

namespace gainstage::neural {

std::filesystem::path captureFolder() {
  const char* data = std::getenv("GAINSTAGE_DATA");
  const char* root = std::getenv("GAINSTAGE_SOURCE_DIR");
  if (data) return std::filesystem::path(data) / "captures";
  return std::filesystem::path(root ? root : ".") / "../shared/data/captures";
}

std::vector<float> referenceAudio(std::string_view name) {
  const auto read = formats::readAudioFile(captureFolder() / "reference" / name);
  if (!read) throw std::runtime_error(read.error().message);
  const auto samples = read->audio.channel(0);
  return {samples.begin(), samples.end()};
}

std::shared_ptr<const CaptureFile> capture(std::string_view text) {
  auto read = readCapture(text, "test");
  if (!read) throw std::runtime_error(read.error().message);
  return *read;
}

std::string refusal(std::string_view text) {
  const auto read = readCapture(text, "\"x.nam\"");
  if (read) return "accepted";
  EXPECT_EQ(read.error().kind, ErrorKind::file);
  EXPECT_EQ(read.error().message.find('\n'), std::string::npos);
  EXPECT_LT(read.error().message.size(), 400u) << read.error().message;
  return read.error().message;
}

double errorDb(std::span<const double> output, std::span<const float> reference) {
  double error = 0.0, energy = 0.0;
  for (std::size_t n = 0; n < output.size(); ++n) {
    const auto wanted = static_cast<double>(reference[n]);
    error += (output[n] - wanted) * (output[n] - wanted);
    energy += wanted * wanted;
  }
  return 10.0 * std::log10(error / energy);
}

std::vector<float> numberValues(std::size_t count) {
  std::vector<float> values(count);
  // Multiples of 1/4096, which both text and float hold exactly; 1021 is prime.
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * 389 % 1021) / 2048.0f - 0.25f;
  return values;
}

std::string numbers(std::size_t count) { return fmt::format("{}", fmt::join(numberValues(count), ", ")); }

std::string nam(std::string_view architecture, std::string_view config, std::size_t weights,
                std::string_view version) {
  return fmt::format(R"({{"version": "{}", "architecture": "{}", "config": {}, "weights": [{}]}})", version,
                     architecture, config, numbers(weights));
}

}  // namespace gainstage::neural
