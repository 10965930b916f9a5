#pragma once

#include "neural/network.h"

namespace gainstage::neural {

/// A slimmable WaveNet cut to a size of 0..1: of each array that may be cut the width at floor(size x
/// widths), the last for 1; first channels stay, as the trainer's `slice_channels_uniform` has it. Others are
/// returned as they are. [control]
WaveNet cutToSize(const WaveNet& network, double size);

}  // namespace gainstage::neural
