#include "control/headphones.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fmt/format.h>

#include "formats/file_error.h"
#include "formats/json_reader.h"
#include "formats/nearest_name.h"
#include "formats/response_text.h"
#include "headphones/response_curve.h"

namespace gainstage::control {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using headphones::Preset;

constexpr int kMostPresets = 2000;
constexpr int kCurveShown = 121;  // points from 20 Hz to 20 kHz: 12 an octave
constexpr std::array<std::string_view, 8> kFilterNames{"peak",     "lowShelf", "highShelf", "lowPass",
                                                       "highPass", "bandPass", "notch",     "allPass"};

/// Never -0, which reads as a sign that something is left.
double toHundredths(double value) { return std::round(value * 100.0) / 100.0 + 0.0; }

std::string_view kindOf(const Preset& preset) {
  if (preset.response) return "impulse response";
  if (!preset.eq.graphic.empty()) return "graphic";
  return preset.eq.filters.empty() ? "level" : "parametric";
}

/// Letters and digits alone, in lower case: "sennheiser--hd_600" and "Sennheiser HD 600" are the same.
std::string bare(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') letters += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) letters += c;
  }
  return letters;
}

/// Files of the folder that are not hidden, by name.
std::vector<fs::path> filesIn(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().filename().string().starts_with('.') || !entry->is_regular_file(ignored)) continue;
    if (files.size() == static_cast<std::size_t>(kMostPresets)) break;
    files.push_back(entry->path());
  }
  std::ranges::sort(files);
  return files;
}

/// The headphone that a preset's name begins with (brand and model), the longest of those.
const advise::Product* headphoneOf(std::string_view presetName, const advise::Catalogue& catalogue) {
  const std::string name = bare(presetName);
  const advise::Product* found = nullptr;
  std::size_t longest = 3;
  for (const advise::Product& product : catalogue.products(advise::Kind::headphones)) {
    const std::string whole = bare(product.name());
    if (whole.size() <= longest || !name.starts_with(whole)) continue;
    found = &product;
    longest = whole.size();
  }
  return found;
}

Json numberOrNull(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json describeFigure(const advise::Figure& figure) {
  return {{"figure", figure.id},
          {"value", figure.written},
          {"unit", figure.unit},
          {"atOhm", numberOrNull(figure.atOhm)},
          {"atHz", numberOrNull(figure.atHz)},
          {"status", advise::nameOf(figure.status)},
          {"source", figure.source}};
}

Json describeHeadphone(const advise::Product& product) {
  Json figures = Json::array();
  for (const advise::Figure& figure : product.figures) figures.push_back(describeFigure(figure));
  return {{"name", product.name()}, {"figures", figures}, {"own", product.isOwn}};
}

Json withCurve(const Preset& preset, const fs::path& file) {
  const auto frequencies = headphones::logFrequencies(20.0, 20000.0, kCurveShown);
  Json shown = describePreset(preset, file), hertz = Json::array(), gains = Json::array();
  for (const double frequency : frequencies) hertz.push_back(toHundredths(frequency));
  for (const double gain : headphones::gainsDb(preset, frequencies)) gains.push_back(toHundredths(gain));
  shown["curve"] = {{"frequencyHz", hertz}, {"gainDb", gains}};
  return shown;
}

Error unknownName(const std::string& name, const std::vector<fs::path>& files, const advise::Match& match) {
  std::vector<std::string> nearest = match.nearest, names;
  for (const advise::Product* product : match.alternatives) nearest.push_back(product->name());
  for (const fs::path& file : files) names.push_back(file.stem().string());
  if (const std::string preset = formats::nearestName(name, names); !preset.empty())
    nearest.push_back(preset);
  return {ErrorKind::usage,
          fmt::format("There is no headphone or preset {}: {}", formats::inQuotes(name),
                      nearest.empty() ? "see \"gainstage headphones list\", or name a file."
                                      : fmt::format("did you mean {}?", fmt::join(nearest, ", or ")))};
}

}  // namespace

Json describePreset(const Preset& preset, const fs::path& file) {
  Json filters = Json::array();
  for (const formats::EqFilter& filter : preset.eq.filters)
    filters.push_back({{"type", kFilterNames[static_cast<std::size_t>(filter.type)]},
                       {"frequencyHz", filter.frequencyHz},
                       {"gainDb", filter.gainDb},
                       {"q", filter.q}});
  const auto* const response = preset.response ? &*preset.response : nullptr;
  return {{"name", preset.name},
          {"file", file.string()},
          {"kind", kindOf(preset)},
          {"filters", filters},
          {"filtersOff", preset.eq.filtersOff},
          {"points", preset.eq.graphic.size()},
          {"channels", response ? Json(response->audio.channels()) : Json(nullptr)},
          {"seconds", response ? Json(response->audio.frames() / response->sampleRate) : Json(nullptr)},
          {"sampleRate", response ? response->sampleRate : preset.eq.sampleRateHz},
          {"preampDb", preset.preampDb},
          {"preampComputed", preset.preampComputed},
          {"peakGainDb", toHundredths(headphones::peakGainDb(preset))},
          {"loudnessChangeDb", toHundredths(headphones::loudnessChangeDb(preset))},
          {"remarks", preset.remarks}};
}

Result<Json> inspectHeadphoneText(const fs::path& file) {
  const auto preset = headphones::loadPreset(file);
  if (preset) {
    Json found{{"file", file.string()}, {"kind", "equaliser"}};
    const Json described = describePreset(*preset, file);
    for (const auto& [key, value] : described.items())
      if (!found.contains(key) && !value.is_null()) found[key] = value;
    found["problems"] = Json::array();
    return found;
  }
  const auto response = formats::readResponseFile(file);
  if (!response) return file.extension() == ".csv" ? response.error() : preset.error();
  return Json{{"file", file.string()},
              {"kind", "response"},
              {"points", response->size()},
              {"lowestHz", response->front().frequencyHz},
              {"highestHz", response->back().frequencyHz},
              {"problems", Json::array()}};
}

Json listHeadphones(const fs::path& folder, const advise::Catalogue& catalogue) {
  Json presets = Json::array(), unusable = Json::array(), products = Json::array();
  for (const fs::path& file : filesIn(folder)) {
    const auto preset = headphones::loadPreset(file);
    if (!preset) {
      unusable.push_back({{"file", file.string()}, {"why", preset.error().message}});
      continue;
    }
    const advise::Product* const product = headphoneOf(preset->name, catalogue);
    presets.push_back({{"name", preset->name},
                       {"file", file.string()},
                       {"kind", kindOf(*preset)},
                       {"preampDb", preset->preampDb},
                       {"headphone", product ? Json(product->name()) : Json(nullptr)}});
  }
  for (const advise::Product& product : catalogue.products(advise::Kind::headphones)) {
    const advise::Figure* const sensitivity = product.find("sensitivity");
    Json own = Json::array();
    for (const Json& preset : presets)
      if (preset["headphone"] == product.name()) own.push_back(preset["name"]);
    products.push_back(
        {{"name", product.name()},
         {"impedanceOhm", numberOrNull(product.number("impedance"))},
         {"sensitivity", sensitivity ? numberOrNull(product.number("sensitivity")) : Json(nullptr)},
         {"sensitivityUnit", sensitivity ? Json(sensitivity->unit) : Json(nullptr)},
         {"presets", own},
         {"own", product.isOwn}});
  }
  return {{"presets", presets}, {"unusable", unusable}, {"headphones", products}};
}

Result<Json> showHeadphones(const std::string& name, const fs::path& folder,
                            const advise::Catalogue& catalogue) {
  std::error_code ignored;
  Json presets = Json::array();
  if (fs::is_regular_file(name, ignored)) {
    const auto preset = headphones::loadPreset(name);
    if (!preset) return preset.error();
    const advise::Product* const product = headphoneOf(preset->name, catalogue);
    presets.push_back(withCurve(*preset, name));
    return Json{{"headphone", product ? describeHeadphone(*product) : Json(nullptr)}, {"presets", presets}};
  }
  const std::vector<fs::path> files = filesIn(folder);
  const auto match = catalogue.find(advise::Kind::headphones, name);
  const advise::Product* product = match.product;
  for (const fs::path& file : files) {
    const std::string stem = file.stem().string();
    const bool named = bare(stem) == bare(name);
    if (!named && (!product || headphoneOf(stem, catalogue) != product)) continue;
    const auto preset = headphones::loadPreset(file);
    if (!preset) return preset.error();
    presets.push_back(withCurve(*preset, file));
    if (named && !product) product = headphoneOf(stem, catalogue);
  }
  if (!product && presets.empty()) return unknownName(name, files, match);
  return Json{{"headphone", product ? describeHeadphone(*product) : Json(nullptr)}, {"presets", presets}};
}

Result<Json> fitHeadphones(const FitRequest& request) {
  const auto measured = formats::readResponseFile(request.measurement);
  if (!measured) return measured.error();
  std::vector<formats::EqPoint> target{{20.0, 0.0}, {20000.0, 0.0}};
  if (request.target != "flat") {
    auto read = formats::readResponseFile(request.target);
    if (!read) return read.error();
    target = std::move(*read);
  }
  const auto begin = std::chrono::steady_clock::now();
  const headphones::Fit fit = headphones::fitCorrection(*measured, target, request.options);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;

  std::vector<double> error = headphones::curveOf(*measured);
  const std::vector<double> aim = headphones::curveOf(target);
  for (std::size_t i = 0; i < error.size(); ++i) error[i] -= aim[i];
  const std::vector<double> before = headphones::smoothed(error, 1.0 / 6.0);
  std::vector<double> frequencies;
  for (int i = 0; i < headphones::kCurvePoints; ++i) frequencies.push_back(headphones::curveHz(i));
  const auto preset = headphones::makePreset(fit.eq, request.measurement.stem().string());
  const std::vector<double> correction = headphones::gainsDb(*preset, frequencies);
  double mean = 0.0, meanAfter = 0.0;  // 200 Hz to 2 kHz: what a plot shows as 0
  int count = 0;
  for (std::size_t i = 0; i < error.size(); ++i) {
    if (frequencies[i] < 200.0 || frequencies[i] > 2000.0) continue;
    mean += before[i];
    meanAfter += before[i] + correction[i];
    ++count;
  }
  Json hertz = Json::array(), shownBefore = Json::array(), shownCorrection = Json::array(),
       shownAfter = Json::array();
  for (std::size_t i = 0; i < error.size(); i += 4) {
    hertz.push_back(toHundredths(frequencies[i]));
    shownBefore.push_back(toHundredths(before[i] - mean / count));
    shownCorrection.push_back(toHundredths(correction[i]));
    shownAfter.push_back(toHundredths(before[i] + correction[i] - meanAfter / count));
  }
  return Json{{"measurement", request.measurement.string()},
              {"target", request.target},
              {"residualDb", toHundredths(fit.residualDb)},
              {"worstDb", toHundredths(fit.worstDb)},
              {"beforeDb", toHundredths(fit.beforeDb)},
              {"seconds", std::round(taken.count() * 1000.0) / 1000.0},
              {"preset", describePreset(*preset, {})},
              {"text", formats::toText(fit.eq)},
              {"curves",
               {{"frequencyHz", hertz},
                {"before", shownBefore},
                {"correction", shownCorrection},
                {"after", shownAfter}}}};
}

}  // namespace gainstage::control
