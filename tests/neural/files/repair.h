#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gainstage::neural {

/// A capture whose sizes somebody changed, with as many weights as they now need: what `sentence` (of the
/// reader, for a file named "fuzz") asks for is given in that one place. Nothing where it asks for something
/// else, or for more than a few thousand. With it, damage reaches beyond the first count that is wrong.
std::optional<std::string> repaired(std::string_view text, std::string_view sentence);

}  // namespace gainstage::neural
