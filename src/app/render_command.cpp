#include "app/render_command.h"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "app/numbers.h"
#include "app/report.h"
#include "control/render.h"

namespace gainstage::app {
namespace {

struct Flags {
  std::vector<std::string> inputs;
  std::string output, session, rig, capture, cab, outputId, format = "float", quality;
  double rate = 0.0, tail = 0.0;
  std::optional<double> size, tempo;
  int block = 64, jobs = 1;
  bool json = false;
};

int renderWith(const Flags& flags) {
  control::RenderOptions options{.inputs = {flags.inputs.begin(), flags.inputs.end()},
                                 .output = flags.output,
                                 .outputId = flags.outputId,
                                 .sampleRate = flags.rate,
                                 .blockFrames = flags.block,
                                 .tail = Milliseconds{1e3 * flags.tail},
                                 .jobs = flags.jobs};
  if (!flags.session.empty()) options.session = flags.session;
  if (!flags.rig.empty()) options.rig = flags.rig;
  if (!flags.capture.empty()) options.capture = flags.capture;
  options.size = flags.size;
  options.beatsPerMinute = flags.tempo;
  if (!flags.quality.empty()) options.liveQuality = flags.quality == "live";
  if (!flags.cab.empty()) options.cab = flags.cab;
  if (flags.format == "24") options.sampleFormat = formats::SampleFormat::pcm24;

  const ProgressBar bar;
  const auto result = control::render(options, [&](double share) { bar.show(share); });
  bar.clear();
  if (!result) return fail(result.error());
  for (const std::string& fault : result->faults) std::cerr << fault << '\n';
  for (const std::string& note : result->notes) std::cerr << note << '\n';
  if (flags.json) {
    auto files = nlohmann::ordered_json::array();
    for (const control::RenderedFile& file : result->files)
      files.push_back({{"input", file.input.string()},
                       {"output", file.output.string()},
                       {"frames", file.frames},
                       {"timesRealtime", file.timesRealtime}});
    std::cout << nlohmann::ordered_json{{"files", files}}.dump() << '\n';
  } else {
    for (const control::RenderedFile& file : result->files)
      fmt::print("{} → {}  ({:.0f} times real time)\n", file.input.string(), file.output.string(),
                 file.timesRealtime);
  }
  return result->faults.empty() ? 0 : 1;
}

}  // namespace

void addRenderCommand(CLI::App& app, int& exitCode) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("render", "The same path, offline: one file, or many into a folder");
  command->add_option("INPUT", flags->inputs, "Recordings")->required();
  command->add_option("-o,--out", flags->output, "A WAV file, or a folder")->type_name("OUT")->required();
  command->add_option("--session", flags->session, "Through a session's strips, rigs and mixes")
      ->type_name("S.json");
  command->add_option("--rig", flags->rig, "Through a rig and nothing else")->type_name("R.json");
  command->add_option("--capture", flags->capture, "Through a capture and nothing else, as it is")
      ->type_name("M.nam");
  command->add_option("--size", flags->size, "Of a slimmable capture; default: 1, its largest")
      ->type_name("0..1")
      ->check(numberBetween(0.0, 1.0));
  command->add_option("--cab", flags->cab, "Through an impulse response, behind the rig or capture")
      ->type_name("IR.wav");
  command
      ->add_option("--output", flags->outputId,
                   "Which of the session's outputs; default: the first into a file, all into a folder")
      ->type_name("ID");
  command->add_option("--tempo", flags->tempo, "Of the rig's delays and modulations; default: 120")
      ->type_name("BPM")
      ->check(numberBetween(20.0, 400.0));
  command
      ->add_option("--quality", flags->quality,
                   "Of the rig's circuits: offline (default), or live, which is as the rig says")
      ->type_name("offline|live")
      ->check(CLI::IsMember({"offline", "live"}));
  command->add_option("--rate", flags->rate, "Sample rate; default: the input's")
      ->type_name("HZ")
      ->check(numberBetween(8000.0, 384000.0));
  command->add_option("--block", flags->block, "Block size; the result is the same")
      ->type_name("FRAMES")
      ->check(CLI::Range(1, 8192));
  command->add_option("--tail", flags->tail, "Go on for so long after the input")
      ->type_name("S")
      ->check(numberBetween(0.0, 3600.0));
  command->add_option("--jobs", flags->jobs, "Files at a time")->type_name("N")->check(CLI::Range(1, 256));
  command->add_option("--format", flags->format, "Samples: float (32 bit) or 24 (bit)")
      ->check(CLI::IsMember({"float", "24"}));
  command->add_flag("--json", flags->json, "One JSON object instead of text");
  command->footer(
      "Examples:\n"
      "  gainstage render di.wav -o amp.wav --rig crunch.json --cab 4x12.wav\n"
      "  gainstage render di/*.wav -o amped/ --capture amp.nam --jobs 4\n"
      "  gainstage render take/*.wav -o rendered/ --rig crunch.json --jobs 2\n"
      "  gainstage render riff.wav -o echoes.wav --rig dotted.json --tempo 96 --tail 4\n"
      "  gainstage render band.wav -o mixes/ --session band.json --tail 2");
  command->callback([flags, &exitCode] { exitCode = renderWith(*flags); });
}

}  // namespace gainstage::app
