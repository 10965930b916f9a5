#include <fmt/format.h>
#include <fmt/ranges.h>
#include <random>

#include "bench/bench.h"
#include "neural/capture_file.h"
#include "neural/player.h"

namespace gainstage::bench {
namespace {

/// The text of a .nam file with one channel in and out, its weights random.
class NamFile {
 public:
  /// An array of layers with kernels of its own for each dilation.
  void array(int inputs, int channels, int outputs, int headKernel, const std::vector<int>& kernels,
             const std::vector<int>& dilations, const std::string& activation) {
    const bool isLast = outputs == 1;
    layers_ += fmt::format(
        R"({}{{"input_size":{},"condition_size":1,"channels":{},"kernel_sizes":[{}],"dilations":[{}],"activation":{},)"
        R"("head":{{"out_channels":{},"kernel_size":{},"bias":{}}}}})",
        layers_.empty() ? "" : ",", inputs, channels, fmt::join(kernels, ","), fmt::join(dilations, ","),
        activation, outputs, headKernel, isLast);
    weights_ += inputs * channels + channels * outputs * headKernel + (isLast ? 1 : 0);
    for (const int kernel : kernels) weights_ += channels * (channels * kernel + 1 + 1 + channels + 1);
  }

  std::string text() const {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> uniform(-0.4, 0.4);
    std::string weights = fmt::format("{}", uniform(random));
    for (int i = 0; i < weights_; ++i) weights += fmt::format(",{}", uniform(random));
    return fmt::format(
        R"({{"version":"0.7.0","architecture":"WaveNet","sample_rate":48000,"config":{{"layers":[{}],)"
        R"("head":null,"head_scale":0.02}},"weights":[{}]}})",
        layers_, weights);
  }

 private:
  std::string layers_;
  int weights_ = 0;  // but for the head's scale
};

std::string a1Standard() {
  const std::vector<int> dilations{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  NamFile file;
  file.array(1, 16, 8, 1, std::vector<int>(10, 3), dilations, R"("Tanh")");
  file.array(16, 8, 1, 1, std::vector<int>(10, 3), dilations, R"("Tanh")");
  return file.text();
}

std::string a2Full() {
  std::vector<int> kernels(23, 6);
  kernels[14] = kernels[15] = 15;
  NamFile file;
  file.array(1, 8, 1, 16, kernels,
             {1, 3, 7, 17, 41, 101, 239, 1, 3, 7, 17, 41, 101, 239, 1, 13, 1, 3, 7, 17, 41, 101, 239},
             R"({"type":"LeakyReLU","negative_slope":0.01})");
  return file.text();
}

/// From a file's text to the first sample of a settled player, everything made anew.
class Opening final : public Work {
 public:
  explicit Opening(std::string text) : text_(std::move(text)) {}
  void rewind() noexcept override {}
  void feed(int) noexcept override {}
  void run() noexcept override {
    const auto file = neural::readCapture(text_, "capture.nam");
    const auto player = neural::makeProgram((*file)->network)->makePlayer();
    float sample = 0.5f;
    float* row = &sample;
    player->process(AudioView(&row, 1, 1), AudioView(&row, 1, 1));
  }

 private:
  std::string text_;
};

Case opening(const std::string& name, std::string (*text)()) {
  return {.name = "neural/open-" + name + "/1", .frames = 1, .blocks = 1000, .prepare = [text] {
            return std::make_unique<Opening>(text());
          }};
}

}  // namespace

std::vector<Case> captureOpeningCases() {
  return {opening("a1-standard", a1Standard), opening("a2-full", a2Full)};
}

}  // namespace gainstage::bench
