#include "neural/files/keras_tensors.h"

#include <fmt/format.h>

namespace gainstage::neural::files {
namespace {

/// Appends one level after the other; nothing is appended where a size differs.
void append(const Json& value, std::span<const int> sizes, const std::string& path, Reading& reading,
            std::vector<float>& into) {
  const std::size_t entries = isList(value) ? entriesOf(value, reading) : 0;
  const bool nested = sizes.size() > 1;
  if (!isList(value) || entries != static_cast<std::size_t>(sizes.front()) || (nested && value.is_binary())) {
    reading.problems.add(
        path, fmt::format("should be a list of {} {}, but is {}", sizes.front(), nested ? "lists" : "numbers",
                          isList(value) ? fmt::format("one of {}", entries) : formats::describe(value)));
    return;
  }
  if (nested) {
    for (std::size_t i = 0; i < entries && !reading.failed(); ++i)
      append(value[i], sizes.subspan(1), fmt::format("{}[{}]", path, i), reading, into);
    return;
  }
  const Numbers numbers(value, path, reading);
  if (!reading.failed()) into.insert(into.end(), numbers.values().begin(), numbers.values().end());
}

}  // namespace

std::vector<float> readTensor(const Json& value, std::span<const int> sizes, const std::string& path,
                              Reading& reading) {
  std::vector<float> read;
  append(value, sizes, path, reading, read);
  return read;
}

std::vector<float> transposed(std::span<const float> matrix, int rows, int columns) {
  std::vector<float> turned;
  turned.reserve(matrix.size());
  for (int column = 0; column < columns; ++column)
    for (int row = 0; row < rows; ++row)
      turned.push_back(matrix[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                              static_cast<std::size_t>(column)]);
  return turned;
}

}  // namespace gainstage::neural::files
