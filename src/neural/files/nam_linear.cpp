#include <fmt/format.h>

#include "neural/files/nam.h"
#include "neural/files/weights.h"

namespace gainstage::neural::files {

Linear readLinear(Fields& model, Reading& reading) {
  Fields config = configOf(model);
  const int frames = config.size("receptive_field", kMaxReceptiveField);
  config.require("bias");
  const bool biased = config.flag("bias", false);
  for (const char* key : {"in_channels", "out_channels"})
    if (const int channels = config.size(key, kMaxChannels, 1); channels != 1)
      config.refuse(key, fmt::format("is {}, and a Linear model is played with one channel only", channels));
  config.find("implementation");  // how the reference player should go about it: no matter here
  config.finish();
  if (reading.failed()) return {};
  Linear linear;
  WeightPlan plan;
  plan.add(linear.response, frames);
  if (biased) plan.add(linear.bias);
  fillWeights(model, plan);
  return linear;
}

}  // namespace gainstage::neural::files
