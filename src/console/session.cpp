#include "console/session.h"

namespace gainstage::console {

Values defaultsOf(std::span<const Parameter> parameters) {
  Values values;
  for (const Parameter& parameter : parameters) values.push_back(parameter.defaultValue);
  return values;
}

}  // namespace gainstage::console
