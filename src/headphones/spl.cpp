#include "headphones/spl.h"

#include "analog/gear/headphone.h"
#include "analog/gear/levels.h"

namespace gainstage::headphones {

std::optional<double> fullScaleDbSpl(const ListeningGear& gear) noexcept {
  if (!gear.impedanceOhm || !gear.fullScaleDbu || !gear.outputImpedanceOhm || !gear.knobDb)
    return std::nullopt;
  auto sensitivity = gear.sensitivityDbPerV;
  if (!sensitivity && gear.sensitivityDbPerMw)
    sensitivity = analog::dbPerVFromDbPerMw(*gear.sensitivityDbPerMw, *gear.impedanceOhm);
  if (!sensitivity) return std::nullopt;
  return *sensitivity + analog::dbvFromDbu(*gear.fullScaleDbu) + *gear.knobDb +
         analog::bridgingLossDb(*gear.outputImpedanceOhm, *gear.impedanceOhm);
}

std::vector<std::string_view> missingFigures(const ListeningGear& gear) {
  std::vector<std::string_view> missing;
  if (!gear.sensitivityDbPerV && !gear.sensitivityDbPerMw)
    missing.emplace_back("the headphone's sensitivity");
  if (!gear.impedanceOhm) missing.emplace_back("the headphone's impedance");
  if (!gear.fullScaleDbu) missing.emplace_back("the output's full scale");
  if (!gear.outputImpedanceOhm) missing.emplace_back("the output's impedance");
  if (!gear.knobDb) missing.emplace_back("the position of the output's knob");
  return missing;
}

}  // namespace gainstage::headphones
