// Included once for each instruction set (Highway's foreach_target), hence the unusual guard.
#if defined(GAINSTAGE_NEURAL_MIX_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef GAINSTAGE_NEURAL_MIX_INL_H
#undef GAINSTAGE_NEURAL_MIX_INL_H
#else
#define GAINSTAGE_NEURAL_MIX_INL_H
#endif

#include <hwy/highway.h>
#include <span>

#include "neural/kernels/history.h"
#include "neural/kernels/matrix.h"

/// The kernel that nearly all of a network's work is: rows of samples times a matrix. Time runs along the
/// vectors, so that channels may be as few as they like and no lane is ever idle:
///
///              frames ──▶  |v0 v1|v2 v3|     a tile: kRows outputs x kVectors vectors, all in registers;
///     outputs  o0          | tile|     |     for each input row its kVectors vectors are loaded once, and
///        │     o1          |     |     |     each of the kRows weights, broadcast, is used on all of them
///        ▼     o2 ...
HWY_BEFORE_NAMESPACE();
namespace gainstage::neural::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using FloatVector = hn::Vec<FloatTag>;

struct MixTask {
  std::span<const Bundle> bundles;
  const float* weights;    // one line of `lineLength` for each input row
  std::size_t lineLength;  // outputs
  const float* bias;       // one for each output
  ConstRows add;           // added to the outputs; may be `out`. first == nullptr: nothing
  Rows out;
};

// 32 registers of AVX-512 hold a tile of 16 sums, the 16 of others one of 8 (or 12). A multiply-add takes 4
// cycles and 1 or 2 begin in each: below 8 sums they would wait for each other.
#if HWY_TARGET <= HWY_AVX3
constexpr std::size_t kTallest = 8;
constexpr std::size_t kWidest[kTallest + 1] = {0, 4, 4, 4, 4, 2, 2, 2, 2};
#else
constexpr std::size_t kTallest = 4;
constexpr std::size_t kWidest[kTallest + 1] = {0, 4, 4, 2, 2};
#endif

template <std::size_t kRows, std::size_t kVectors>
GAINSTAGE_KERNEL void MixTile(const MixTask& task, std::size_t output, std::size_t frame) {
  const FloatTag d;
  const std::size_t lanes = hn::Lanes(d);
  FloatVector sums[kRows][kVectors];
#pragma GCC unroll 8
  for (std::size_t r = 0; r < kRows; ++r) {
    const auto bias = hn::Set(d, task.bias[output + r]);
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = bias;
  }
  if (task.add.first != nullptr) {
#pragma GCC unroll 8
    for (std::size_t r = 0; r < kRows; ++r) {
      const float* row = task.add.row(output + r) + frame;
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v)
        sums[r][v] = hn::Add(sums[r][v], hn::LoadU(d, row + v * lanes));
    }
  }

  const float* HWY_RESTRICT weights = task.weights + output;
  for (const Bundle& bundle : task.bundles) {
    const float* row = bundle.rows.first + frame;
    for (std::size_t i = 0; i < bundle.count; ++i) {
      FloatVector inputs[kVectors];
#pragma GCC unroll 4
      for (std::size_t v = 0; v < kVectors; ++v) inputs[v] = hn::LoadU(d, row + v * lanes);
#pragma GCC unroll 8
      for (std::size_t r = 0; r < kRows; ++r) {
        const auto weight = hn::Set(d, weights[r]);
#pragma GCC unroll 4
        for (std::size_t v = 0; v < kVectors; ++v) sums[r][v] = hn::MulAdd(inputs[v], weight, sums[r][v]);
      }
      row += bundle.rows.stride;
      weights += task.lineLength;
    }
  }

#pragma GCC unroll 8
  for (std::size_t r = 0; r < kRows; ++r) {
    float* row = task.out.row(output + r) + frame;
#pragma GCC unroll 4
    for (std::size_t v = 0; v < kVectors; ++v) hn::StoreU(sums[r][v], d, row + v * lanes);
  }
}

/// kRows outputs over all `vectors`: the widest tiles first, then what is left.
template <std::size_t kRows>
GAINSTAGE_KERNEL void MixStripe(const MixTask& task, std::size_t output, std::size_t vectors) {
  constexpr std::size_t kWide = kWidest[kRows];
  const std::size_t lanes = hn::Lanes(FloatTag());
  std::size_t v = 0;
  for (; v + kWide <= vectors; v += kWide) MixTile<kRows, kWide>(task, output, v * lanes);
  if constexpr (kWide > 2)
    if (v + 2 <= vectors) MixTile<kRows, 2>(task, output, v * lanes), v += 2;
  if (v < vectors) MixTile<kRows, 1>(task, output, v * lanes);
}

/// out = bias + add + weights x rows, for `outputs` outputs and `frames` frames.
GAINSTAGE_KERNEL void Mix(const MixTask& task, std::size_t outputs, std::size_t frames) {
  const std::size_t lanes = hn::Lanes(FloatTag());
  const std::size_t vectors = (frames + lanes - 1) / lanes;
  std::size_t output = 0;
  for (; output + kTallest <= outputs; output += kTallest) MixStripe<kTallest>(task, output, vectors);
  switch (outputs - output) {
    case 1:
      return MixStripe<1>(task, output, vectors);
    case 2:
      return MixStripe<2>(task, output, vectors);
    case 3:
      return MixStripe<3>(task, output, vectors);
#if HWY_TARGET <= HWY_AVX3
    case 4:
      return MixStripe<4>(task, output, vectors);
    case 5:
      return MixStripe<5>(task, output, vectors);
    case 6:
      return MixStripe<6>(task, output, vectors);
    case 7:
      return MixStripe<7>(task, output, vectors);
#endif
    default:
      return;
  }
}

/// All groups of a matrix. `bundles` are its taps' rows, oldest first, then those of what was packed beside
/// it; they are changed on the way.
GAINSTAGE_KERNEL void MixGroups(const Matrix& matrix, std::span<Bundle> bundles, ConstRows add, Rows out,
                                std::size_t frames) {
  const auto groups = static_cast<std::size_t>(matrix.groups);
  const std::size_t inputs = static_cast<std::size_t>(matrix.inputs) / groups;
  const std::size_t outputs = static_cast<std::size_t>(matrix.outputs) / groups;
  MixTask task{bundles, matrix.weights.data(), outputs, matrix.bias.data(), add, out};
  Mix(task, outputs, frames);
  for (std::size_t g = 1; g < groups; ++g) {
    for (Bundle& bundle : bundles) bundle.rows = bundle.rows.from(inputs);
    task.weights += outputs * inputs * static_cast<std::size_t>(matrix.kernel);
    task.bias += outputs;
    task.out = task.out.from(outputs);
    if (add.first != nullptr) task.add = task.add.from(outputs);
    Mix(task, outputs, frames);
  }
}

/// out = matrix x rows (+ add). The matrix has one tap.
GAINSTAGE_KERNEL void Multiply(const Matrix& matrix, ConstRows rows, ConstRows add, Rows out,
                               std::size_t frames) {
  Bundle bundle{rows, static_cast<std::size_t>(matrix.inputs / matrix.groups)};
  MixGroups(matrix, {&bundle, 1}, add, out, frames);
}

/// out = convolution of the history, plus what was packed beside it times `beside`. `bundles` has room for a
/// tap each and one more.
GAINSTAGE_KERNEL void Convolve(const Matrix& matrix, const History& history, ConstRows beside,
                               std::span<Bundle> bundles, Rows out, std::size_t frames) {
  const auto inputs = static_cast<std::size_t>(matrix.inputs / matrix.groups);
  std::size_t count = 0;
  if (matrix.besides > 0) bundles[count++] = {beside, static_cast<std::size_t>(matrix.besides)};
  std::size_t delay = matrix.span();
  for (int k = 0; k < matrix.kernel; ++k, delay -= static_cast<std::size_t>(matrix.dilation))
    bundles[count++] = {history.ago(delay), inputs};
  MixGroups(matrix, bundles.first(count), {}, out, frames);
}

}  // namespace gainstage::neural::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
