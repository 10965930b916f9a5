#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <numbers>

#include "advise/latency_estimate.h"
#include "advise/questions.h"
#include "analog/gear/air.h"
#include "analog/gear/passive_pickup.h"
#include "analog/gear/wireless.h"

namespace gainstage::advise {
namespace {

/// Where nobody is named: the one row of the catalogue that states everything.
constexpr std::string_view kUsualPickup = "single coil, 7600 turns";

analog::PassivePickup pickupOf(const Product& product, std::vector<std::string>& sources,
                               std::string& assumed) {
  analog::PassivePickup pickup;
  const Figure *inductance = product.find("inductance"), *resistance = product.find("resistance"),
               *capacitance = product.find("capacitance"), *alone = product.find("resonance");
  if (inductance) pickup.inductanceH = inductance->number();
  if (resistance) pickup.resistanceOhm = resistance->number();
  if (capacitance)
    pickup.capacitanceF = 1e-12 * capacitance->number();
  else if (alone)
    pickup.capacitanceF =
        1.0 / (std::pow(2.0 * std::numbers::pi * alone->number(), 2.0) * pickup.inductanceH);
  for (const Figure* figure : {inductance, resistance, capacitance, alone})
    if (figure) sources.push_back(sourceOf(product, *figure));
  if (!inductance)
    assumed += fmt::format(" its inductance is not known and taken as {} H;", numberText(pickup.inductanceH));
  if (!resistance)
    assumed +=
        fmt::format(" its resistance is not known and taken as {} ohm;", numberText(pickup.resistanceOhm));
  if (!capacitance && !alone)
    assumed += fmt::format(" its capacitance is not known and taken as {} pF;",
                           numberText(1e12 * pickup.capacitanceF));
  return pickup;
}

/// 470 kohm to 1 Mohm where they are stated.
Estimate instrumentOhm(const Product& interface, const Catalogue& catalogue,
                       std::vector<std::string>& sources) {
  if (const Figure* figure = interface.find("instrumentImpedance")) {
    sources.push_back(sourceOf(interface, *figure));
    return exactly(figure->number(), "ohm");
  }
  std::vector<double> known;
  for (const Product& other : catalogue.products(Kind::interfaces))
    for (const Figure* figure : other.all("instrumentImpedance")) known.push_back(figure->number());
  return spanning(known, "ohm",
                  fmt::format("not stated for the {}: others lie between these", interface.name()));
}

Estimate over(const analog::GuitarOutput& guitar, const Estimate& ohms, std::string_view unit,
              const std::function<double(const analog::GuitarOutput&)>& of) {
  std::vector<double> values;
  for (const double ohm : {ohms.low, ohms.high}) {
    auto loaded = guitar;
    loaded.inputOhm = ohm;
    values.push_back(of(loaded));
  }
  return spanning(values, unit, ohms.reason);
}

/// The most that the response from 100 Hz to 8 kHz differs between two inputs.
double largestChange(const analog::GuitarOutput& guitar, double referenceOhm) {
  double most = 0.0;
  for (int i = 0; i <= 24 * 6; ++i) {
    const double hz = 125.0 * std::exp2(i / 24.0);
    const double change = analog::trebleChangeDb(guitar, hz, referenceOhm);
    if (std::abs(change) > std::abs(most)) most = change;
  }
  return most;
}

double peakHz(const analog::GuitarOutput& guitar) {
  const auto peak = analog::resonance(guitar);
  return peak ? peak->hz : 0.0;
}
double peakDb(const analog::GuitarOutput& guitar) {
  const auto peak = analog::resonance(guitar);
  return peak ? peak->heightDb : 0.0;
}

}  // namespace

Answer interfaceBeforeSimulation(const Product& interface, const Product* pickup, double cableMetres,
                                 const Catalogue& catalogue) {
  const Product* used = pickup ? pickup : catalogue.find(Kind::pickups, kUsualPickup).product;
  std::vector<std::string> inputSources, pickupSources;
  std::string assumed;
  analog::GuitarOutput guitar;
  if (used) guitar.pickup = pickupOf(*used, pickupSources, assumed);
  guitar.cable.metres = cableMetres;
  const Estimate ohms = instrumentOhm(interface, catalogue, inputSources);
  constexpr double kAmplifierOhm = 1e6, kLineOhm = 10e3;
  const auto change = [](const analog::GuitarOutput& g) { return largestChange(g, kAmplifierOhm); };
  const Estimate changed = over(guitar, ohms, "dB", change);
  analog::GuitarOutput line = guitar, longer = guitar;
  line.inputOhm = kLineOhm;
  longer.cable.metres = cableMetres + 3.0;
  const double most = std::max(std::abs(changed.low), std::abs(changed.high));
  Answer answer;
  answer.question =
      fmt::format("How much does the {} change what an amplifier simulation gives?", interface.name());
  answer.verdict = most < kChangeHeard ? "Not audibly" : most < kChangeObvious ? "A little" : "Clearly";
  answer.summary = fmt::format(
      "Its instrument input of {} changes what comes from the guitar by {} at most against an amplifier's 1 "
      "Mohm; 3 m more "
      "cable move the resonance from {} to {} Hz, and a line input of 10 kohm would take {} dB of treble at "
      "3 kHz.",
      textOf(ohms), textOf(changed), numberText(peakHz(guitar)), numberText(peakHz(longer)),
      numberText(-analog::trebleChangeDb(line, 3000.0)));
  answer.facts = {
      {"input impedance", ohms, "", inputSources},
      {"resonance of pickup and cable there", over(guitar, ohms, "Hz", peakHz),
       "peak of |V(input) / V(string)|, ladder of coil, tone, volume, cable, input", pickupSources},
      {"height of that resonance", over(guitar, ohms, "dB", peakDb), "against 100 Hz", {}},
      {"largest change of the response, 125 Hz to 8 kHz",
       changed,
       "20 log10 |H(f, Z) / H(100 Hz, Z)| - the same at 1 Mohm",
       {}},
      {"a line input of 10 kohm, at 3 kHz",
       exactly(analog::trebleChangeDb(line, 3000.0), "dB"),
       "the same with 10 kohm",
       {}}};
  if (const Figure* level = interface.find("instrumentLevel"))
    answer.facts.push_back({"level that is 0 dBFS at least gain",
                            exactly(level->number(), "dBu"),
                            "",
                            {sourceOf(interface, *level)}});
  else
    answer.notes.push_back(fmt::format(
        "Nobody states which level is 0 dBFS at the instrument input of the {}: a simulation that "
        "was captured at a certain level needs its input trimmed by ear.",
        interface.name()));
  if (used) answer.notes.push_back(fmt::format("Pickup: {}.{}", used->name(), assumed));
  answer.notes.push_back(
      "Noise and distortion of the input lie far below those of an amplifier with its gain up.");
  answer.changes.push_back(
      "Plugged into a line input it would be dull: use the instrument switch, or a DI box.");
  answer.changes.push_back("A shorter cable, or a buffer behind the guitar, moves the resonance up.");
  return answer;
}

Answer guitarWithoutAmplifier(const Owner& owner, const Catalogue& catalogue) {
  const Product* used =
      owner.pickups.empty() ? catalogue.find(Kind::pickups, kUsualPickup).product : owner.pickups.front();
  std::vector<std::string> sources;
  std::string assumed;
  analog::GuitarOutput guitar;
  if (used) guitar.pickup = pickupOf(*used, sources, assumed);
  analog::GuitarOutput line = guitar;
  line.inputOhm = 10e3;
  const Estimate latency = roundTrip({});
  Answer answer;
  answer.question = "Can I play an electric guitar without an amplifier, and through what?";
  answer.verdict = "Yes";
  answer.summary = fmt::format(
      "Through an interface with an instrument input, an amplifier simulation and headphones: it answers "
      "after {}, as an "
      "amplifier {} to {} m away would.",
      textOf(latency), numberText(latency.low / analog::airDelayMs(1.0)),
      numberText(latency.high / analog::airDelayMs(1.0)));
  answer.facts = {{"from string to ear by way of the computer", latency, std::string(kRoundTripFormula), {}},
                  {"resonance of the guitar at 1 Mohm", exactly(peakHz(guitar), "Hz"),
                   "peak of |V(input) / V(string)|", sources},
                  {"treble at 3 kHz into a computer's line input of 10 kohm",
                   exactly(analog::trebleChangeDb(line, 3000.0), "dB"),
                   "against 1 Mohm and 100 Hz",
                   {}}};
  for (const Product* interface : owner.interfaces)
    answer.notes.push_back(
        fmt::format("The {} will do: plug into its instrument input, switch the input to instrument, "
                    "and play through a rig of Gainstage.",
                    interface->name()));
  if (owner.interfaces.empty()) {
    Wishes wishes = owner.interfaceWishes(true);
    wishes.inputs = std::max(wishes.inputs, 1);
    const Selection selection = select(Kind::interfaces, wishes, catalogue);
    answer.fitting = selection.fitting;
    answer.undecided = selection.undecided;
    answer.failing = selection.failing;
  }
  answer.notes.push_back(
      "Without any of it the strings alone are enough to practise by, and too quiet for anybody else.");
  answer.notes.push_back(
      "A small headphone amplifier made for guitars plugs into the jack and needs no computer; a headphone "
      "amplifier for music has an input of 10 kohm or so and makes the guitar dull.");
  if (!assumed.empty() && used) answer.notes.push_back(fmt::format("Pickup: {}.{}", used->name(), assumed));
  answer.changes.push_back("Beside a drummer headphones do not help: that takes loudspeakers.");
  return answer;
}

Answer wirelessLatency(double metres) {
  analog::RadioLink link;
  Answer answer;
  answer.question = fmt::format("What does wireless cost in latency at {} m?", numberText(metres));
  const double mean = analog::meanDelayMs(link, metres), worst = analog::delayMsForAllBut(link, metres);
  const double late = 100.0 * analog::dropoutShare(link, metres);
  const double shown = std::min(worst, link.delayMs + link.bufferMs);
  answer.verdict = fmt::format("{} ms and more", numberText(mean));
  answer.summary = fmt::format(
      "The radio wave takes {} ns, which is nothing; coding, packets and buffers take {} ms close by, and "
      "packets that are sent again "
      "at {} m make it {} ms on average and {} ms for all but one in a thousand. Hearing yourself play takes "
      "10 ms or less.",
      numberText(metres / 0.299792458), numberText(link.delayMs), numberText(metres), numberText(mean),
      numberText(shown));
  const double reach = analog::reachMetres(link);
  if (metres > reach) {
    answer.verdict = "It does not reach that far";
    answer.summary = fmt::format(
        "An ordinary Bluetooth link reaches {} m with fewer than one dropout in a thousand; at {} m {} % of "
        "its packets come too late or never. Close by, coding, packets and buffers take {} ms; hearing "
        "yourself play takes 10 ms or less.",
        numberText(reach), numberText(metres), numberText(late), numberText(link.delayMs));
  }
  answer.facts = {
      {"delay on average",
       exactly(mean, "ms",
               "an ordinary Bluetooth link is taken: 150 ms close by, of which 100 ms are buffer"),
       "delay close by + (1 / (1 - p) - 1) x 3.75 ms",
       {}},
      {"delay for all but one packet in a thousand",
       exactly(shown, "ms"),
       "delay close by + (ceil(ln 0.001 / ln p) - 1) x 3.75 ms, at most the buffer",
       {}},
      {"packets lost at that distance",
       exactly(100.0 * analog::packetLossShare(link, metres), "%"),
       "p = 1 - exp(-1 / margin), margin = 4 dBm - path loss + 80 dBm",
       {}},
      {"dropouts", exactly(late, "%"), "p^tries that fit into the buffer", {}},
      {"reach with fewer than one dropout in a thousand", exactly(reach, "m"), "", {}},
      {"a loudspeaker at that distance", exactly(analog::airDelayMs(metres), "ms"), "r / 343 m/s", {}},
      {"a cable", exactly(0.0, "ms"), "", {}}};
  for (const auto& codec : analog::wirelessCodecs())
    answer.facts.push_back({fmt::format("codec {}, close by", codec.name),
                            Estimate{codec.leastMs, codec.mostMs, "ms", "published"},
                            "",
                            {std::string(codec.source)}});
  answer.notes.push_back(
      "For listening to music it does not matter, and players of video wait with the picture.");
  answer.changes.push_back(
      "A radio link made for instruments (digital, 2.4 GHz, no codec) takes a few ms; look its figure up.");
  answer.changes.push_back(
      "Nearer to the sender there are fewer repeats, but the codec's and the buffer's share stays.");
  return answer;
}

}  // namespace gainstage::advise
