#include "neural/files/weights.h"

#include <fmt/format.h>

namespace gainstage::neural::files {

void WeightPlan::add(std::vector<float>& into, std::int64_t count) {
  parts_.push_back({&into, nullptr, count});
  total_ += count;
}

void WeightPlan::add(float& into) {
  parts_.push_back({nullptr, &into, 1});
  ++total_;
}

void WeightPlan::add(Convolution& convolution, bool bias) {
  const std::int64_t inputs = convolution.inputs / convolution.groups;
  add(convolution.weights, inputs * convolution.outputs * convolution.kernel);
  if (bias) add(convolution.bias, convolution.outputs);
}

void WeightPlan::fill(std::span<const float> weights) const {
  for (const Part& part : parts_) {
    const auto own = weights.first(static_cast<std::size_t>(part.count));
    if (part.list)
      part.list->assign(own.begin(), own.end());
    else
      *part.single = own.front();
    weights = weights.subspan(own.size());
  }
}

bool fillWeights(Fields& model, const WeightPlan& plan) {
  Reading& reading = model.reading();
  const Json* list = reading.failed() ? nullptr : model.require("weights");
  if (!list) return false;
  const Numbers weights(*list, model.pathOf("weights"), reading);
  if (reading.failed()) return false;
  if (std::ssize(weights.values()) != plan.total()) {
    model.refuse("weights", fmt::format("holds {} numbers, but the configuration needs {}",
                                        weights.values().size(), plan.total()));
    return false;
  }
  plan.fill(weights.values());
  return true;
}

}  // namespace gainstage::neural::files
