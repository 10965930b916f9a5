#include "advise/drive.h"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <limits>

#include "analog/gear/headphone_drive.h"
#include "analog/gear/levels.h"

namespace gainstage::advise {
namespace {

/// How far impedance may rise above its value at 1 kHz where only a number is known: of the 26 curves in the
/// catalogue, 25 stay below.
constexpr double kUnknownRise = 4.0;

std::string joined(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return std::string(a) + std::string(b);
  return fmt::format("{}; {}", a, b);
}

void addResponse(Drive& drive, const OutputModel& output, const HeadphoneModel& headphone) {
  std::vector<double> spreads;
  double largest = -1.0;
  for (const double ro : {output.impedance.low, output.impedance.high})
    for (const double ohm : {headphone.impedance.low, headphone.impedance.high}) {
      const auto load = headphone.at(ohm, headphone.sensitivity.low).impedance;
      if (headphone.curve) {
        const auto change = analog::responseChange(load, ro);
        spreads.push_back(change.spreadDb());
        if (change.spreadDb() > largest) {
          largest = change.spreadDb();
          drive.liftedHz = change.largestHz;
        }
      } else {
        spreads.push_back(0.0);
        spreads.push_back(
            analog::decibelsOf((kUnknownRise * ohm / (kUnknownRise * ohm + ro)) / (ohm / (ohm + ro))));
      }
    }
  std::string reason;
  if (!headphone.curve)
    reason = fmt::format(
        "its impedance is known at one frequency only: between one that is flat and one that rises "
        "to {} times that",
        numberText(kUnknownRise));
  drive.response = spanning(spreads, "dB", joined(reason, output.impedance.reason));
}

}  // namespace

Drive driveOf(const OutputModel& output, const HeadphoneModel& headphone, double wantedPeakSpl) {
  Drive drive;
  drive.output = output.name;
  drive.headphone = headphone.name;
  std::vector<double> peaks, volts, powers, needed, neededPowers, dampings, hisses;
  std::string limitReason;
  for (const double ohm : {headphone.impedance.low, headphone.impedance.high}) {
    const Estimate across = output.voltsInto(ohm);
    limitReason = across.reason;
    for (const double sensitivity : {headphone.sensitivity.low, headphone.sensitivity.high}) {
      const auto load = headphone.at(ohm, sensitivity);
      for (const double each : {across.low, across.high}) {
        volts.push_back(each);
        powers.push_back(analog::milliwatts(each, ohm));
        peaks.push_back(*analog::splAt(load, each) + analog::kSineCrestDb);
      }
      const double forPeak = *analog::voltsForSpl(load, wantedPeakSpl - analog::kSineCrestDb);
      needed.push_back(forPeak);
      neededPowers.push_back(analog::milliwatts(forPeak, ohm));
      for (const double ro : {output.impedance.low, output.impedance.high}) {
        for (const double noise : {output.noise.low, output.noise.high})
          if (const auto hiss = analog::hissDba(output.at(ro, noise), load)) hisses.push_back(*hiss);
        dampings.push_back(ro > 0.0 ? ohm / ro : std::numeric_limits<double>::infinity());
      }
    }
  }
  const std::string& sensitivityReason = headphone.sensitivity.reason;
  drive.peakSpl = spanning(peaks, "dB SPL", joined(sensitivityReason, limitReason));
  drive.volts = spanning(volts, "V", limitReason);
  drive.milliwatts = spanning(powers, "mW", limitReason);
  drive.neededVolts = spanning(needed, "V", sensitivityReason);
  drive.neededMilliwatts = spanning(neededPowers, "mW", sensitivityReason);
  drive.damping = spanning(dampings, "", output.impedance.reason);
  drive.hiss = spanning(hisses, "dB SPL(A)", joined(output.noise.reason, sensitivityReason));
  addResponse(drive, output, headphone);
  drive.sources = output.sources;
  drive.sources.insert(drive.sources.end(), headphone.sources.begin(), headphone.sources.end());
  return drive;
}

std::vector<Fact> Drive::facts(double wantedPeakSpl) const {
  const std::string on = fmt::format("{} on {}", headphone, output);
  return {
      {"loudest peaks of " + on, peakSpl, "peak SPL = S[dB/V] + 20 log10(V[V RMS]) + 3.01 dB", sources},
      {"voltage across it at its loudest",
       volts,
       "between what the stated powers allow: V = sqrt(P R), I = V / R; none stated: V = min(Vmax Z / (Z + "
       "Ro), Imax Z)",
       {}},
      {"power into it at its loudest", milliwatts, "P[mW] = 1000 V^2 / Z", {}},
      {fmt::format("voltage it needs for peaks of {} dB SPL", numberText(wantedPeakSpl)),
       neededVolts,
       "V = 10^((peak SPL - 3.01 - S) / 20)",
       {}},
      {fmt::format("power it needs for peaks of {} dB SPL", numberText(wantedPeakSpl)),
       neededMilliwatts,
       "P[mW] = 1000 V^2 / Z",
       {}},
      {"damping factor", damping, "Z / Ro", {}},
      {"change of the response by the output's impedance",
       response,
       "largest minus least of 20 log10(|Z(f) / (Z(f) + Ro)| / |Z(1 kHz) / (Z(1 kHz) + Ro)|), 20 Hz to 20 "
       "kHz",
       {}},
      {"hiss at the ear at full volume", hiss, "S[dB/V] + 20 log10(noise voltage[V] Z / (Z + Ro))", {}},
  };
}

}  // namespace gainstage::advise
