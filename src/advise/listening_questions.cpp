#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "advise/questions.h"
#include "analog/gear/headphone_drive.h"
#include "analog/gear/levels.h"
#include "analog/gear/loudspeaker.h"

namespace gainstage::advise {
namespace {

std::string loudnessSentence(const Drive& drive, double peakSpl) {
  return fmt::format("{} reach peaks of {} on {}, where {} dB SPL are wanted", drive.headphone,
                     textOf(drive.peakSpl), drive.output, numberText(peakSpl));
}

std::string soundSentence(const Drive& drive) {
  if (drive.response.high <= kChangeHeard)
    return fmt::format("its output impedance changes the sound by {}, which nobody hears",
                       textOf(drive.response));
  const std::string where =
      drive.liftedHz > 0.0 ? fmt::format(", most around {} Hz", numberText(drive.liftedHz)) : std::string();
  if (drive.response.low > kChangeHeard)
    return fmt::format("its output impedance changes the sound by {}{}, which is heard",
                       textOf(drive.response), where);
  return fmt::format("its output impedance may change the sound by {}{}", textOf(drive.response), where);
}

std::string driveVerdict(const Drive& drive, double peakSpl) {
  if (drive.isTooQuiet(peakSpl)) return "No";
  if (drive.isLoudEnough(peakSpl))
    return drive.response.low > kChangeObvious ? "Yes, but changed in sound" : "Yes";
  return drive.peakSpl.middle() >= peakSpl ? "Probably" : "Probably not";
}

std::vector<std::string> driveChanges(const Drive& drive, double peakSpl) {
  std::vector<std::string> changes;
  if (!drive.peakSpl.isExact())
    changes.push_back(fmt::format("A figure for what is open ({}) would narrow {} down.",
                                  drive.peakSpl.reason, textOf(drive.peakSpl)));
  const double margin = drive.peakSpl.middle() - peakSpl;
  changes.push_back(
      margin >= 0.0
          ? fmt::format("Headphones that need {} dB more for the same level would not do.",
                        numberText(margin))
          : fmt::format("{} dB more from the output, or headphones that need as much less, would do.",
                        numberText(-margin)));
  if (drive.response.high > kChangeHeard)
    changes.push_back(
        fmt::format("An output with an eighth of the headphones' impedance or less keeps the change below "
                    "{} dB even where that rises fourfold.",
                    numberText(analog::decibelsOf((4.0 / 4.125) / (1.0 / 1.125)))));
  return changes;
}

}  // namespace

Answer canDrive(const OutputModel& output, const HeadphoneModel& headphone, double peakSpl) {
  const Drive drive = driveOf(output, headphone, peakSpl);
  Answer answer;
  answer.question =
      fmt::format("Can {} drive {}, how loud, and with what change of sound?", output.name, headphone.name);
  answer.verdict = driveVerdict(drive, peakSpl);
  answer.summary = fmt::format("{}; {}.", loudnessSentence(drive, peakSpl), soundSentence(drive));
  answer.facts = drive.facts(peakSpl);
  answer.changes = driveChanges(drive, peakSpl);
  if (drive.peakSpl.high > 120.0)
    answer.notes.push_back(
        fmt::format("At full volume this reaches {} dB SPL, which harms hearing at once: start low.",
                    numberText(drive.peakSpl.high)));
  return answer;
}

Answer interfaceAsAmplifier(const OutputModel& interface, const HeadphoneModel& headphone, double peakSpl) {
  Answer answer = canDrive(interface, headphone, peakSpl);
  answer.question =
      fmt::format("Can the {} be used as a headphone amplifier for {}?", interface.name, headphone.name);
  answer.notes.insert(
      answer.notes.begin(),
      "Every interface with a headphone socket is a converter and a headphone amplifier already: play "
      "to it as to any sound card.");
  answer.notes.push_back(
      "What it cannot do is amplify another device without the computer, unless its line inputs "
      "reach its headphones by direct monitoring.");
  return answer;
}

Answer needAmplifierBeside(const OutputModel& interface, const HeadphoneModel& headphone, const Owner& owner,
                           const Catalogue& catalogue) {
  const double peakSpl = owner.words.peakSpl;
  const Drive drive = driveOf(interface, headphone, peakSpl);
  Answer answer = canDrive(interface, headphone, peakSpl);
  answer.question =
      fmt::format("Do I need a headphone amplifier for {} if I have the {}?", headphone.name, interface.name);
  const bool isBent = drive.response.low > kChangeObvious;
  answer.verdict = drive.isTooQuiet(peakSpl) || isBent ? "Yes"
                   : drive.isLoudEnough(peakSpl)       ? "No"
                   : drive.peakSpl.middle() < peakSpl  ? "Probably"
                                                       : "Probably not";
  if (answer.verdict == "No") return answer;
  Wishes wishes = owner.amplifierWishes();
  wishes.headphones = {headphone};
  const Selection selection = select(Kind::amplifiers, wishes, catalogue);
  answer.fitting = selection.fitting;
  answer.undecided = selection.undecided;
  answer.failing = selection.failing;
  return answer;
}

Answer earbudsOn(const OutputModel& output, const HeadphoneModel& headphone, double peakSpl) {
  const Drive drive = driveOf(output, headphone, peakSpl);
  Answer answer;
  answer.question = fmt::format("Are {} fine on {}, and is the hiss audible?", headphone.name, output.name);
  const std::string hiss = drive.hiss.high < kHissFrom    ? "the hiss is inaudible"
                           : drive.hiss.low > kHissSurely ? "the hiss is audible in every pause"
                           : drive.hiss.low > kHissFrom   ? "the hiss is audible in a quiet room"
                                                          : "the hiss may be audible in a quiet room";
  answer.verdict = driveVerdict(drive, peakSpl);
  if (drive.hiss.low > kHissSurely && answer.verdict != "No") answer.verdict += ", with hiss";
  answer.summary =
      fmt::format("{}; {} ({} at full volume, where 0 to 10 dB SPL(A) is what a quiet room hides); {}.",
                  loudnessSentence(drive, peakSpl), hiss, textOf(drive.hiss), soundSentence(drive));
  answer.facts = drive.facts(peakSpl);
  answer.changes.push_back(
      "The volume control usually lowers the hiss with the sound: at half volume it is what counts.");
  answer.changes.push_back(
      fmt::format("Headphones of 20 dB less sensitivity would have {} of hiss.",
                  textOf(Estimate{drive.hiss.low - 20.0, drive.hiss.high - 20.0, "dB SPL(A)", {}})));
  if (!headphone.isEarphone())
    answer.notes.push_back(
        fmt::format("{} are not in the ear, as far as the catalogue knows.", headphone.name));
  return answer;
}

Answer loudspeakerOn(const OutputModel& output, double speakerOhm, double metres) {
  Answer answer;
  answer.question =
      fmt::format("May a passive loudspeaker of {} ohm hang on {}?", numberText(speakerOhm), output.name);
  analog::PassiveLoudspeaker speaker;
  speaker.impedance.nominalOhm = speakerOhm;
  std::vector<double> volts, watts, spls, dampings, currents;
  const double leastOhm = 0.8 * speakerOhm;
  const Estimate across = output.voltsInto(leastOhm);
  for (const double ro : {output.impedance.low, output.impedance.high})
    for (const double each : {across.low, across.high})
      for (const double sensitivity : {84.0, 92.0}) {
        speaker.sensitivityDbPer283V = sensitivity;
        auto amplifier = output.at(ro, output.noise.high);
        amplifier.maxVolts = std::max(each * (leastOhm + ro) / leastOhm, output.voltsInto(1e6).low);
        amplifier.maxCurrentMa = 1e3 * each / leastOhm;
        const auto what = analog::onHeadphoneOutput(speaker, amplifier, metres);
        if (!what) continue;
        volts.push_back(what->output.volts);
        watts.push_back(1e-3 * what->output.milliwatts);
        dampings.push_back(what->dampingFactor);
        if (what->splDb) spls.push_back(*what->splDb);
        if (what->overcurrent) currents.push_back(*what->overcurrent);
      }
  const Estimate spl = spanning(spls, "dB SPL", "loudspeakers give 84 to 92 dB for 2.83 V; " + across.reason);
  answer.verdict = "No";
  answer.summary = fmt::format(
      "It would get {} W and reach {} at {} m, where a loudspeaker amplifier gives tens of watts; the output "
      "would work "
      "into less than half of the load that it is made for, clip early, run hot, and may switch off or "
      "break.",
      numberText(spanning(watts, "").high), textOf(spl), numberText(metres));
  answer.facts = {{"voltage across the loudspeaker", spanning(volts, "V", across.reason),
                   "V = min(Vmax Z / (Z + Ro), Imax Z), Z at its least, 80 % of nominal", output.sources},
                  {"power into it", spanning(watts, "W", across.reason), "P = V^2 / Z", {}},
                  {fmt::format("sine level at {} m", numberText(metres)),
                   spl,
                   "S[dB at 2.83 V, 1 m] + 20 log10(V / 2.83) - 20 log10(r)",
                   {}},
                  {"damping factor",
                   spanning(dampings, "", output.impedance.reason),
                   "Z / Ro; below 10 the bass booms",
                   {}}};
  if (!currents.empty())
    answer.facts.push_back({"current it would draw over what the output can",
                            spanning(currents, "times"),
                            "Vmax / (Z + Ro) / Imax",
                            {}});
  answer.changes.push_back(
      "A powered loudspeaker has its own amplifier and belongs on a line output: yes to that.");
  answer.changes.push_back("A passive one needs a loudspeaker amplifier between.");
  return answer;
}

}  // namespace gainstage::advise
