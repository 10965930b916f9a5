#pragma once

#include <array>

#include "neural/files/reading.h"
#include "neural/network.h"

namespace gainstage::neural::files {

/// A 1x1 convolution or a modulation that every layer of an array has, or none.
struct NamPart {
  bool active = false;
  bool shift = true;
  int outputs = 0;
  int groups = 1;
};

/// What the layers of an array have in common.
struct NamLayers {
  int condition = 1;
  int channels = 1;
  int bottleneck = 1;
  int groupsInput = 1;
  int groupsMixin = 1;
  NamPart layer1x1, head1x1;
  std::array<NamPart, kFilmPlaces> films;

  bool hasGroups() const;
};

/// Reads it from an entry of a WaveNet's "layers". [control]
NamLayers readNamLayers(Fields& array);

/// Gives a layer, whose gating is known, its convolutions and modulations, without their weights. [control]
void makeParts(WaveNetLayer& layer, const NamLayers& common, int kernel, int dilation, Fields& array);

}  // namespace gainstage::neural::files
