#pragma once

#include <string_view>

#include "advise/product.h"

namespace gainstage::advise {

/// The text of catalogue/<kind>.csv as it was when the program was built. [any thread]
std::string_view builtInTable(Kind kind) noexcept;

}  // namespace gainstage::advise
