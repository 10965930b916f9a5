#include "neural/silence.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "core/audio_buffer.h"

namespace gainstage::neural {
namespace {

constexpr FrameCount kChunk = 512;
constexpr int kNoiseChunks = 8;      // 85 ms at 48 kHz: longer than networks that people train remember
constexpr int kQuietChunks = 8;      // then it will not come back
constexpr double kFallen = 3.16e-5;  // -90 dB

}  // namespace

std::vector<float> restOutputs(Player& player, int inputs, int outputs) {
  const AudioBuffer silence(inputs, 1);
  AudioBuffer out(outputs, 1);
  player.settle();
  player.process(silence.view(), out.view());
  player.settle();
  std::vector<float> rest;
  for (int c = 0; c < outputs; ++c) rest.push_back(out.channel(c)[0]);
  return rest;
}

FrameTime measuredTail(Player& player, FrameTime most) {
  const float rest = restOutputs(player, 1, 1)[0];
  AudioBuffer io(1, kChunk);
  const auto largest = [&] {
    float peak = 0.0f;
    for (const float sample : io.channel(0)) peak = std::max(peak, std::abs(sample - rest));
    return static_cast<double>(peak);
  };
  std::minstd_rand generator(1);
  std::uniform_real_distribution<float> noise(-1.0f, 1.0f);
  double loudest = 0.0;
  for (int chunk = 0; chunk < kNoiseChunks; ++chunk) {
    for (float& sample : io.channel(0)) sample = noise(generator);
    player.process(io.view(), io.view());
    loudest = std::max(loudest, largest());
  }
  FrameTime tail = 0;
  int quiet = 0;
  for (FrameTime at = 0; at < most && quiet < kQuietChunks; at += kChunk, ++quiet) {
    io.view().clear();
    player.process(io.view(), io.view());
    if (largest() <= loudest * kFallen) continue;
    tail = at + kChunk;
    quiet = 0;
  }
  player.settle();
  return std::min(tail, most);
}

}  // namespace gainstage::neural
