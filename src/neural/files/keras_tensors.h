#pragma once

#include <string>
#include <vector>

#include "neural/files/reading.h"

namespace gainstage::neural::files {

/// Nested lists of numbers of exactly those sizes, outermost first, as one list, row by row. Complains, and
/// gives nothing, where they have others. [control]
std::vector<float> readTensor(const Json& value, std::span<const int> sizes, const std::string& path,
                              Reading& reading);

/// Rows become columns: `rows` x `columns` in, `columns` x `rows` out.
std::vector<float> transposed(std::span<const float> matrix, int rows, int columns);

}  // namespace gainstage::neural::files
