#include <fmt/format.h>
#include <limits>

#include "console/console.h"
#include "formats/file_error.h"

/// What a console does for one listener: the correction's file, and how loud the output is at the ear.
namespace gainstage::console {
namespace {

float fullScaleOf(const OutputState& output) {
  const auto known = headphones::fullScaleDbSpl(output.gear);
  return known ? static_cast<float>(*known) : std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

std::filesystem::path Console::correctionPath(const OutputState& output) const {
  return output.correctionFile.empty() ? std::filesystem::path() : options_.folder / output.correctionFile;
}

headphones::PreparedCorrection Console::prepareCorrection(const OutputState& output) {
  if (output.correctionFile.empty()) return {};
  const std::string where = "outputs/" + output.id;
  const auto off = [&](const Error& error) {
    addFault(FaultKind::correctionOff, where,
             fmt::format("{} is heard without its correction: {}", output.name, error.message));
    return headphones::PreparedCorrection{};
  };
  const auto preset = headphones::loadPreset(correctionPath(output));
  if (!preset) return off(preset.error());
  auto filter = headphones::CorrectionFilter::make(*preset, format_, 2);
  if (!filter) return off(filter.error());
  for (const std::string& remark : preset->remarks)
    addFault(FaultKind::blockNote, where, fmt::format("The correction of {}: {}", output.name, remark));
  return {std::move(*filter), headphones::correctionLevels(*preset)};
}

void Console::planListening(const OutputState& before, const OutputState& after, int slot,
                            std::vector<Command>& batch) {
  if (before.gear != after.gear)
    batch.push_back({.kind = CommandKind::setFullScale,
                     .slot = static_cast<std::uint8_t>(slot),
                     .value = fullScaleOf(after)});
  const auto path = correctionPath(after);
  if (outputs_[slot].correction == path) return;
  outputs_[slot].correction = path;
  ++objectsOut_;
  batch.push_back({.kind = CommandKind::installCorrection,
                   .slot = static_cast<std::uint8_t>(slot),
                   .object = new headphones::PreparedCorrection(prepareCorrection(after))});
}

}  // namespace gainstage::console
