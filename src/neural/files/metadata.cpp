#include "neural/files/metadata.h"

#include <charconv>
#include <fmt/format.h>
#include <span>

namespace gainstage::neural::files {
namespace {

// More than any name; what is longer is no name.
constexpr std::size_t kLongestText = 200;

/// A figure that files give, and what it may be.
struct Figure {
  const char* name;
  const char* unit;
  double minimum;
  double maximum;
};

// Where sound hardware ends, with some room: 40 dBu are 77 V.
constexpr Figure kSampleRate{"sample rate", "Hz", 8000.0, 384000.0};
constexpr Figure kLoudness{"loudness", "dB", -60.0, 6.0};
constexpr Figure kInputLevel{"input level", "dBu", -40.0, 40.0};
constexpr Figure kOutputLevel{"output level", "dBu", -40.0, 40.0};
constexpr Figure kGain{"gain", "of 1", 0.0, 1.0};
constexpr Figure kError{"error-to-signal ratio", "", 0.0, 1.0e6};

const Json* member(const Json* object, const char* key) {
  if (!object || !object->is_object()) return nullptr;
  const auto found = object->find(key);
  return found == object->end() || found->is_null() ? nullptr : &*found;
}

/// The objects that may say something, the first that does counts.
using Sources = std::span<const Json* const>;

const Json* find(Sources sources, const char* key) {
  for (const Json* source : sources)
    if (const Json* value = member(source, key)) return value;
  return nullptr;
}

/// Some exporters write numbers as text: "48000".
std::optional<double> numberIn(const Json& value) {
  if (value.is_number()) return value.get<double>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  double number = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<double> figure(Sources sources, const char* key, const Figure& figure, Reading& reading) {
  const Json* value = find(sources, key);
  if (!value) return std::nullopt;
  const auto number = numberIn(*value);
  if (number && *number >= figure.minimum && *number <= figure.maximum) return number;
  reading.remarks.push_back(
      fmt::format("Its {} is given as {}, which cannot be ({:g} to {:g}{}{} can): it is "
                  "passed over.",
                  figure.name, formats::describe(*value), figure.minimum, figure.maximum,
                  *figure.unit ? " " : "", figure.unit));
  return std::nullopt;
}

/// Without control characters, and cut between characters where it is too long.
std::string text(Sources sources, const char* key) {
  const Json* value = find(sources, key);
  if (!value || !value->is_string()) return {};
  std::string text = value->get<std::string>();
  if (text.size() > kLongestText) {
    std::size_t length = kLongestText;
    while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80) --length;
    text.resize(length);
  }
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return text;
}

/// "2024-10-09 18:44:41" of an object of six numbers.
std::string date(Sources sources) {
  const Json* value = find(sources, "date");
  if (!value) return {};
  if (value->is_string()) return text(sources, "date");
  std::array<int, 6> parts{};
  static constexpr std::array kKeys = {"year", "month", "day", "hour", "minute", "second"};
  static constexpr std::array kMost = {9999, 12, 31, 23, 59, 60};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Json* part = member(value, kKeys[i]);
    const double number = part && part->is_number() ? part->get<double>() : -1.0;
    if (!(number >= 0.0 && number <= kMost[i])) return {};
    parts[i] = static_cast<int>(number);
  }
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", parts[0], parts[1], parts[2], parts[3], parts[4],
                     parts[5]);
}

void remarkWhatIsMissing(const CaptureMetadata& metadata, Reading& reading) {
  auto& remarks = reading.remarks;
  if (!metadata.sampleRate) remarks.push_back("It says no sample rate: 48000 Hz is assumed.");
  if (!metadata.loudnessDb) remarks.push_back("It says no loudness: its output is not levelled.");
  if (!metadata.inputLevelDbu)
    remarks.push_back("It says no input level in dBu: its input is not calibrated.");
  if (!metadata.outputLevelDbu) remarks.push_back("It says no output level in dBu.");
}

/// Every model in it that says another rate.
void compareRates(const Json& model, const std::string& path, double rate, Reading& reading) {
  const Json* own = member(&model, "sample_rate");
  const auto number = own ? numberIn(*own) : std::nullopt;
  if (number && *number != rate)
    reading.remarks.push_back(
        fmt::format("{} was made at {:g} Hz, but the file says {:g} Hz: it is played at "
                    "the latter.",
                    path, *number, rate));
  const Json* config = member(&model, "config");
  if (const Json* inner = member(config, "condition_dsp"))
    compareRates(*inner, path + (path.empty() ? "" : ".") + "config.condition_dsp", rate, reading);
  if (const Json* list = member(config, "submodels"); list && list->is_array())
    for (std::size_t i = 0; i < list->size(); ++i)
      if (const Json* inner = member(&(*list)[i], "model"))
        compareRates(*inner, fmt::format("{}{}config.submodels[{}].model", path, path.empty() ? "" : ".", i),
                     rate, reading);
}

}  // namespace

CaptureMetadata namMetadata(const NamModel& model, const std::string& version, Reading& reading) {
  const std::array models = {model.json, model.largest};
  const std::array sources = {member(model.json, "metadata"), member(model.largest, "metadata")};
  const std::array training = {member(sources[0], "training"), member(sources[1], "training")};
  CaptureMetadata metadata{.format = "NAM " + version,
                           .architecture = model.architecture,
                           .sampleRate = figure(models, "sample_rate", kSampleRate, reading),
                           .loudnessDb = figure(sources, "loudness", kLoudness, reading),
                           .inputLevelDbu = figure(sources, "input_level_dbu", kInputLevel, reading),
                           .outputLevelDbu = figure(sources, "output_level_dbu", kOutputLevel, reading),
                           .gain = figure(sources, "gain", kGain, reading),
                           .name = text(sources, "name"),
                           .modeledBy = text(sources, "modeled_by"),
                           .gearType = text(sources, "gear_type"),
                           .gearMake = text(sources, "gear_make"),
                           .gearModel = text(sources, "gear_model"),
                           .toneType = text(sources, "tone_type"),
                           .date = date(sources),
                           .error = figure(training, "validation_esr", kError, reading)};
  if (!metadata.error) metadata.error = figure(sources, "validation_esr", kError, reading);
  if (metadata.sampleRate) compareRates(*model.json, "", *metadata.sampleRate, reading);
  remarkWhatIsMissing(metadata, reading);
  metadata.remarks = std::move(reading.remarks);
  return metadata;
}

CaptureMetadata kerasMetadata(const Json& root, std::string architecture, Reading& reading) {
  const std::array sources = {member(&root, "metadata"), &root};
  CaptureMetadata metadata{.format = "keras",
                           .architecture = std::move(architecture),
                           .sampleRate = figure(sources, "samplerate", kSampleRate, reading),
                           .loudnessDb = figure(sources, "loudness", kLoudness, reading),
                           .inputLevelDbu = figure(sources, "input_level_dbu", kInputLevel, reading),
                           .outputLevelDbu = figure(sources, "output_level_dbu", kOutputLevel, reading),
                           .name = text(sources, "name"),
                           .modeledBy = text(sources, "author"),
                           .gearModel = text(sources, "based"),
                           .toneType = text(sources, "style"),
                           .date = date(sources),
                           .error = figure(sources, "esr", kError, reading)};
  remarkWhatIsMissing(metadata, reading);
  metadata.remarks = std::move(reading.remarks);
  return metadata;
}

}  // namespace gainstage::neural::files
