#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "devices/device.h"
#include "devices/virtual/fault.h"
#include "devices/virtual/virtual_stages.h"

namespace gainstage::devices {

struct SilentInput {};

/// The built-in guitar: plays by itself, without an end, the same for the same seed.
struct GuitarInput {
  std::uint32_t seed = 1;
  double gainDb = 0.0;     ///< -120..40; 0: peaks near -12 dBFS
  bool hasCircuit = true;  ///< false: the strings alone, as they induce it in a pickup
};

/// Somebody who sings to it.
struct VoiceInput {
  std::uint32_t seed = 1;
  double gainDb = 0.0;  ///< -120..40; 0: peaks near -18 dBFS
};

/// One channel of an audio file of any rate.
struct FileInput {
  std::filesystem::path path;
  int channel = 1;  ///< counted from 1
  bool loop = true;
  double gainDb = 0.0;  ///< -120..40
};

struct ToneInput {
  double frequencyHz = 440.0;  ///< 1..192000
  double levelDbfs = -20.0;    ///< of its peak, -200..0
};

/// White noise, evenly distributed.
struct NoiseInput {
  double levelDbfs = -40.0;  ///< of its peak, -200..0
  std::uint32_t seed = 1;
};

using VirtualInput = std::variant<SilentInput, GuitarInput, VoiceInput, FileInput, ToneInput, NoiseInput>;

/// A virtual interface described by numbers.
struct VirtualConfig {
  std::string name = "Virtual interface";
  std::vector<VirtualInput> inputs{GuitarInput{}, VoiceInput{}};  ///< 0..64
  int outputs = 4;                                                ///< 0..64
  double sampleRate = 48000.0;                                    ///< Hz, 8000..384000
  FrameCount blockFrames = 64;                                    ///< 1..8192
  bool freeRunning = false;
  int periods = 0;  ///< as StreamPlan: 0, or 2..4096
  OutputPurpose purpose = OutputPurpose::headphones;
  bool inputsAreLive = false;
  double driftPpm = 0.0;        ///< -1000..1000
  std::uint32_t blockSeed = 0;  ///< as StreamPlan
  std::vector<Fault> faults;
  /// Of real parts, input by input; none, or fewer than there are inputs: ideal ones, whose sources' samples
  /// are the converter's.
  std::vector<std::optional<InputStage>> inputStages{};
  std::vector<OutputStage> outputStages{};
  std::vector<Surge> surges{};
};

}  // namespace gainstage::devices
