#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <functional>

#include "advise/questions.h"
#include "advise/verdict.h"
#include "analog/gear/levels.h"
#include "analog/gear/recording_path.h"

namespace gainstage::advise {
namespace {

/// A figure of a product, or what others of its kind have.
Estimate figureOr(const Product& product, std::string_view id, std::string_view unit,
                  const Catalogue& catalogue, std::vector<std::string>& sources,
                  const std::function<bool(const Product&)>& isAlike = {}) {
  std::vector<double> known;
  for (const Figure* figure : product.all(id)) {
    known.push_back(figure->number());
    sources.push_back(sourceOf(product, *figure));
  }
  if (!known.empty()) return spanning(known, unit, known.size() > 1 ? "those who state it differ" : "");
  for (const Product& other : catalogue.products(product.kind))
    if (!isAlike || isAlike(other))
      for (const Figure* figure : other.all(id))
        if (figure->isExact()) known.push_back(figure->number());
  return spanning(known, unit,
                  fmt::format("not stated for the {}: others of its kind lie between these", product.name()));
}

/// The noise of a recording, in dBFS A-weighted, by its makers.
struct Noise {
  std::vector<double> room, microphone, preamp, converter, total, share, gain;
};

void addCorner(Noise& noise, const analog::RecordingMicrophone& microphone, const analog::AnalogInput& input,
               const analog::Converter& converter, double sourceSpl, double roomNoiseDba) {
  analog::RecordingPath path;
  path.source = analog::sourceOf(microphone, true);
  path.input = input;
  path.converter = converter;
  const auto advice = analog::gainFor(path, analog::outputDbu(microphone, sourceSpl, true));
  path.gainDb = advice.gainDb;
  const auto parts = analog::recordedNoise(path, analog::NoiseBand::aWeighted);
  const double room = analog::recordedDbfs(path, analog::outputDbu(microphone, roomNoiseDba, true));
  const double total = analog::powerSumDb({parts.totalDbfs, room});
  noise.room.push_back(room);
  noise.microphone.push_back(analog::powerSumDb({parts.thermalDbfs, parts.sourceDbfs}));
  noise.preamp.push_back(parts.preampDbfs);
  noise.converter.push_back(parts.converterDbfs);
  noise.total.push_back(total);
  noise.share.push_back(100.0 * std::pow(10.0, (parts.converterDbfs - total) / 10.0));
  noise.gain.push_back(advice.gainDb);
}

}  // namespace

Answer needInterface(const Owner& owner, const Catalogue& catalogue) {
  Owner recordingOnly = owner;
  recordingOnly.headphones.clear();
  recordingOnly.hasLoudspeakers = true;
  Answer answer = verdictFor(recordingOnly, catalogue);
  const bool isNeeded = answer.verdict == "An interface" || answer.verdict == "Both";
  answer.question = "Do I need an interface to start making music?";
  std::erase_if(answer.changes,
                [](const std::string& text) { return text.find("--listen") != std::string::npos; });
  answer.notes.clear();
  if (owner.inputs() == 0) {
    answer.verdict = "No";
    answer.summary =
        "A computer plays software instruments, loops and files by itself; what it lacks are inputs for a "
        "microphone or an instrument, and nothing of the kind is to be recorded.";
  } else {
    answer.verdict = isNeeded ? "Yes" : "No, you have what it takes";
    // A computer's own microphone input: 2 kohm and more for an electret, so a guitar loses its treble in it.
    if (isNeeded)
      answer.notes.push_back(
          "To try things out, a telephone or a USB microphone records one voice without an interface; a "
          "guitar needs an input of 1 Mohm, which no computer has.");
  }
  return answer;
}

Answer converterLimits(const Product& interface, const Product* microphone, double sourceSpl,
                       double roomNoiseDba, const Catalogue& catalogue) {
  std::vector<std::string> inputSources, micSources;
  const bool isCondenser = microphone && microphone->yesNo("phantom").value_or(false);
  const auto isAlike = [&](const Product& other) {
    return other.yesNo("phantom").value_or(false) == isCondenser;
  };
  Estimate sensitivity = exactly(1.85, "mV/Pa", "no microphone was named: a usual dynamic one is taken");
  Estimate selfNoise = exactly(0.0, "dB(A)");
  Estimate micOhm = exactly(200.0, "ohm");
  if (microphone) {
    sensitivity = figureOr(*microphone, "sensitivity", "mV/Pa", catalogue, micSources, isAlike);
    if (isCondenser) selfNoise = figureOr(*microphone, "selfNoise", "dB(A)", catalogue, micSources, isAlike);
    micOhm = figureOr(*microphone, "outputImpedance", "ohm", catalogue, micSources);
  }
  const Estimate ein = figureOr(interface, "ein", "dBu(A)", catalogue, inputSources);
  const Estimate range = figureOr(interface, "inputDynamicRange", "dB(A)", catalogue, inputSources);
  const Estimate fullScale = figureOr(interface, "micLevel", "dBu", catalogue, inputSources);
  const Estimate gain = figureOr(interface, "preampGain", "dB", catalogue, inputSources);
  Noise noise;
  for (const double mv : {sensitivity.low, sensitivity.high})
    for (const double self : {selfNoise.low, selfNoise.high})
      for (const double dynamicRange : {range.low, range.high})
        for (const double full : {fullScale.low, fullScale.high}) {
          analog::RecordingMicrophone mic;
          mic.principle =
              isCondenser ? analog::MicrophonePrinciple::condenser : analog::MicrophonePrinciple::dynamic;
          mic.sensitivityMvPerPa = mv;
          mic.outputImpedanceOhm = micOhm.middle();
          if (isCondenser) mic.selfNoiseDba = self;
          mic.needsPhantom = isCondenser;
          analog::AnalogInput input;
          input.maxGainDb = gain.high;
          // An EIN below the thermal noise of 150 ohm (-132.9 dBu) would be no amplifier's.
          input.einDbu = std::max(ein.middle(), -132.8);
          input.hasPhantom = true;
          analog::Converter converter;
          converter.fullScaleDbu = full;
          converter.dynamicRangeDba = dynamicRange;
          converter.bits = static_cast<int>(interface.number("bits").value_or(24.0));
          addCorner(noise, mic, input, converter, sourceSpl, roomNoiseDba);
        }
  Answer answer;
  answer.question = fmt::format("Does the converter of the {} limit me?", interface.name());
  const Estimate share = spanning(noise.share, "%", range.reason);
  const Estimate total = spanning(noise.total, "dBFS(A)"), room = spanning(noise.room, "dBFS(A)");
  answer.verdict = share.high < 10.0       ? "No"
                   : share.low > 50.0      ? "Yes"
                   : share.middle() < 25.0 ? "Hardly"
                                           : "It may";
  answer.summary = fmt::format(
      "With peaks of {} dB SPL at the microphone brought to -12 dBFS, the noise of the recording is {}, and "
      "{} of its power "
      "is the converter's; the room alone makes {}.",
      numberText(sourceSpl), textOf(total), textOf(share), textOf(room));
  const std::string what = microphone ? microphone->name() : std::string("a usual dynamic microphone");
  answer.facts = {{"sensitivity of " + what, sensitivity, "", micSources},
                  {"gain that brings the peaks to -12 dBFS", spanning(noise.gain, "dB", sensitivity.reason),
                   "full scale - 12 dB - level at the socket", inputSources},
                  {fmt::format("noise of the room ({} dB(A))", numberText(roomNoiseDba)),
                   room,
                   "level of the room at the microphone + gain - full scale",
                   {}},
                  {"noise of the microphone",
                   spanning(noise.microphone, "dBFS(A)", selfNoise.reason),
                   "self-noise as a level, or 4kTR of its impedance",
                   {}},
                  {"noise of the preamplifier",
                   spanning(noise.preamp, "dBFS(A)", ein.reason),
                   "EIN without the thermal noise of 150 ohm, + gain - full scale",
                   {}},
                  {"noise of the converter",
                   spanning(noise.converter, "dBFS(A)", range.reason),
                   "-dynamic range, and 6.02 bits + 1.76 - 4.77 dB of dither",
                   {}},
                  {"all of it", total, "powers added", {}},
                  {"share of the converter", share, "10^((converter - all) / 10)", {}}};
  answer.changes.push_back(fmt::format("A quieter room would count first: at {} dB(A) it makes {}.",
                                       numberText(roomNoiseDba), textOf(room)));
  answer.changes.push_back(
      "Less gain lifts the converter's share: set gain so that peaks come near -12 dBFS.");
  return answer;
}

}  // namespace gainstage::advise
