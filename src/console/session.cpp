#include "console/session.h"

#include <algorithm>

namespace gainstage::console {

Values defaultsOf(std::span<const Parameter> parameters) {
  Values values;
  for (const Parameter& parameter : parameters) values.push_back(parameter.defaultValue);
  return values;
}

std::optional<double>& gearFigure(OutputState& output, GearFigure figure) noexcept {
  headphones::ListeningGear& gear = output.gear;
  switch (figure) {
    case GearFigure::sensitivityDbPerV:
      return gear.sensitivityDbPerV;
    case GearFigure::sensitivityDbPerMw:
      return gear.sensitivityDbPerMw;
    case GearFigure::impedanceOhm:
      return gear.impedanceOhm;
    case GearFigure::fullScaleDbu:
      return gear.fullScaleDbu;
    case GearFigure::outputImpedanceOhm:
      return gear.outputImpedanceOhm;
    case GearFigure::knobDb:
    case GearFigure::count:
      break;
  }
  return gear.knobDb;
}

const std::optional<double>& gearFigure(const OutputState& output, GearFigure figure) noexcept {
  return gearFigure(const_cast<OutputState&>(output), figure);
}

Session withoutNewPower(const Session& before, Session next) {
  const auto parameters = stripParameters();
  for (StripState& strip : next.strips) {
    const auto was = std::ranges::find(before.strips, strip.id, &StripState::id);
    const bool isSame = was != before.strips.end() && was->inputs == strip.inputs;
    for (std::size_t p = 0; p < parameters.size(); ++p)
      if (parameters[p].hazard == Hazard::power && !(isSame && was->values[p] != 0.0f))
        strip.values[p] = 0.0f;
  }
  return next;
}

}  // namespace gainstage::console
