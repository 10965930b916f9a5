#include "dsp/convolver/convolver_transform.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

void append(std::vector<float>& numbers, double angle) {
  numbers.push_back(static_cast<float>(std::cos(angle)));
  numbers.push_back(static_cast<float>(std::sin(angle)));
}

}  // namespace

PartitionTransform::PartitionTransform(int points) : points_(points), twist_(1, 2 * points) {
  // Angles of rho for the blocks of a pass; t^points = i to begin with.
  std::vector<double> angles{std::numbers::pi / 2};
  int span = points;
  for (; span > kTileBins; span /= 4) {
    std::vector<double> next;
    std::vector<float> roots;
    for (const double angle : angles) {
      for (int power = 1; power < 4; ++power) append(roots, power * angle / 4);
      for (int q = 0; q < 4; ++q)
        next.push_back(std::remainder(angle / 4 + q * std::numbers::pi / 2, 2 * std::numbers::pi));
    }
    roots_.push_back(std::move(roots));
    angles = std::move(next);
  }
  assert(span == kTileBins);
  float* twist = twist_.channel(0).data();
  for (const double angle : angles) {
    for (int group = 0; group < 4; ++group, twist += 32) {
      for (int n = 0; n < 16; ++n) {
        const double turn = angle * (16 * group + n) / kTileBins;
        twist[n] = static_cast<float>(std::cos(turn));
        twist[16 + n] = static_cast<float>(std::sin(turn));
      }
    }
  }
}

void PartitionTransform::forward(std::span<const float> frames, float scale, float* spectrum,
                                 std::size_t tileStride) const {
  const TransformSteps& steps = transformSteps();
  AudioBuffer blocks(2, points_);  // the frames, and silence
  std::ranges::transform(frames, blocks.channel(0).begin(), [scale](float frame) { return scale * frame; });
  const float* earlier = blocks.channel(0).data();
  const float* later = blocks.channel(1).data();
  if (passes() == 0) {
    steps.forwardTile(earlier, later, 16, twist(0), spectrum);
    return;
  }
  AudioBuffer work(1, 2 * points_);
  float* data = work.channel(0).data();
  steps.forwardFirst(earlier, later, points_, roots(0), 0, tiles(), data);
  for (int pass = 1; pass < passes(); ++pass) steps.forward(data, span(pass), roots(pass), 0, tiles());
  for (int tile = 0; tile < tiles(); ++tile) {
    const float* re = data + tile * kTileFloats;
    steps.forwardTile(re, re + 16, 32, twist(tile), spectrum + static_cast<std::size_t>(tile) * tileStride);
  }
}

}  // namespace gainstage::dsp
