#include "app/advise_flags.h"

#include <algorithm>

#include "app/numbers.h"

namespace gainstage::app {

void addOwnerOptions(CLI::App& command, AdviseFlags& flags) {
  auto& owner = flags.owner;
  const auto list = [&](const char* name, std::vector<std::string>& into, const char* help) {
    command.add_option(name, into, help)->delimiter(',')->allow_extra_args(false)->type_name("NAME,...");
  };
  list("--record", owner.record, "What you record at once: guitar, bass, voice, voice:2, drums, keys ...");
  list("--listen", owner.listen, "What you listen on: headphones by name, loudspeakers");
  list("--own", owner.own, "What you own: interfaces, headphone amplifiers, microphones; guitar amplifier");
  command.add_option("--place", owner.place, "Where you play: home, flat, rehearsal, stage, travel");
  command.add_option("--budget", owner.budget, "What it may cost")->check(numberBetween(0.0, 1e6));
  command.add_option("--currency", owner.currency, "Of the budget")
      ->check(CLI::IsMember({"USD", "EUR", "GBP"}));
  command.add_option("--peak-spl", owner.peakSpl, "Peaks that your headphones should reach, dB SPL")
      ->check(numberBetween(60.0, 130.0))
      ->capture_default_str();
  command.add_flag("--json", flags.json, "One JSON object with all of it");
  command.add_flag("--explain", flags.explain, "Formulas, units and sources");
  command.add_flag("--all", flags.all, "Every product of each list");
  command.add_flag("--interactive", flags.interactive, "Ask for all that, on standard input");
}

void addWishOptions(CLI::App& command, AdviseFlags& flags) {
  auto& wishes = flags.wishes;
  const auto count = [&](const char* name, int& into, const char* help) {
    command.add_option(name, into, help)->check(CLI::Range(0, 128));
  };
  count("--inputs", wishes.inputs, "Analogue inputs recorded at once");
  count("--mic-inputs", wishes.micInputs, "Of them, for microphones");
  count("--headphone-outputs", wishes.headphoneOutputs, "Headphone outputs");
  command.add_flag("--own-levels", wishes.ownLevels, "Each of them with a level control of its own");
  count("--line-outputs", wishes.lineOutputs, "Line and monitor outputs");
  command.add_flag("--phantom", flags.phantom, "48 V phantom power (a microphone: needs it)");
  command.add_flag("--midi", flags.midi, "MIDI sockets");
  command.add_flag("--direct-monitoring", flags.directMonitoring, "Inputs heard without the computer");
  command.add_option("--power", flags.power, "bus: from the USB cable alone; mains")
      ->check(CLI::IsMember({"bus", "mains"}));
  command.add_flag("--class-compliant", flags.classCompliant, "Works without a driver of its maker");
  command.add_flag("--converter", flags.converter, "An amplifier that connects to the computer");
  command.add_option("--connector", wishes.connectors, "A socket: XLR, 6.3 mm, 3.5 mm, RCA, balanced")
      ->check(CLI::IsMember({"XLR", "6.3 mm", "3.5 mm", "RCA", "balanced"}, CLI::ignore_case))
      ->allow_extra_args(false);
  command.add_option("--sample-rate", wishes.sampleRateKhz, "kHz at least")->check(numberBetween(8.0, 800.0));
  command.add_option("--bits", wishes.bits, "Bits at least")->check(numberBetween(8.0, 64.0));
  command.add_option("--weight", wishes.weightG, "Grams at most")->check(numberBetween(1.0, 1e5));
  command.add_option("--size", wishes.lengthMm, "Millimetres at most, every side")
      ->check(numberBetween(1.0, 2000.0));
}

std::string_view strayWish(const AdviseFlags& flags, advise::Kind kind) {
  using advise::Kind;
  const auto& wishes = flags.wishes;
  const auto check = [kind](bool isWished, std::initializer_list<Kind> fit, std::string_view name) {
    return isWished && std::ranges::find(fit, kind) == fit.end() ? name : std::string_view();
  };
  for (const std::string_view stray :
       {check(wishes.inputs > 0, {Kind::interfaces}, "--inputs"),
        check(wishes.micInputs > 0, {Kind::interfaces}, "--mic-inputs"),
        check(wishes.headphoneOutputs > 0, {Kind::interfaces, Kind::amplifiers}, "--headphone-outputs"),
        check(wishes.ownLevels, {Kind::interfaces}, "--own-levels"),
        check(wishes.lineOutputs > 0, {Kind::interfaces}, "--line-outputs"),
        check(flags.phantom, {Kind::interfaces, Kind::microphones}, "--phantom"),
        check(flags.midi, {Kind::interfaces}, "--midi"),
        check(flags.directMonitoring, {Kind::interfaces}, "--direct-monitoring"),
        check(!flags.power.empty(), {Kind::interfaces}, "--power"),
        check(flags.classCompliant, {Kind::interfaces}, "--class-compliant"),
        check(flags.converter, {Kind::amplifiers}, "--converter"),
        check(!wishes.connectors.empty(), {Kind::interfaces}, "--connector"),
        check(wishes.sampleRateKhz.has_value(), {Kind::interfaces}, "--sample-rate"),
        check(wishes.bits.has_value(), {Kind::interfaces}, "--bits")})
    if (!stray.empty()) return stray;
  return {};
}

}  // namespace gainstage::app
