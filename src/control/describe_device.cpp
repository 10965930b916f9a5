#include "control/describe_device.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "advise/headphone_model.h"
#include "analog/gear/headphone.h"
#include "analog/gear/headphone_amplifier.h"
#include "analog/gear/input.h"
#include "analog/gear/levels.h"
#include "formats/json_text.h"

namespace gainstage::control {
namespace {

using advise::Kind;
using advise::Product;
using formats::OrderedJson;

// What stands in for a figure that nobody has published, where the simulation needs one. Each is told.
constexpr double kUsualMicOhm = 3000.0, kUsualInstrumentOhm = 1e6;
constexpr double kUsualGainDb = 56.0;
constexpr double kUsualInputDbu = 10.0, kUsualOutputDbu = 10.0;
constexpr double kUsualOutputOhm = 10.0;

Result<const Product*> find(const advise::Catalogue& catalogue, Kind kind, const std::string& name,
                            std::vector<std::string>& notes) {
  const advise::Match match = catalogue.find(kind, name);
  if (match.product) {
    for (const Product* other : match.alternatives)
      notes.push_back(fmt::format("\"{}\" is taken as the {}; there is also the {}.", name,
                                  match.product->name(), other->name()));
    return match.product;
  }
  const std::string hint = match.nearest.empty()
                               ? std::string()
                               : fmt::format(": did you mean {}?", fmt::join(match.nearest, ", or "));
  return Error{ErrorKind::usage, fmt::format("The catalogue has no {} \"{}\"{}", advise::oneOf(kind), name,
                                             hint.empty() ? std::string(".") : hint)};
}

class Description {
 public:
  explicit Description(const Product& unit) : unit_(unit) {}

  /// The unit's figure; where there is none, what is usual, and a note.
  double figureOr(std::string_view id, double usual, std::string_view what, std::string_view unit) {
    if (const auto number = unit_.number(id)) return *number;
    notes.push_back(fmt::format("{} of {} is not known: {} {} is assumed.", what, unit_.name(), usual, unit));
    return usual;
  }

  void addDynamicRange(OrderedJson& converter, std::initializer_list<std::string_view> ids,
                       std::string_view what) {
    for (const std::string_view id : ids) {
      if (const auto weighted = unit_.number(id, "dB(A)")) {
        converter["dynamicRangeDba"] = *weighted;
        return;
      }
      if (const auto flat = unit_.number(id, "dB")) {
        converter["dynamicRangeDba"] =
            -analog::convertNoiseDb(-*flat, analog::NoiseBand::flat, analog::NoiseBand::aWeighted);
        return;
      }
    }
    notes.push_back(fmt::format("{} of {} is not known: its converter adds no noise but that of 24 bits.",
                                what, unit_.name()));
  }

  /// One input as both inputs have it.
  OrderedJson circuit() {
    const double fullScale = fullScaleDbu();
    OrderedJson circuit{
        {"kind", "microphone"},
        {"impedanceOhm", figureOr("micImpedance", kUsualMicOhm, "The microphone inputs' impedance", "ohm")},
        {"maxGainDb", figureOr("preampGain", kUsualGainDb, "The preamps' most gain", "dB")},
        {"clipDbu", fullScale}};
    const advise::Figure* ein = unit_.find("ein");
    const auto band = ein && ein->unit == "dBu" ? analog::NoiseBand::flat : analog::NoiseBand::aWeighted;
    const auto einDbu = unit_.number("ein");
    if (einDbu && analog::isEinPossible(*einDbu, band, 150.0)) {
      circuit["einDbu"] = *einDbu;
      circuit["einWeighting"] = band == analog::NoiseBand::flat ? "flat" : "A";
    } else {
      notes.push_back(fmt::format("The input noise of {} {}: its preamps add none.", unit_.name(),
                                  einDbu ? "is below that of 150 ohm, which cannot be" : "is not known"));
    }
    circuit["hasPhantom"] = unit_.yesNo("phantom").value_or(false);
    OrderedJson instrument{{"impedanceOhm", figureOr("instrumentImpedance", kUsualInstrumentOhm,
                                                     "The instrument inputs' impedance", "ohm")}};
    if (const auto level = unit_.number("instrumentLevel")) instrument["clipDbu"] = *level;
    circuit["instrument"] = instrument;
    return circuit;
  }

  double fullScaleDbu() {
    if (!fullScale_)
      fullScale_ = figureOr("micLevel", kUsualInputDbu, "The microphone inputs' largest level", "dBu");
    return *fullScale_;
  }

  OrderedJson converter() {
    OrderedJson converter{{"fullScaleDbu", fullScaleDbu()}};
    addDynamicRange(converter, {"inputDynamicRange"}, "The dynamic range of the inputs");
    return converter;
  }

  OrderedJson phones() {
    const double ohm =
        figureOr("headphoneImpedance", kUsualOutputOhm, "The headphone output's impedance", "ohm");
    std::vector<analog::RatedPower> ratings;
    for (const advise::Figure* power : unit_.all("headphonePower"))
      if (power->atOhm) ratings.push_back({power->low, *power->atOhm});
    for (const advise::Figure* level : unit_.all("headphoneLevel"))
      if (level->atOhm)
        ratings.push_back(
            {analog::milliwatts(analog::voltsFromDbu(level->low), *level->atOhm), *level->atOhm});
    double dbu = 0.0;
    OrderedJson amplifier{{"gainDb", 0.0}, {"outputImpedanceOhm", ohm}};
    if (ratings.empty()) {
      dbu = figureOr("headphoneLevel", unit_.number("outputLevel").value_or(kUsualOutputDbu),
                     "The headphone output's largest level", "dBu");
    } else {
      const analog::OutputLimits limits = analog::limitsFromRatings(ratings, ohm);
      dbu = analog::dbuFromVolts(limits.volts);
      if (limits.isCurrentSeen) amplifier["maxCurrentMa"] = limits.milliampere;
    }
    amplifier["maxV"] = analog::voltsFromDbu(dbu);
    OrderedJson converter{{"fullScaleDbu", dbu}};
    addDynamicRange(converter, {"headphoneDynamicRange", "outputDynamicRange"},
                    "The dynamic range of the headphone output");
    return {{"channels", {1, 2}}, {"converter", converter}, {"amplifier", amplifier}};
  }

  std::vector<std::string> notes;

 private:
  const Product& unit_;
  std::optional<double> fullScale_;
};

OrderedJson microphoneOf(const Product& product, std::vector<std::string>& notes) {
  OrderedJson microphone = OrderedJson::object();
  if (const advise::Figure* transducer = product.find("transducer"))
    for (const char* word : {"dynamic", "ribbon", "condenser"})
      if (transducer->written == word) microphone["principle"] = word;
  const auto put = [&](const char* key, std::string_view id, std::string_view unit, std::string_view what) {
    if (const auto number = product.number(id, unit))
      microphone[key] = *number;
    else if (!what.empty())
      notes.push_back(fmt::format("{} of {} is not known: the usual one is assumed.", what, product.name()));
  };
  put("sensitivityMvPerPa", "sensitivity", "mV/Pa", "The sensitivity");
  put("outputImpedanceOhm", "outputImpedance", "ohm", "The impedance");
  put("selfNoiseDba", "selfNoise", "dB(A)", "");
  put("maxSplDb", "maximumSpl", "dB", "");
  microphone["needsPhantom"] = product.yesNo("phantom").value_or(false);
  return microphone;
}

OrderedJson headphoneOf(const Product& product, const advise::Catalogue& catalogue,
                        std::vector<std::string>& notes) {
  OrderedJson headphone = OrderedJson::object();
  if (const auto ohm = product.number("impedance"))
    headphone["nominalOhm"] = *ohm;
  else
    notes.push_back(fmt::format("The impedance of {} is not known: 32 ohm is assumed.", product.name()));
  if (const auto curve = advise::modelOf(product, catalogue).curve)
    for (const analog::ImpedancePoint& point : curve->points())
      headphone["curve"].push_back(OrderedJson::array({point.hz, point.ohm}));
  if (const auto perV = product.number("sensitivity", "dB/V"))
    headphone["sensitivityDbPerV"] = *perV;
  else if (const auto perMw = product.number("sensitivity", "dB/mW"))
    headphone["sensitivityDbPerMw"] = *perMw;
  if (const auto power = product.number("maximumPower")) headphone["maxPowerMw"] = *power;
  return headphone;
}

}  // namespace

Result<DeviceDescriptionFile> describeDevice(const advise::Catalogue& catalogue,
                                             const DescriptionRequest& request) {
  std::vector<std::string> taken;
  const auto unit = find(catalogue, Kind::interfaces, request.interfaceName, taken);
  if (!unit) return unit.error();
  Description description(**unit);
  description.notes = std::move(taken);
  const OrderedJson circuit = description.circuit(), converter = description.converter();
  OrderedJson guitar{{"source", "guitar"},
                     {"seed", 1},
                     {"pickup", {{"cableM", 5}}},
                     {"circuit", circuit},
                     {"stands", {{"instrument", true}}},
                     {"converter", converter}};
  OrderedJson voice{{"source", "voice"}, {"seed", 2}, {"microphone", OrderedJson::object()}};
  if (!request.microphone.empty()) {
    const auto product = find(catalogue, Kind::microphones, request.microphone, description.notes);
    if (!product) return product.error();
    voice["microphone"] = microphoneOf(**product, description.notes);
  }
  voice["circuit"] = circuit;
  voice["converter"] = converter;
  OrderedJson phones = description.phones();
  if (!request.headphones.empty()) {
    const auto product = find(catalogue, Kind::headphones, request.headphones, description.notes);
    if (!product) return product.error();
    phones["headphone"] = headphoneOf(**product, catalogue, description.notes);
  }
  DeviceDescriptionFile file;
  file.document = {{"name", (*unit)->name()},
                   {"sampleRate", 48000},
                   {"blockFrames", 64},
                   {"outputs", 2},
                   {"inputs", OrderedJson::array({guitar, voice})},
                   {"phones", OrderedJson::array({phones})},
                   {"purpose", "headphones"}};
  file.notes = std::move(description.notes);
  return file;
}

}  // namespace gainstage::control
