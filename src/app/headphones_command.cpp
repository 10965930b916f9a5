#include "app/headphones_command.h"

#include <array>
#include <fmt/format.h>
#include <memory>

#include "app/folders.h"
#include "app/numbers.h"
#include "app/report.h"
#include "control/headphones.h"
#include "formats/text_file.h"
#include "headphones/curve_plot.h"

namespace gainstage::app {
namespace {

using Json = nlohmann::ordered_json;

struct Flags {
  std::string name;
  control::FitRequest fit;
  std::string out, svg;
  bool json = false, plot = false;
};

std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

void printPreset(const Json& preset) {
  fmt::print("Preset {} ({})\n", text(preset["name"]), text(preset["kind"]));
  fmt::print("  preamp {:+.2f} dB{}, highest gain {:+.2f} dB, {:+.1f} dB in loudness\n",
             preset["preampDb"].get<double>(), preset["preampComputed"].get<bool>() ? " (computed)" : "",
             preset["peakGainDb"].get<double>(), preset["loudnessChangeDb"].get<double>());
  for (const Json& filter : preset["filters"])
    fmt::print("  {:<9} {:>8.1f} Hz {:>+7.2f} dB  Q {:.3f}\n", text(filter["type"]),
               filter["frequencyHz"].get<double>(), filter["gainDb"].get<double>(),
               filter["q"].get<double>());
  if (preset["points"].get<int>() > 0) fmt::print("  a curve of {} points\n", preset["points"].get<int>());
  if (!preset["seconds"].is_null())
    fmt::print("  an impulse response of {:.3f} s, channels: {}\n", preset["seconds"].get<double>(),
               preset["channels"].get<int>());
  for (const Json& remark : preset["remarks"]) fmt::print("  {}\n", text(remark));
  if (preset.contains("curve"))
    fmt::print("{}",
               headphones::textPlot(preset["curve"]["frequencyHz"].get<std::vector<double>>(),
                                    std::array{headphones::PlotCurve{
                                        "gain", '*', preset["curve"]["gainDb"].get<std::vector<double>>()}}));
}

/// A folder of the user's, or nothing where there is no home.
std::filesystem::path ownFolder(const char* name) {
  const std::filesystem::path data = dataFolder();
  return data.empty() ? data : data / name;
}
std::filesystem::path presetFolder() { return ownFolder("headphones"); }
Result<advise::Catalogue> catalogue() { return advise::Catalogue::withOwn(ownFolder("catalogue")); }

int list(const Flags& flags) {
  const auto known = catalogue();
  if (!known) return fail(known.error());
  const Json found = control::listHeadphones(presetFolder(), *known);
  if (flags.json) {
    fmt::print("{}\n", found.dump());
    return 0;
  }
  fmt::print("Presets in {}:\n",
             presetFolder().empty() ? "your data folder (there is no home)" : presetFolder().string());
  if (found["presets"].empty()) fmt::print("  none: put ParametricEQ.txt files or impulse responses there\n");
  for (const Json& preset : found["presets"])
    fmt::print("  {}  ({}, preamp {:+.1f} dB{})\n", text(preset["name"]), text(preset["kind"]),
               preset["preampDb"].get<double>(),
               preset["headphone"].is_null() ? "" : "; for " + text(preset["headphone"]));
  for (const Json& unusable : found["unusable"]) fmt::print(stderr, "gainstage: {}\n", text(unusable["why"]));
  fmt::print("Headphones in the catalogue:\n");
  for (const Json& headphone : found["headphones"]) {
    std::string figures;
    if (!headphone["impedanceOhm"].is_null())
      figures += fmt::format("{:g} ohm", headphone["impedanceOhm"].get<double>());
    if (!headphone["sensitivity"].is_null())
      figures += fmt::format("{}{:g} {}", figures.empty() ? "" : ", ", headphone["sensitivity"].get<double>(),
                             text(headphone["sensitivityUnit"]));
    fmt::print("  {:<40} {}\n", text(headphone["name"]), figures);
  }
  return 0;
}

int show(const Flags& flags) {
  const auto known = catalogue();
  if (!known) return fail(known.error());
  const auto found = control::showHeadphones(flags.name, presetFolder(), *known);
  if (!found) return fail(found.error());
  if (flags.json) {
    fmt::print("{}\n", found->dump());
    return 0;
  }
  if (const Json& headphone = (*found)["headphone"]; !headphone.is_null()) {
    fmt::print("{}\n", text(headphone["name"]));
    for (const Json& figure : headphone["figures"])
      fmt::print("  {}: {}{}{}  ({}: {})\n", text(figure["figure"]), text(figure["value"]),
                 text(figure["unit"]).empty() ? "" : " ", text(figure["unit"]), text(figure["status"]),
                 text(figure["source"]));
  }
  for (const Json& preset : (*found)["presets"]) printPreset(preset);
  if ((*found)["presets"].empty())
    fmt::print(
        "No preset of yours is named after it: put one into {}, or make one with \"gainstage headphones "
        "fit\".\n",
        presetFolder().string());
  return 0;
}

int fit(const Flags& flags) {
  const auto found = control::fitHeadphones(flags.fit);
  if (!found) return fail(found.error());
  const Json& fitted = *found;
  const std::string file = text(fitted["text"]);
  if (!flags.out.empty())
    if (const auto written = formats::writeFileAtomically(flags.out, file); !written)
      return fail(written.error());
  const Json& curves = fitted["curves"];
  const std::array plotted{
      headphones::PlotCurve{"before", '.', curves["before"].get<std::vector<double>>()},
      headphones::PlotCurve{"correction", '+', curves["correction"].get<std::vector<double>>()},
      headphones::PlotCurve{"after", '*', curves["after"].get<std::vector<double>>()}};
  const auto frequencies = curves["frequencyHz"].get<std::vector<double>>();
  if (!flags.svg.empty())
    if (const auto written = formats::writeFileAtomically(
            flags.svg, headphones::svgPlot(frequencies, plotted, text(fitted["preset"]["name"])));
        !written)
      return fail(written.error());
  if (flags.json) {
    fmt::print("{}\n", fitted.dump());
    return 0;
  }
  if (flags.out.empty()) fmt::print("{}", file);
  // Where the settings go to standard output nothing else does.
  std::FILE* const report = flags.out.empty() ? stderr : stdout;
  fmt::print(
      report,
      "{:.2f} dB RMS are left of {:.2f} between 40 Hz and 10 kHz (1/6 octave smoothed), {:.1f} dB at most; "
      "{} filters, preamp {:.1f} dB, {:.2f} s.\n",
      fitted["residualDb"].get<double>(), fitted["beforeDb"].get<double>(), fitted["worstDb"].get<double>(),
      fitted["preset"]["filters"].size(), fitted["preset"]["preampDb"].get<double>(),
      fitted["seconds"].get<double>());
  if (flags.plot) fmt::print(report, "{}", headphones::textPlot(frequencies, plotted));
  return 0;
}

}  // namespace

void addHeadphonesCommand(CLI::App& app, int& exitCode) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command =
      app.add_subcommand("headphones", "Corrections of headphones: what there is, and making one");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, int (*run)(const Flags&)) {
    CLI::App* made = command->add_subcommand(name, what);
    made->add_flag("--json", flags->json, "One JSON object instead of text");
    made->callback([flags, run, &exitCode] { exitCode = run(*flags); });
    return made;
  };
  add("list", "Your presets, and the headphones of the catalogue", list)
      ->footer("Example: gainstage headphones list");
  CLI::App* shown = add("show", "Figures, filters, preamp and curve of a preset or headphone", show);
  shown->add_option("NAME", flags->name, "A preset's file or name, or a headphone")->required();
  shown->footer(
      "Examples: gainstage headphones show \"HD 600\"\n          gainstage headphones show ParametricEQ.txt");
  CLI::App* fitted = add("fit", "Make a correction from a measurement", fit);
  fitted->add_option("MEASUREMENT", flags->fit.measurement, "Lines of a frequency in Hz and a level in dB")
      ->required();
  fitted->add_option("--target", flags->fit.target, "A file like it that says what is wanted, or \"flat\"")
      ->required();
  fitted->add_option("-o", flags->out,
                     "Write the filters here as ParametricEQ.txt (else to standard output)");
  fitted->add_option("--filters", flags->fit.options.filters, "How many")
      ->check(numberBetween(1, 20))
      ->capture_default_str();
  fitted->add_option("--max-boost", flags->fit.options.mostBoostDb, "dB above the mean; deeper dips stay")
      ->check(numberBetween(0, 24))
      ->capture_default_str();
  fitted->add_flag("--plot", flags->plot, "Draw the response before and after in the terminal");
  fitted->add_option("--svg", flags->svg, "Draw it into this file");
  fitted->footer("Example: gainstage headphones fit hd600.csv --target harman.csv -o hd600.txt --plot");
}

}  // namespace gainstage::app
