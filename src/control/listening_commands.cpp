#include <algorithm>
#include <fmt/format.h>

#include "control/commands.h"
#include "control/meters_json.h"
#include "formats/nearest_name.h"

/// What a listener asks: how loud, and how much of it.
namespace gainstage::control {
namespace {

Error unknown(const char* what, const std::string& name, const std::vector<std::string>& known) {
  const std::string nearest = formats::nearestName(name, known);
  return {ErrorKind::usage,
          fmt::format("There is no {} \"{}\"{}.", what, name,
                      nearest.empty() ? "" : fmt::format("; did you mean \"{}\"", nearest))};
}

}  // namespace

Result<Json> Commands::spl(std::span<const std::string> words) {
  if (words.size() > 1) return Error{ErrorKind::usage, "Usage: spl [OUTPUT]"};
  const console::Session session = engine_.session();
  Json outputs = Json::object();
  std::vector<std::string> ids;
  for (const console::OutputState& output : session.outputs) {
    ids.push_back(output.id);
    if (words.empty() || words[0] == output.id)
      outputs[output.id] = splJson(output, engine_.outputMeters(output.id));
  }
  if (!words.empty() && outputs.empty()) return unknown("output", words[0], ids);
  return Json{{"outputs", outputs}};
}

Result<Json> Commands::dose(std::span<const std::string> words) {
  if (words.size() > 1) return Error{ErrorKind::usage, "Usage: dose [LISTENER]"};
  std::vector<std::string> names = doses_ ? doses_->listeners() : std::vector<std::string>();
  for (const console::OutputState& output : engine_.session().outputs)
    if (std::ranges::find(names, listenerOf(output)) == names.end()) names.push_back(listenerOf(output));
  Json listeners = Json::object();
  for (const std::string& name : names)
    if (doses_ && (words.empty() || words[0] == name)) listeners[name] = doses_->json(name);
  if (!words.empty() && listeners.empty()) return unknown("listener", words[0], names);
  return Json{{"listeners", listeners}};
}

}  // namespace gainstage::control
