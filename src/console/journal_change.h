#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/json.h"

namespace gainstage::console {

/// One difference between two documents of a session. What it is at follows from its path, which goes as
/// addresses do (path.h) and further, to whatever a session holds: a value ("strips/gtr/trimDb",
/// "strips/gtr/name"), an element of a list that was added or removed ("strips/gtr/rig/gate",
/// "outputs/phones1/mix/gtr.wet"), or a list whose elements, by id, are others or stand in another order
/// ("strips", "strips/gtr/rig").
struct Change {
  std::string path;
  std::optional<formats::Json> before;  ///< nothing: the element was not there
  std::optional<formats::Json> after;
};

/// What makes `after` out of `before`, in the order to be applied: both as sessionToJson gives them.
/// [control]
std::vector<Change> differences(const formats::Json& before, const formats::Json& after);

/// Gives the document the changes' `after` values, or, where not `forward`, their `before` values. Error
/// (fault): a path leads nowhere, and the document is of no use any more. [control]
Result<void> apply(formats::Json& document, const std::vector<Change>& changes, bool forward);

/// Changes as they stand in a journal, and back; nothing where the JSON is not of that form. [control]
formats::Json changesToJson(const std::vector<Change>& changes);
std::optional<std::vector<Change>> changesFromJson(const formats::Json& json);

}  // namespace gainstage::console
