#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <random>

#include "bench/bench.h"
#include "neural/programs.h"

namespace gainstage::bench {
namespace {

/// Random weights of the scale that trained networks have. What they are does not matter to the time.
class Weights {
 public:
  std::vector<float> next(int count, float deviation) {
    std::vector<float> weights(static_cast<std::size_t>(count));
    for (float& weight : weights) weight = deviation * normal_(random_);
    return weights;
  }

 private:
  std::mt19937 random_{1};
  std::normal_distribution<float> normal_;
};

neural::Lstm lstm(Weights& weights, int inputs, int units) {
  const float deviation = 1.0f / std::sqrt(static_cast<float>(units));
  return {inputs, units, weights.next(4 * units * (inputs + units), deviation), weights.next(4 * units, 0.5f),
          {},     {}};
}

neural::Gru gru(Weights& weights, int inputs, int units) {
  const float deviation = 1.0f / std::sqrt(static_cast<float>(units));
  return {inputs,
          units,
          weights.next(3 * units * inputs, 1.0f),
          weights.next(3 * units * units, deviation),
          weights.next(3 * units, 0.5f),
          weights.next(3 * units, 0.5f)};
}

neural::Sequence withHead(Weights& weights, std::vector<neural::Sequence::Layer> layers, int units) {
  neural::Activated head;
  head.convolution = {.inputs = units, .outputs = 1, .weights = weights.next(units, 0.3f), .bias = {0.0f}};
  layers.emplace_back(head);
  return {.layers = std::move(layers)};
}

class Playing : public Work {
 public:
  Playing(const std::shared_ptr<const neural::Program>& program, FrameCount frames)
      : player_(program->makePlayer()), signal_(testSignal(1, kSignalBlocks * frames)), io_(1, frames) {}

  void rewind() noexcept override { player_->settle(); }
  void feed(int index) noexcept override {
    copy(std::as_const(signal_).view().frameRange(index % kSignalBlocks * io_.frames(), io_.frames()),
         io_.view());
  }
  void run() noexcept override { player_->process(io_.view(), io_.view()); }

 private:
  static constexpr int kSignalBlocks = 256;

  std::unique_ptr<neural::Player> player_;
  AudioBuffer signal_;
  AudioBuffer io_;
};

}  // namespace

std::vector<Case> recurrentCases() {
  Weights weights;
  const auto lstms = [&](int count, int units) {
    std::vector<neural::Sequence::Layer> layers;
    for (int i = 0; i < count; ++i) layers.emplace_back(lstm(weights, i == 0 ? 1 : units, units));
    return withHead(weights, std::move(layers), units);
  };
  const std::vector<std::pair<const char*, neural::Sequence>> networks{
      {"lstm-1x16", lstms(1, 16)},
      {"lstm-2x8", lstms(2, 8)},
      {"keras-lstm-12", lstms(1, 12)},
      {"keras-lstm-40", lstms(1, 40)},
      {"keras-gru-40", withHead(weights, {gru(weights, 1, 40)}, 40)},
  };
  std::vector<Case> cases;
  for (const auto& [name, network] : networks) {
    for (const FrameCount frames : {64, 16}) {
      // Packed when it is measured: for the instruction set in use by then.
      cases.push_back({.name = fmt::format("neural/{}/{}", name, frames),
                       .frames = frames,
                       .multiplyAdds = neural::makeSequenceProgram(network)->cost().multiplyAdds,
                       .prepare = [network = network, frames = frames]() -> std::unique_ptr<Work> {
                         return std::make_unique<Playing>(neural::makeSequenceProgram(network), frames);
                       }});
    }
  }
  return cases;
}

}  // namespace gainstage::bench
