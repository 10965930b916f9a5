#pragma once

#include <iosfwd>

#include "advise/owner.h"

namespace gainstage::app {

/// Asks for what `gainstage advise` else takes as options, and asks again where an answer is not understood.
/// Ends with what there is where the input does.
advise::OwnerWords askOwner(std::istream& in, std::ostream& out, const advise::Catalogue& catalogue);

}  // namespace gainstage::app
