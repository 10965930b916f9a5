#pragma once

#include <functional>

namespace gainstage::neural {

/// Calls `check` for every instruction set that was compiled and that this machine has, in turn the one in
/// use, its name in the trace of failures.
void onEveryInstructionSet(const std::function<void()>& check);

}  // namespace gainstage::neural
