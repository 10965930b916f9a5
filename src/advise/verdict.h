#pragma once

#include "advise/owner.h"

namespace gainstage::advise {

/// Interface, headphone amplifier, both, or neither: with the deciding figures, what would change it, and the
/// products that do it, cheapest first. [control]
Answer verdictFor(const Owner& owner, const Catalogue& catalogue);

/// What a headphone is plugged into as things stand: their amplifier, their interface, or their computer.
/// [control]
OutputModel presentOutput(const Owner& owner, const Catalogue& catalogue);

}  // namespace gainstage::advise
