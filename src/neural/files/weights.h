#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "neural/files/reading.h"
#include "neural/network.h"

namespace gainstage::neural::files {

/// Where a file's weights go, in the order in which it holds them. What is added stays where it is until
/// they are filled in. All of it [control].
class WeightPlan {
 public:
  void add(std::vector<float>& into, std::int64_t count);
  void add(float& into);
  /// Its matrix, group by group, then its bias.
  void add(Convolution& convolution, bool bias);

  /// How many there must be. No overflow: each part has at most 2^41, and a file 2^17 parts.
  std::int64_t total() const { return total_; }
  /// `weights`: exactly that many.
  void fill(std::span<const float> weights) const;

 private:
  struct Part {
    std::vector<float>* list;
    float* single;
    std::int64_t count;
  };
  std::vector<Part> parts_;
  std::int64_t total_ = 0;
};

/// Fills in a model's weights, if they are as many as its configuration needs and all finite; complains if
/// they are not. Nothing is allocated before.
bool fillWeights(Fields& model, const WeightPlan& plan);

}  // namespace gainstage::neural::files
