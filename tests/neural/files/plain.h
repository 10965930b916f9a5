#pragma once

#include <vector>

#include "neural/network.h"

namespace gainstage::neural::plain {

/// One row for each channel.
using Signal = std::vector<std::vector<double>>;

/// What a network makes of a signal after silence, worked out in doubles, straight from what network.h says
/// and without any cleverness: what players and readers are held against. Sizes play the last. `quirk`: as
/// the reference player does, the modulation after layer1x1 counts only where the gating is blended.
Signal play(const Network& network, const Signal& input, bool quirk = true);

/// The same of one channel, after `silence` frames that are played and thrown away.
std::vector<double> playSettled(const Network& network, const std::vector<float>& input, int silence);

}  // namespace gainstage::neural::plain
