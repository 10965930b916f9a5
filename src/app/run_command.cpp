#include "app/run_command.h"

#include <csignal>
#include <fmt/format.h>
#include <iostream>
#include <memory>
#include <unistd.h>

#include "app/folders.h"
#include "app/meters_view.h"
#include "app/numbers.h"
#include "app/report.h"
#include "control/meters_json.h"
#include "control/run.h"
#include "devices/devices.h"

namespace gainstage::app {
namespace {

volatile std::sig_atomic_t stopSignals = 0;

void onStopSignal(int) {
  // Whoever asks twice means it: the default handler ends the program at the third.
  stopSignals = stopSignals + 1;
  if (stopSignals >= 2) std::signal(SIGINT, SIG_DFL);
}

struct Flags {
  std::string session, device, take, panel, takeFormat = "float";
  double rate = 0.0, seconds = 0.0;
  int block = 0;
  bool noTake = false, noPanel = false, headphones = false, json = false, freeRunning = false,
       noMeters = false, noConnect = false;
};

bool askYesNo(const std::string& question) {
  std::cerr << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return !answer.empty() && (answer[0] == 'y' || answer[0] == 'Y');
}

void printSummary(const control::Run& run) {
  const auto summary = control::runSummary(run.engine(), run.device().description().id);
  const control::EngineReport report = run.engine().report();
  const auto level = [](const nlohmann::ordered_json& value, const char* unit) {
    return value.is_null() ? std::string("silent") : fmt::format("{:.1f} {}", value.get<double>(), unit);
  };
  fmt::print("{}: {:.1f} s at {} Hz in blocks of {} frames, {} lost\n", run.device().description().name,
             static_cast<double>(report.frames) / report.format.sampleRate, report.format.sampleRate,
             report.format.blockFrames, report.lostFrames);
  for (const auto& input : summary["inputs"])
    fmt::print("  {:<20} peak {}{}\n", input["name"].get<std::string>(), level(input["peakDb"], "dBFS"),
               input["clips"] > 0 ? fmt::format(", clipped {} times", input["clips"].get<int>()) : "");
  for (const auto& output : summary["outputs"])
    fmt::print("  → {:<18} peak {}, {}\n", output["name"].get<std::string>(), level(output["peakDb"], "dBFS"),
               level(output["lufs"], "LUFS"));
  for (const std::string& fault : report.faults) fmt::print("  ! {}\n", fault);
  if (!summary["take"].is_null()) fmt::print("Take: {}\n", summary["take"].get<std::string>());
}

int runWith(const Flags& flags) {
  auto device = devices::makeDevice(flags.device);
  if (!device) return fail(device.error());

  control::RunOptions options{
      .sampleRate = flags.rate,
      .blockFrames = flags.block,
      .seconds = flags.seconds,
      .recordTake = !flags.noTake,
      .takeFolder = flags.take.empty() ? takesFolder() : std::filesystem::path(flags.take),
      .headphones = flags.headphones,
      .freeRunning = flags.freeRunning,
      .connect = !flags.noConnect,
      .presetFolders = presetFolders(),
      .stateFolder = stateFolder()};
  if (!flags.session.empty()) options.session = flags.session;
  if (flags.takeFormat == "24") options.takeFormat = formats::SampleFormat::pcm24;

  const bool terminal = isatty(STDERR_FILENO) != 0;
  MetersView view;
  control::RunSurroundings around;
  around.commandsFd = STDIN_FILENO;
  const bool typed = isatty(STDIN_FILENO) != 0;
  around.reply = [&](const std::string& line) {
    // Whoever types has moved the cursor one line down.
    if (terminal) std::cerr << view.erase(typed ? 1 : 0) << std::flush;
    std::cout << line << std::endl;
  };
  around.tell = [&](const std::string& sentence) {
    if (terminal) std::cerr << view.erase();
    std::cerr << sentence << std::endl;
  };
  if (terminal && !flags.noMeters)
    around.drawMeters = [&](const control::Engine& engine) { std::cerr << view.draw(engine) << std::flush; };
  if (terminal && typed) around.ask = askYesNo;
  around.stopWanted = [] { return stopSignals > 0; };

  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, onStopSignal);
  std::signal(SIGPIPE, SIG_IGN);
  control::Run run(std::move(*device), std::move(options), std::move(around));
  if (const auto begun = run.begin(); !begun) return fail(begun.error());
  const auto ended = run.loop();
  if (terminal) std::cerr << view.erase();
  if (flags.json)
    std::cout << control::runSummary(run.engine(), run.device().description().id).dump() << std::endl;
  else
    printSummary(run);
  return ended ? run.exitCode() : fail(ended.error());
}

}  // namespace

void addRunCommand(CLI::App& app, int& exitCode) {
  auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("run", "Be the interface until Ctrl-C");
  command->add_option("SESSION", flags->session, "A session; without one, what this device had last");
  command->add_option("--device", flags->device,
                      "virtual[:FILE.json], jack[:SERVER] or file:IN.wav; default: the best that answers");
  command->add_option("--rate", flags->rate, "Sample rate")
      ->type_name("HZ")
      ->check(numberBetween(8000.0, 384000.0));
  command->add_option("--block", flags->block, "Block size")->type_name("FRAMES")->check(CLI::Range(1, 8192));
  command->add_option("--seconds", flags->seconds, "End by itself after so long")
      ->type_name("S")
      ->check(numberBetween(0.001, 1e7));
  command->add_option("--take", flags->take, "Where the take's folder is made; default: the music folder")
      ->type_name("DIR");
  command->add_option("--take-format", flags->takeFormat, "Samples of the take: float (32 bit) or 24 (bit)")
      ->check(CLI::IsMember({"float", "24"}));
  command->add_flag("--no-take", flags->noTake, "Record nothing");
  command->add_flag("--headphones", flags->headphones,
                    "These outputs are headphones: route live inputs to them");
  command->add_flag("--free-running", flags->freeRunning,
                    "As fast as it goes, where the device has no clock of its own");
  command->add_flag("--no-connect", flags->noConnect, "Leave the ports of a sound server unconnected");
  command->add_flag("--no-meters", flags->noMeters, "No meters on the terminal");
  command->add_flag("--no-panel", flags->noPanel, "No panel (this build has none)");
  command->add_flag("--json", flags->json, "End with a summary as one JSON object");
  command->footer(
      "Lines on standard input change things while it runs, each answered by one JSON object; \"help\" lists "
      "them.\n"
      "Examples:\n"
      "  gainstage run                                        the best device there is, until Ctrl-C\n"
      "  gainstage run band.json --device jack --headphones   a session on a JACK server or PipeWire\n"
      "  gainstage run --device virtual --seconds 10 --json   no hardware needed\n"
      "  echo 'set strips/gtr/trimDb -6'    | gainstage run   turn the guitar down");
  command->callback([flags, &exitCode] { exitCode = runWith(*flags); });
}

}  // namespace gainstage::app
