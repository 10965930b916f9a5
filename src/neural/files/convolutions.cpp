#include "neural/files/convolutions.h"

#include <fmt/format.h>

namespace gainstage::neural::files {

Convolution makeConvolution(const Convolution& sizes, const std::string& path, Reading& reading) {
  if (sizes.inputs % sizes.groups != 0 || sizes.outputs % sizes.groups != 0)
    reading.problems.add(path, fmt::format("has {} groups, which do not divide its {} inputs and {} outputs",
                                           sizes.groups, sizes.inputs, sizes.outputs));
  return sizes;
}

void ReceptiveField::add(const Convolution& convolution, const std::string& path) {
  const std::int64_t frames = static_cast<std::int64_t>(convolution.kernel - 1) * convolution.dilation;
  frames_ += frames;
  reading_.history += frames * convolution.inputs;
  if (reading_.failed()) return;
  if (frames_ > kMaxReceptiveField)
    reading_.problems.add(
        path, fmt::format("takes the receptive field to {} frames, and at most {} are played", frames_,
                          kMaxReceptiveField));
  else if (reading_.history > kMaxHistory)
    reading_.problems.add(path,
                          fmt::format("takes what the convolutions remember to {} numbers, and at most {} "
                                      "are played",
                                      reading_.history, kMaxHistory));
  else if (++reading_.layers > kMaxLayers)
    reading_.problems.add(path, fmt::format("is one layer more than the {} that are played", kMaxLayers));
}

}  // namespace gainstage::neural::files
