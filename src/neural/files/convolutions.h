#pragma once

#include <string>

#include "neural/files/reading.h"
#include "neural/network.h"

namespace gainstage::neural::files {

/// A convolution of those sizes without its weights yet. Complains, naming `path`, where the groups do not
/// divide the channels. [control]
Convolution makeConvolution(const Convolution& sizes, const std::string& path, Reading& reading);

/// Counts what a network's convolutions remember, layer after layer, and complains when it is too much.
class ReceptiveField {
 public:
  explicit ReceptiveField(Reading& reading) : reading_(reading) {}

  /// `path` names the layer. [control]
  void add(const Convolution& convolution, const std::string& path);

 private:
  Reading& reading_;
  std::int64_t frames_ = 0;
};

}  // namespace gainstage::neural::files
