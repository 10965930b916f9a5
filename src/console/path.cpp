#include "console/path.h"

#include <algorithm>
#include <fmt/format.h>

#include "console/session_words.h"
#include "console/value_text.h"
#include "formats/json_reader.h"
#include "formats/nearest_name.h"

namespace gainstage::console {
namespace {

constexpr std::array kStripAttributes{Parameter{.id = "kind",
                                                .name = "Kind",
                                                .unit = "",
                                                .type = ParameterType::choice,
                                                .maximum = 2.0f,
                                                .defaultValue = 2.0f,
                                                .choices = kStripKindWords,
                                                .structural = true}};
constexpr std::array kOutputAttributes{Parameter{.id = "kind",
                                                 .name = "Kind",
                                                 .unit = "",
                                                 .type = ParameterType::choice,
                                                 .maximum = 3.0f,
                                                 .choices = kOutputKindWords,
                                                 .structural = true},
                                       Parameter{.id = "liveInputs",
                                                 .name = "Live inputs",
                                                 .unit = "",
                                                 .type = ParameterType::toggle,
                                                 .structural = true},
                                       Parameter{.id = "correctionFile",
                                                 .name = "Correction",
                                                 .unit = "",
                                                 .type = ParameterType::file,
                                                 .structural = true}};
/// With the figures of its gear behind them.
std::span<const Parameter> outputAttributes() {
  static const auto all = [] {
    std::vector<Parameter> list(kOutputAttributes.begin(), kOutputAttributes.end());
    list.insert(list.end(), gearFigures().begin(), gearFigures().end());
    return list;
  }();
  return all;
}
constexpr std::array kBlockAttributes{
    Parameter{.id = "on", .name = "On", .unit = "", .type = ParameterType::toggle, .defaultValue = 1.0f}};

/// What has values and no elements.
struct Bus {
  std::string_view word;
  Owner owner;
  std::span<const Parameter> parameters;
};
const std::array kBuses{
    Bus{"tempo", Owner::tempo, tempoParameters()},
    Bus{"reverb", Owner::reverb, reverbParameters()},
    Bus{"metronome", Owner::metronome, metronomeParameters()},
    Bus{"talkback", Owner::talkback, talkbackParameters()},
};

/// Walks an address segment by segment and knows what to complain of.
class Walk {
 public:
  explicit Walk(std::string_view path) : path_(path), rest_(path) {}

  /// The next segment, empty at the end.
  std::string_view next() {
    const auto slash = rest_.find('/');
    const auto segment = rest_.substr(0, slash);
    rest_ = slash == std::string_view::npos ? std::string_view() : rest_.substr(slash + 1);
    return segment;
  }
  bool atEnd() const { return rest_.empty(); }

  Error unknown(std::string_view what, std::string_view segment,
                const std::vector<std::string>& known) const {
    const auto near = formats::nearestName(segment, known);
    std::string hint = "there is none in this session";
    if (!near.empty())
      hint = fmt::format("did you mean \"{}\"?", near);
    else if (!known.empty())
      hint = fmt::format("there is {}", fmt::join(known, ", "));
    return {ErrorKind::usage, fmt::format("{}: there is no {} {}; {}", formats::inQuotes(path_), what,
                                          formats::inQuotes(segment), hint)};
  }

 private:
  std::string_view path_;
  std::string_view rest_;
};

template <typename Element>
std::vector<std::string> idsOf(const std::vector<Element>& elements) {
  std::vector<std::string> ids;
  for (const Element& element : elements) ids.push_back(element.id);
  return ids;
}

/// Index of the element whose id is the walk's next segment.
template <typename Element>
Result<int> findElement(Walk& walk, std::string_view what, const std::vector<Element>& elements) {
  const auto id = walk.next();
  const auto found = std::ranges::find(elements, id, &Element::id);
  if (found == elements.end()) return walk.unknown(what, id, idsOf(elements));
  return static_cast<int>(found - elements.begin());
}

/// The walk's last segment as a key among `declared` and `attributes`; `further` are segments that lead
/// deeper.
Result<ParameterRef> findKey(Walk& walk, ParameterRef ref, std::span<const Parameter> declared,
                             std::span<const Parameter> attributes = {},
                             std::vector<std::string> further = {}) {
  const auto key = walk.next();
  if (walk.atEnd()) {
    if (const auto index = indexOf(declared, key)) {
      ref.index = *index;
      ref.parameter = &declared[*index];
      return ref;
    }
    if (const auto index = indexOf(attributes, key)) {
      ref.index = static_cast<ParameterIndex>(kFirstAttribute + *index);
      ref.parameter = &attributes[*index];
      return ref;
    }
  }
  for (const Parameter& parameter : declared) further.emplace_back(parameter.id);
  for (const Parameter& attribute : attributes) further.emplace_back(attribute.id);
  return walk.unknown("parameter", key, further);
}

/// Every send that a mix could list.
std::vector<SendState> allSends(const Session& session) {
  std::vector<SendState> sends;
  for (const StripState& strip : session.strips) {
    sends.push_back({.kind = SourceKind::direct, .source = strip.id});
    sends.push_back({.kind = SourceKind::wet, .source = strip.id});
  }
  for (const ReturnState& entry : session.returns)
    sends.push_back({.kind = SourceKind::streamReturn, .source = entry.id});
  for (const SourceKind bus : kBusKinds) sends.push_back({.kind = bus, .source = {}});
  return sends;
}

Result<ParameterRef> findStrip(const Session& session, Walk& walk) {
  const auto index = findElement(walk, "strip", session.strips);
  if (!index) return index.error();
  ParameterRef ref{.owner = Owner::strip, .element = *index};
  Walk deeper = walk;
  if (deeper.next() != "rig" || deeper.atEnd())
    return findKey(walk, ref, stripParameters(), kStripAttributes, {"rig"});
  const auto& blocks = session.strips[static_cast<std::size_t>(*index)].rig.blocks;
  const auto block = findElement(deeper, "block", blocks);
  if (!block) return block.error();
  ref.owner = Owner::block;
  ref.block = *block;
  return findKey(deeper, ref, blocks[static_cast<std::size_t>(*block)].declaration->parameters,
                 kBlockAttributes);
}

Result<ParameterRef> findOutput(const Session& session, Walk& walk) {
  const auto index = findElement(walk, "output", session.outputs);
  if (!index) return index.error();
  ParameterRef ref{.owner = Owner::output, .element = *index};
  Walk deeper = walk;
  if (deeper.next() != "mix" || deeper.atEnd())
    return findKey(walk, ref, outputParameters(), outputAttributes(), {"mix"});
  const auto address = deeper.next();
  std::vector<std::string> known;
  for (const SendState& send : allSends(session)) {
    known.push_back(sendAddress(send.kind, send.source));
    if (known.back() != address) continue;
    ref.owner = Owner::send;
    ref.source = send.kind;
    ref.sourceId = send.source;
    return findKey(deeper, ref, sendParameters());
  }
  return deeper.unknown("source", address, known);
}

void listKeys(const std::string& prefix, std::span<const Parameter> parameters,
              std::vector<std::string>& paths) {
  for (const Parameter& parameter : parameters) paths.push_back(fmt::format("{}/{}", prefix, parameter.id));
}

}  // namespace

Result<ParameterRef> resolve(const Session& session, std::string_view path) {
  Walk walk(path);
  const auto word = walk.next();
  if (word == "strips") return findStrip(session, walk);
  if (word == "outputs") return findOutput(session, walk);
  std::vector<std::string> known{"strips", "outputs"};
  for (const Bus& bus : kBuses) {
    known.emplace_back(bus.word);
    if (bus.word == word) return findKey(walk, {.owner = bus.owner}, bus.parameters);
  }
  if (word == "returns")
    return Error{ErrorKind::usage, fmt::format("{}: a return has no parameters; its level in a mix is "
                                               "outputs/OUTPUT/mix/RETURN/levelDb",
                                               formats::inQuotes(path))};
  return walk.unknown("part", word, known);
}

std::string pathOf(const Session& session, const ParameterRef& ref) {
  const auto element = static_cast<std::size_t>(ref.element);
  const auto id = ref.parameter->id;
  switch (ref.owner) {
    case Owner::strip:
      return fmt::format("strips/{}/{}", session.strips[element].id, id);
    case Owner::block: {
      const StripState& strip = session.strips[element];
      return fmt::format("strips/{}/rig/{}/{}", strip.id,
                         strip.rig.blocks[static_cast<std::size_t>(ref.block)].id, id);
    }
    case Owner::output:
      return fmt::format("outputs/{}/{}", session.outputs[element].id, id);
    case Owner::send:
      return fmt::format("outputs/{}/mix/{}/{}", session.outputs[element].id,
                         sendAddress(ref.source, ref.sourceId), id);
    default:
      return fmt::format("{}/{}", std::ranges::find(kBuses, ref.owner, &Bus::owner)->word, id);
  }
}

std::vector<std::string> listPaths(const Session& session) {
  std::vector<std::string> paths;
  listKeys("tempo", tempoParameters(), paths);
  for (const StripState& strip : session.strips) {
    const std::string prefix = "strips/" + strip.id;
    listKeys(prefix, kStripAttributes, paths);
    listKeys(prefix, stripParameters(), paths);
    for (const rig::BlockState& block : strip.rig.blocks) {
      listKeys(prefix + "/rig/" + block.id, kBlockAttributes, paths);
      listKeys(prefix + "/rig/" + block.id, block.declaration->parameters, paths);
    }
  }
  for (const Bus& bus : kBuses)
    if (bus.owner != Owner::tempo) listKeys(std::string(bus.word), bus.parameters, paths);
  const auto sends = allSends(session);
  for (const OutputState& output : session.outputs) {
    const std::string prefix = "outputs/" + output.id;
    listKeys(prefix, outputAttributes(), paths);
    listKeys(prefix, outputParameters(), paths);
    for (const SendState& send : sends)
      listKeys(prefix + "/mix/" + sendAddress(send.kind, send.source), sendParameters(), paths);
  }
  return paths;
}

}  // namespace gainstage::console
