#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "analog/guitar.h"
#include "analog/voice.h"
#include "core/realtime.h"
#include "devices/virtual/input_source.h"
#include "devices/virtual/virtual_config.h"

namespace gainstage::devices {

class SilentSource final : public InputSource {
 public:
  explicit SilentSource(const SilentInput&) {}
  int channels() const noexcept override { return 1; }
  Result<void> prepare(double, bool) override { return {}; }
  FrameCount fill(AudioView inputs) noexcept override {
    inputs.clear();
    return inputs.frames();
  }
};

/// A sine that starts at zero and stays in phase with the count of frames, however long it runs.
class ToneSource final : public InputSource {
 public:
  explicit ToneSource(const ToneInput& input) : input_(input) {}
  int channels() const noexcept override { return 1; }
  Result<void> prepare(double sampleRate, bool waitsForNobody) override;
  FrameCount fill(AudioView inputs) noexcept override;

 private:
  ToneInput input_;
  double turn_ = 0.0;  ///< position within a period, 0..1
  double turnsPerFrame_ = 0.0;
  float amplitude_ = 0.0f;
};

/// A musician who plays by themselves: starts over where the rate changes.
template <typename Input, typename Musician>
class MusicianSource final : public InputSource {
 public:
  explicit MusicianSource(const Input& input) : input_(input), gain_(Decibels{input.gainDb}.linear()) {}
  int channels() const noexcept override { return 1; }
  Result<void> prepare(double sampleRate, bool) override {
    if constexpr (requires { input_.hasCircuit; })
      musician_.prepare({.sampleRate = sampleRate}, input_.seed, {.hasCircuit = input_.hasCircuit});
    else
      musician_.prepare({.sampleRate = sampleRate}, input_.seed);
    return {};
  }
  FrameCount fill(AudioView inputs) noexcept override {
    const RealtimeScope denormalsOff;
    musician_.process(inputs.channel(0));
    for (float& sample : inputs.channel(0)) sample *= gain_;
    return inputs.frames();
  }

 private:
  Input input_;
  float gain_;
  Musician musician_;
};

using GuitarSource = MusicianSource<GuitarInput, analog::PlayedGuitar>;
using VoiceSource = MusicianSource<VoiceInput, analog::SungVoice>;

class NoiseSource final : public InputSource {
 public:
  explicit NoiseSource(const NoiseInput& input) : input_(input), generator_(input.seed) {}
  int channels() const noexcept override { return 1; }
  Result<void> prepare(double, bool) override { return {}; }
  FrameCount fill(AudioView inputs) noexcept override;

 private:
  NoiseInput input_;
  std::mt19937 generator_;
};

/// Several sources side by side. Ends when all have ended; never, where it has none.
class SourceBank final : public InputSource {
 public:
  explicit SourceBank(std::vector<std::unique_ptr<InputSource>> sources);
  int channels() const noexcept override { return channels_; }
  Result<void> prepare(double sampleRate, bool waitsForNobody) override;
  FrameCount fill(AudioView inputs) noexcept override;
  Result<void> problem() const override;

 private:
  std::vector<std::unique_ptr<InputSource>> sources_;
  int channels_ = 0;
};

/// Opens its file where it has one: ErrorKind::file. [control]
Result<std::unique_ptr<InputSource>> makeSource(const VirtualInput& input);

}  // namespace gainstage::devices
