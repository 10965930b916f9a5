#include <fmt/format.h>

#include "neural/files/nam.h"

namespace gainstage::neural::files {
namespace {

// A container of more is no set of sizes that anybody trained; it bounds what a file of empty models costs.
constexpr std::size_t kMaxSubmodels = 64;

}  // namespace

Sizes readSizesContainer(Fields& model, const NamPlace& place, Reading& reading, const Json*& largest) {
  Fields config = configOf(model);
  const Json* list = config.require("submodels");
  config.finish();
  if (!list || reading.failed()) return {};
  const std::string path = config.pathOf("submodels");
  if (!list->is_array() || list->empty() || list->size() > kMaxSubmodels) {
    reading.problems.add(path, fmt::format("should be a list of 1 to {} models, but is {}", kMaxSubmodels,
                                           list->is_array() ? fmt::format("one of {}", list->size())
                                                            : formats::describe(*list)));
    return {};
  }
  Sizes sizes;
  double before = 0.0;
  for (const Json& entry : *list) {
    Fields fields(entry, fmt::format("{}[{}]", path, sizes.entries.size()), reading);
    const Json* maximum = fields.require("max_value");
    const Json* inner = fields.require("model");
    fields.finish();
    if (reading.failed()) return {};
    const double size = maximum->is_number() ? maximum->get<double>() : 0.0;
    const bool last = sizes.entries.size() + 1 == list->size();
    if (!(size > before) || (last && size < 1.0)) {
      fields.refuse("max_value", fmt::format("should be a number above {}{}, but is {}", before,
                                             last ? " and, for the last model, at least 1" : "",
                                             formats::describe(*maximum)));
      return {};
    }
    before = size;
    const NamModel read =
        readNamModel(*inner, {fields.pathOf("model"), place.depth + 1, place.isCondition}, reading);
    if (reading.failed()) return {};
    sizes.entries.push_back({size, read.network});
    largest = read.largest ? read.largest : read.json;
  }
  return sizes;
}

}  // namespace gainstage::neural::files
