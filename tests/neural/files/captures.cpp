#include "neural/files/captures.h"

#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "formats/audio_file.h"

namespace gainstage::neural {
namespace {

std::size_t of(const Convolution& c) { return c.weights.size() + c.bias.size(); }

struct Counter {
  std::size_t operator()(const WaveNet& net) const {
    std::size_t sum = 1;  // the head scale
    for (const auto& array : net.arrays) {
      sum += of(array.rechannel) + of(array.head);
      for (const auto& layer : array.layers) {
        sum += of(layer.convolution) + of(layer.mixin);
        if (layer.layer1x1) sum += of(*layer.layer1x1);
        if (layer.head1x1) sum += of(*layer.head1x1);
        for (const auto& film : layer.films)
          if (film) sum += of(film->scaleShift);
      }
    }
    for (const auto& layer : net.headLayers) sum += of(layer.convolution);
    return sum + (net.condition ? countWeights(*net.condition) : 0);
  }
  std::size_t operator()(const ConvNet& net) const {
    std::size_t sum = of(net.head);
    for (const auto& block : net.blocks) sum += of(block.convolution);
    return sum;
  }
  std::size_t operator()(const Linear& linear) const { return linear.response.size(); }
  std::size_t operator()(const Sequence& sequence) const {
    std::size_t sum = 0;
    for (const auto& layer : sequence.layers) sum += std::visit(*this, layer);
    return sum;
  }
  std::size_t operator()(const Lstm& l) const {
    return l.weights.size() + l.bias.size() + l.initialUnits.size() + l.initialCells.size();
  }
  std::size_t operator()(const Gru& g) const {
    return g.inputWeights.size() + g.recurrentWeights.size() + g.inputBias.size() + g.recurrentBias.size();
  }
  std::size_t operator()(const Activated& layer) const { return of(layer.convolution); }
  std::size_t operator()(const Sizes& sizes) const {
    std::size_t sum = 0;
    for (const auto& entry : sizes.entries) sum += countWeights(*entry.network);
    return sum;
  }
};

}  // namespace

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

std::size_t countWeights(const Network& network) { return std::visit(Counter{}, network.kind); }

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
