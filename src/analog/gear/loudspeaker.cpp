#include "analog/gear/loudspeaker.h"

#include <algorithm>
#include <cmath>

#include "analog/gear/air.h"
#include "analog/gear/headphone_drive.h"
#include "analog/gear/levels.h"

namespace gainstage::analog {

std::optional<double> splAt(const PoweredLoudspeaker& speaker, double inputDbu, double metres) noexcept {
  if (!speaker.splAtZeroDbu) return std::nullopt;
  double spl = *speaker.splAtZeroDbu + inputDbu;
  if (speaker.maxSplDb) spl = std::min(spl, *speaker.maxSplDb);
  return spl - distanceLossDb(metres);
}

std::optional<double> inputDbuForSpl(const PoweredLoudspeaker& speaker, double splDb,
                                     double metres) noexcept {
  const double atOneMetre = splDb + distanceLossDb(metres);
  if (!speaker.splAtZeroDbu || (speaker.maxSplDb && atOneMetre > *speaker.maxSplDb)) return std::nullopt;
  return atOneMetre - *speaker.splAtZeroDbu;
}

double dbPer283VFromDbPerW(double dbPerW, double ohm) noexcept {
  return dbPerW + 10.0 * std::log10(8.0 / ohm);
}

std::optional<SpeakerOnHeadphoneOutput> onHeadphoneOutput(const PassiveLoudspeaker& speaker,
                                                          const HeadphoneAmplifier& output,
                                                          double metres) noexcept {
  SpeakerOnHeadphoneOutput out{};
  out.leastOhm = speaker.impedance.isKnownOverFrequency() ? impedanceRange(speaker.impedance).leastOhm
                                                          : 0.8 * speaker.impedance.nominalOhm;
  const auto largest = largestOutput(output, out.leastOhm);
  if (!largest) return std::nullopt;
  out.output = *largest;
  if (speaker.sensitivityDbPer283V)
    out.splDb =
        *speaker.sensitivityDbPer283V + decibelsOf(largest->volts / std::sqrt(8.0)) - distanceLossDb(metres);
  out.dampingFactor = out.leastOhm / output.outputImpedanceOhm;
  out.responseSpreadDb = responseChange(speaker.impedance, output.outputImpedanceOhm).spreadDb();
  if (output.maxVolts && output.maxCurrentMa)
    out.overcurrent =
        1e3 * loadedVolts(output, *output.maxVolts, out.leastOhm) / out.leastOhm / *output.maxCurrentMa;
  return out;
}

}  // namespace gainstage::analog
