#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <limits>
#include <tuple>

#include "console/path.h"
#include "console/value_text.h"
#include "rig/rig_json.h"

namespace gainstage::console {
namespace {

constexpr std::string_view kUnknownWord = "unknown";

constexpr std::size_t at(int index) { return static_cast<std::size_t>(index); }

template <typename AnySession>
auto& blockOf(AnySession& session, const ParameterRef& ref) {
  return session.strips[at(ref.element)].rig.blocks[at(ref.block)];
}

/// The list that the reference's declared parameter counts in; nullptr for a send that is not listed.
template <typename AnySession>
auto* valuesOf(AnySession& session, const ParameterRef& ref) {
  switch (ref.owner) {
    case Owner::strip:
      return &session.strips[at(ref.element)].values;
    case Owner::block:
      return &blockOf(session, ref).values;
    case Owner::output:
      return &session.outputs[at(ref.element)].values;
    case Owner::send: {
      const auto index = sendIndex(session, ref);
      return index ? &session.outputs[at(ref.element)].mix[*index].values : nullptr;
    }
    case Owner::tempo:
      return &session.tempo;
    case Owner::reverb:
      return &session.reverb;
    case Owner::metronome:
      return &session.metronome;
    case Owner::talkback:
      break;
  }
  return &session.talkback;
}

bool isGear(const ParameterRef& ref) { return ref.owner == Owner::output && ref.index >= kOutputGear; }

template <typename AnySession>
auto& gearOf(AnySession& session, const ParameterRef& ref) {
  return gearFigure(session.outputs[at(ref.element)], static_cast<GearFigure>(ref.index - kOutputGear));
}

/// The path and the known hash of the file that the reference leads to.
template <typename AnySession>
auto fileOf(AnySession& session, const ParameterRef& ref) {
  if (ref.owner == Owner::output) {
    auto& output = session.outputs[at(ref.element)];
    return std::tie(output.correctionFile, output.correctionFileHash);
  }
  auto& block = blockOf(session, ref);
  return std::tie(block.files[ref.index], block.fileHashes[ref.index]);
}

float getAttribute(const Session& session, const ParameterRef& ref) {
  if (ref.owner == Owner::block) return blockOf(session, ref).on ? 1.0f : 0.0f;
  if (ref.owner == Owner::strip) return static_cast<float>(session.strips[at(ref.element)].kind);
  if (isGear(ref))
    return static_cast<float>(gearOf(session, ref).value_or(std::numeric_limits<double>::quiet_NaN()));
  const OutputState& output = session.outputs[at(ref.element)];
  if (ref.index == kOutputLiveInputs) return output.liveInputs ? 1.0f : 0.0f;
  return static_cast<float>(output.kind);
}

void setAttribute(Session& session, const ParameterRef& ref, float value) {
  if (ref.owner == Owner::block)
    blockOf(session, ref).on = value != 0.0f;
  else if (ref.owner == Owner::strip)
    session.strips[at(ref.element)].kind = static_cast<StripKind>(value);
  else if (ref.index == kOutputLiveInputs)
    session.outputs[at(ref.element)].liveInputs = value != 0.0f;
  else
    session.outputs[at(ref.element)].kind = static_cast<OutputKind>(value);
}

}  // namespace

std::optional<std::size_t> sendIndex(const Session& session, const ParameterRef& ref) {
  const auto& mix = session.outputs[at(ref.element)].mix;
  const auto found = std::ranges::find_if(
      mix, [&](const SendState& send) { return send.kind == ref.source && send.source == ref.sourceId; });
  if (found == mix.end()) return std::nullopt;
  return static_cast<std::size_t>(found - mix.begin());
}

float get(const Session& session, const ParameterRef& ref) {
  if (ref.parameter->type == ParameterType::file) return 0.0f;
  if (ref.index >= kFirstAttribute) return getAttribute(session, ref);
  const Values* values = valuesOf(session, ref);
  return values ? (*values)[ref.index] : ref.parameter->defaultValue;
}

void set(Session& session, const ParameterRef& ref, float value) {
  if (isGear(ref)) {
    auto& figure = gearOf(session, ref);
    figure.reset();
    if (!std::isnan(value)) figure = static_cast<double>(ref.parameter->clamp(value));
    return;
  }
  value = ref.parameter->clamp(value);
  if (ref.index >= kFirstAttribute) return setAttribute(session, ref, value);
  Values* values = valuesOf(session, ref);
  if (!values)
    values = &session.outputs[at(ref.element)].mix.emplace_back(SendState{ref.source, ref.sourceId}).values;
  (*values)[ref.index] = value;
}

std::string getText(const Session& session, const ParameterRef& ref) {
  if (ref.parameter->type == ParameterType::file) return std::get<0>(fileOf(session, ref));
  if (isGear(ref) && !gearOf(session, ref)) return std::string(kUnknownWord);
  if (isGear(ref)) return fmt::format("{}", *gearOf(session, ref));
  return valueText(*ref.parameter, get(session, ref));
}

Result<void> setText(Session& session, const ParameterRef& ref, std::string_view text) {
  if (ref.parameter->type == ParameterType::file) {
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (text.size() > rig::kMaxPathBytes || std::ranges::any_of(text, isControl))
      return Error{ErrorKind::usage,
                   fmt::format("{} should be a path of at most {} bytes without control characters",
                               ref.parameter->id, rig::kMaxPathBytes)};
    const auto [file, hash] = fileOf(session, ref);
    file = text;
    hash.clear();
    return {};
  }
  if (isGear(ref) && text == kUnknownWord) {
    gearOf(session, ref).reset();
    return {};
  }
  const auto value = parseValue(*ref.parameter, text);
  if (!value) return value.error();
  if (isGear(ref))  // as many digits as were said
    gearOf(session, ref) = std::strtod(std::string(text).c_str(), nullptr);
  else
    set(session, ref, *value);
  return {};
}

}  // namespace gainstage::console
