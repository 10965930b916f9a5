#pragma once

#include <cstddef>

namespace gainstage::dsp {

/// Most frames that one call of the dynamics' kernels takes.
inline constexpr std::size_t kDynamicsFrames = 64;

/// One value for each frame of a call, with room for the last vector's tail.
struct alignas(64) DynamicsChunk {
  float values[kDynamicsFrames + 16];
  float* data() noexcept { return values; }
  const float* data() const noexcept { return values; }
};

/// What a compressor knows of each frame before it listens; see CompressorLaw.
struct CompressorChunk {
  DynamicsChunk thresholdDb, slope, kneeDb, makeUpGain;
};

/// Larger magnitude of two channels; both pointers may be the same. [any thread]
void linkChannels(const float* first, const float* second, std::size_t frames, DynamicsChunk& key) noexcept;

/// Reduction in dB that the law asks for at each frame's level, times `attackShare` and `releaseShare`. The
/// level is within 0.0001 dB of the key's. [any thread]
void reductionOf(const DynamicsChunk& key, const CompressorChunk& law, float attackShare, float releaseShare,
                 std::size_t frames, DynamicsChunk& attack, DynamicsChunk& release) noexcept;

/// gain = makeUpGain x 10^(-reductionDb / 20); a reduction of 0 leaves the make-up gain as it is. [any
/// thread]
void gainsOf(const DynamicsChunk& reductionDb, const DynamicsChunk& makeUpGain, std::size_t frames,
             DynamicsChunk& gain) noexcept;

/// 1 - depth (1 - p^2 (3 - 2 p)): a gate that is open by p in 0..1; 1 exactly where p is. [any thread]
void gateGainsOf(const DynamicsChunk& openness, const DynamicsChunk& depth, std::size_t frames,
                 DynamicsChunk& gain) noexcept;

/// samples *= gain [any thread]
void multiply(const DynamicsChunk& gain, float* samples, std::size_t frames) noexcept;

}  // namespace gainstage::dsp
