#pragma once

#include <span>
#include <vector>

#include "core/audio_buffer.h"

namespace gainstage::dsp {

/// 64 complex numbers in four groups of 16 real parts followed by 16 imaginary parts: what every instruction
/// set loads whole, and what the transforms and the sums of products work on.
inline constexpr int kTileBins = 64;
inline constexpr int kTileFloats = 2 * kTileBins;

/// The steps of the transforms, for this machine's instruction set. A step handles the items [first, first +
/// count), 64 points each, so that the work can be cut at any of them. No step allocates. Data is aligned to
/// 64 bytes.
struct TransformSteps {
  /// The first pass of a transform of `points` points: `earlier` gives the real parts, `later` the imaginary.
  void (*forwardFirst)(const float* earlier, const float* later, int points, const float* roots, int first,
                       int count, float* data);
  /// A pass in place over blocks of `span` points, six numbers of `roots` for each block.
  void (*forward)(float* data, int span, const float* roots, int first, int count);
  void (*inverse)(float* data, int span, const float* roots, int first, int count);
  /// The last pass; only the imaginary parts are kept, in order.
  void (*inverseLast)(const float* data, int points, const float* roots, int first, int count, float* later);
  /// 64 points at once. The four groups of 16 numbers stand `stride` floats apart.
  void (*forwardTile)(const float* re, const float* im, int stride, const float* twist, float* tile);
  void (*inverseTile)(const float* tile, const float* twist, float* re, float* im, int stride);
};

/// The steps for the best instruction set here. [any thread; the first call detects, so make it on the
/// control thread]
const TransformSteps& transformSteps() noexcept;

/// The numbers that a transform of two blocks of `points` real frames needs.
///
/// Two real blocks a, b are held as the complex numbers a + ib, the polynomial a + b t^points modulo t^points
/// - i: products of such are the negacyclic convolution (Nussbaumer 1982, chapter 6; Crandall and Fagin 1994
/// call it the right-angle convolution), whose second half is free of wrapped terms when one factor has no
/// second block. That is all that overlap-save needs, with `points` plain complex bins: no split of a real
/// spectrum, no lone first and last bin. The transform reduces t^m - rho to four factors t^(m/4) - r i^q (r =
/// rho^(1/4)) until m = 64, so the roots are constant over each block of a pass; the order of the bins is
/// whatever that leaves, since a product bin by bin does not care.
class PartitionTransform {
 public:
  /// points: 64, 256, 1024, ... (64 times a power of four). [control]
  explicit PartitionTransform(int points);

  int points() const noexcept { return points_; }
  int tiles() const noexcept { return points_ / kTileBins; }
  /// Passes before the tiles; their spans are points, points / 4, ... 256.
  int passes() const noexcept { return static_cast<int>(roots_.size()); }
  int span(int pass) const noexcept { return points_ >> (2 * pass); }
  const float* roots(int pass) const noexcept { return roots_[static_cast<std::size_t>(pass)].data(); }
  const float* twist(int tile) const noexcept { return twist_.channel(0).data() + tile * kTileFloats; }

  /// The bins of up to `points` real frames followed by silence, times `scale`: tiles() x kTileFloats,
  /// written `tileStride` floats apart. [control]
  void forward(std::span<const float> frames, float scale, float* spectrum, std::size_t tileStride) const;

 private:
  int points_;
  std::vector<std::vector<float>> roots_;
  AudioBuffer twist_;
};

}  // namespace gainstage::dsp
