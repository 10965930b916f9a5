#include "app/advise_command.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "advise/verdict.h"
#include "app/advise_dialogue.h"
#include "app/advise_flags.h"
#include "app/advise_tables.h"
#include "app/folders.h"
#include "app/numbers.h"
#include "app/report.h"
#include "formats/nearest_name.h"

namespace gainstage::app {
namespace {

using advise::Answer;
using advise::Catalogue;
using advise::Kind;
using advise::Product;

constexpr std::array<std::string_view, 11> kTopics{
    "need-interface", "interface-as-amp",   "need-amp", "drive",
    "loudspeaker",    "earbuds-hiss",       "better",   "converter",
    "impedance-sim",  "guitar-without-amp", "wireless"};

Error usage(std::string message) { return {ErrorKind::usage, std::move(message)}; }

/// One question of one owner to one catalogue.
class Adviser {
 public:
  Adviser(const AdviseFlags& flags, const Catalogue& catalogue) : flags_(flags), catalogue_(catalogue) {}

  Result<Answer> verdict() const {
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    return advise::verdictFor(*owner, catalogue_);
  }

  Result<Answer> compare() const {
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    if (flags_.what == "guitar-amplifier")
      return advise::compareGuitarAmplifier(*owner, flags_.buffer, flags_.amplifierPrice,
                                            flags_.metres > 0.0 ? flags_.metres : 2.0, catalogue_);
    return advise::compareWays(*owner, flags_.buffer, catalogue_);
  }

  Result<Answer> find() const {
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    const Kind kind = flags_.what == "interface"    ? Kind::interfaces
                      : flags_.what == "amplifier"  ? Kind::amplifiers
                      : flags_.what == "microphone" ? Kind::microphones
                                                    : Kind::headphones;
    if (const std::string_view stray = strayWish(flags_, kind); !stray.empty())
      return usage(fmt::format("{} says nothing about a {}: leave it out.", stray, advise::oneOf(kind)));
    advise::Wishes wishes = flags_.wishes;
    const auto wish = [](bool isWished) { return isWished ? std::optional(true) : std::nullopt; };
    wishes.phantom = wish(flags_.phantom);
    wishes.midi = wish(flags_.midi);
    wishes.directMonitoring = wish(flags_.directMonitoring);
    wishes.classCompliant = wish(flags_.classCompliant);
    wishes.converter = wish(flags_.converter);
    if (!flags_.power.empty()) wishes.busPowered = flags_.power == "bus";
    wishes.budget = flags_.owner.budget;
    wishes.currency = flags_.owner.currency;
    wishes.peakSpl = flags_.owner.peakSpl;
    wishes.headphones = owner->headphones;
    auto selection = advise::select(kind, wishes, catalogue_);
    Answer answer{.question =
                      fmt::format("Which {}s of the catalogue have what is asked for?", advise::oneOf(kind))};
    answer.verdict = fmt::format("{} do", selection.fitting.size());
    answer.summary = fmt::format("{} more may, as a figure that decides is not known, and {} do not.",
                                 selection.undecided.size(), selection.failing.size());
    answer.notes = owner->assumptions;
    answer.fitting = std::move(selection.fitting);
    answer.undecided = std::move(selection.undecided);
    answer.failing = std::move(selection.failing);
    return answer;
  }

  Result<Answer> drive() const {
    std::vector<std::string> assumptions;
    const auto output = outputInQuestion(assumptions);
    if (!output) return output.error();
    const auto headphone = headphoneInQuestion(assumptions);
    if (!headphone) return headphone.error();
    return with(advise::canDrive(*output, *headphone, flags_.owner.peakSpl), assumptions);
  }

  Result<Answer> ask() const {
    const std::string& topic = flags_.what;
    if (topic == "drive") return drive();
    if (topic == "wireless") return advise::wirelessLatency(flags_.metres > 0.0 ? flags_.metres : 3.0);
    if (topic == "better") return better();
    if (topic == "interface-as-amp" || topic == "need-amp" || topic == "earbuds-hiss" ||
        topic == "loudspeaker")
      return listening(topic);
    if (topic == "converter" || topic == "impedance-sim") return recording(topic);
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    if (topic == "need-interface") return with(advise::needInterface(*owner, catalogue_), owner->assumptions);
    if (topic == "guitar-without-amp")
      return with(advise::guitarWithoutAmplifier(*owner, catalogue_), owner->assumptions);
    const std::string nearest = formats::nearestName(topic, std::span<const std::string_view>(kTopics));
    return usage(fmt::format("There is no question \"{}\": {}", topic,
                             nearest.empty() ? fmt::format("choose from {}", fmt::join(kTopics, ", "))
                                             : fmt::format("did you mean {}?", nearest)));
  }

 private:
  static Answer with(Answer answer, const std::vector<std::string>& assumptions) {
    answer.notes.insert(answer.notes.begin(), assumptions.begin(), assumptions.end());
    return answer;
  }

  /// --from, else the first interface or amplifier that is owned, else the computer.
  Result<advise::OutputModel> outputInQuestion(std::vector<std::string>& assumptions) const {
    if (!flags_.from.empty()) return advise::outputNamed(flags_.from, catalogue_, assumptions);
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    return advise::presentOutput(*owner, catalogue_);
  }

  /// The first name given, else the first that is listened on.
  Result<advise::HeadphoneModel> headphoneInQuestion(std::vector<std::string>& assumptions) const {
    const auto& names = flags_.names.empty() ? flags_.owner.listen : flags_.names;
    if (names.empty()) return usage("Say which headphones: their name, or --listen.");
    const auto product = advise::productNamed(Kind::headphones, names.front(), catalogue_, assumptions);
    if (!product) return product.error();
    return advise::modelOf(**product, catalogue_);
  }

  Result<Answer> listening(const std::string& topic) const {
    std::vector<std::string> assumptions;
    const auto output = outputInQuestion(assumptions);
    if (!output) return output.error();
    if (topic == "loudspeaker")
      return with(
          advise::loudspeakerOn(*output, flags_.speakerOhm, flags_.metres > 0.0 ? flags_.metres : 1.0),
          assumptions);
    const auto headphone = headphoneInQuestion(assumptions);
    if (!headphone) return headphone.error();
    const double peak = flags_.owner.peakSpl;
    if (topic == "earbuds-hiss") return with(advise::earbudsOn(*output, *headphone, peak), assumptions);
    if (!output->product || output->product->kind != Kind::interfaces)
      return usage("Say which interface: --from NAME, or --own.");
    if (topic == "interface-as-amp")
      return with(advise::interfaceAsAmplifier(*output, *headphone, peak), assumptions);
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    return with(advise::needAmplifierBeside(*output, *headphone, *owner, catalogue_), assumptions);
  }

  Result<Answer> recording(const std::string& topic) const {
    std::vector<std::string> assumptions;
    const auto owner = advise::ownerFrom(flags_.owner, catalogue_);
    if (!owner) return owner.error();
    const Product* interface = owner->interfaces.empty() ? nullptr : owner->interfaces.front();
    if (!flags_.from.empty()) {
      const auto named = advise::productNamed(Kind::interfaces, flags_.from, catalogue_, assumptions);
      if (!named) return named.error();
      interface = *named;
    }
    if (!interface) return usage("Say which interface: --from NAME, or --own.");
    const Kind kind = topic == "converter" ? Kind::microphones : Kind::pickups;
    const auto& owned = kind == Kind::microphones ? owner->ownMicrophones : owner->pickups;
    const Product* source = owned.empty() ? nullptr : owned.front();
    if (!flags_.names.empty()) {
      const auto named = advise::productNamed(kind, flags_.names.front(), catalogue_, assumptions);
      if (!named) return named.error();
      source = *named;
    }
    if (kind == Kind::microphones)
      return with(
          advise::converterLimits(*interface, source, flags_.sourceSpl, flags_.roomNoiseDba, catalogue_),
          assumptions);
    return with(advise::interfaceBeforeSimulation(*interface, source, flags_.cableMetres, catalogue_),
                assumptions);
  }

  /// A file, or what is written like one, so that one that is missing is named as that.
  static bool isFile(const std::filesystem::path& name) {
    std::error_code failed;
    return std::filesystem::is_regular_file(name, failed) || name.has_parent_path() ||
           name.extension() == ".txt" || name.extension() == ".csv";
  }

  /// Two products, or two files.
  Result<Answer> better() const {
    if (flags_.names.size() != 2)
      return usage("Say which two: headphones by name, or two measurements as files.");
    if (std::ranges::any_of(flags_.names, isFile)) {
      const auto first = advise::readResponse(flags_.names[0]),
                 second = advise::readResponse(flags_.names[1]);
      if (!first) return first.error();
      if (!second) return second.error();
      if (flags_.target.empty()) return advise::nearerToNeutral(*first, *second, nullptr);
      const auto target = advise::readResponse(flags_.target);
      if (!target) return target.error();
      return advise::nearerToNeutral(*first, *second, &*target);
    }
    std::vector<std::string> assumptions;
    const auto first = advise::productNamed(Kind::headphones, flags_.names[0], catalogue_, assumptions);
    if (!first) return first.error();
    const auto second = advise::productNamed(Kind::headphones, flags_.names[1], catalogue_, assumptions);
    if (!second) return second.error();
    return with(advise::nearerToNeutral(**first, **second), assumptions);
  }

  const AdviseFlags& flags_;
  const Catalogue& catalogue_;
};

int report(const Result<Answer>& answer, const AdviseFlags& flags) {
  if (!answer) return fail(answer.error());
  if (flags.json)
    fmt::print("{}\n", advise::jsonOf(*answer).dump());
  else
    fmt::print("{}", advise::textOf(*answer, {.explain = flags.explain, .listed = flags.all ? 0u : 5u}));
  return 0;
}

int runWith(AdviseFlags& flags, std::string_view command) {
  const std::filesystem::path own = dataFolder();
  const auto catalogue = Catalogue::withOwn(own.empty() ? own : own / "catalogue");
  if (!catalogue) return fail(catalogue.error());
  const Adviser adviser(flags, *catalogue);
  if (command == "list") return printList(*catalogue, flags.what, flags.json);
  if (command == "show") return printProduct(*catalogue, flags.names.front(), flags.json);
  if (command == "figures") return printFigures(flags.json);
  if (command == "find") return report(adviser.find(), flags);
  if (command == "drive") return report(adviser.drive(), flags);
  if (command == "compare") return report(adviser.compare(), flags);
  if (command == "ask") return report(adviser.ask(), flags);
  const auto& words = flags.owner;
  const bool isSilent = words.record.empty() && words.listen.empty() && words.own.empty();
  if (flags.interactive || (isSilent && isatty(STDIN_FILENO) != 0))
    flags.owner = askOwner(std::cin, flags.json ? std::cerr : std::cout, *catalogue);
  else if (isSilent)
    return fail(usage(
        "Say what you record, listen on or own (--record, --listen, --own), or --interactive to be asked."));
  return report(adviser.verdict(), flags);
}

}  // namespace

void addAdviseCommand(CLI::App& app, int& exitCode) {
  auto flags = std::make_shared<AdviseFlags>();
  CLI::App* command =
      app.add_subcommand("advise", "Interface, headphone amplifier, both or neither, with figures");
  addOwnerOptions(*command, *flags);
  command->require_subcommand(0, 1);
  command->footer(
      "Examples:\n"
      "  gainstage advise --record guitar,voice --listen \"HD 600\" --own \"Scarlett Solo 4th Gen\" --budget "
      "200\n"
      "  gainstage advise drive \"HD 600\" --from \"Scarlett 4i4\"\n"
      "  gainstage advise find interface --phantom --inputs 2 --budget 150\n"
      "  gainstage advise ask need-amp \"DT 990 Pro 250\" --from \"EVO 4\"");
  const auto add = [&](const char* name, const char* help) {
    CLI::App* sub = command->add_subcommand(name, help);
    sub->fallthrough();
    return sub;
  };
  const auto from = [&](CLI::App* sub) {
    sub->add_option("--from", flags->from, "An interface or headphone amplifier, or computer");
  };
  CLI::App* drive = add("drive", "Can an output drive these headphones, how loud, with what change of sound");
  drive->add_option("HEADPHONES", flags->names, "By name")->required()->expected(1);
  from(drive);
  CLI::App* compare =
      add("compare", "Interface or headphone amplifier, by five things; or guitar amplifier or simulation");
  compare->add_option("WAYS", flags->what, "ways, or guitar-amplifier")
      ->check(CLI::IsMember({"ways", "guitar-amplifier"}));
  compare->add_option("--amplifier-price", flags->amplifierPrice, "Of the guitar amplifier")
      ->check(numberBetween(0.0, 1e6));
  compare->add_option("--metres", flags->metres, "From the guitar amplifier to the ear")
      ->check(numberBetween(0.1, 100.0));
  compare->add_option("--rate", flags->buffer.sampleRate, "Hz")->check(numberBetween(8000.0, 384000.0));
  compare->add_option("--block", flags->buffer.blockFrames, "Frames of a block")->check(CLI::Range(1, 8192));
  CLI::App* find = add("find", "Gear that has what is asked for, cheapest first");
  find->add_option("KIND", flags->what, "interface, amplifier, microphone or headphone")
      ->required()
      ->check(CLI::IsMember({"interface", "amplifier", "microphone", "headphone"}));
  addWishOptions(*find, *flags);
  CLI::App* ask = add("ask", "A single question");
  ask->add_option("QUESTION", flags->what, fmt::format("{}", fmt::join(kTopics, ", ")))->required();
  ask->add_option("NAMES", flags->names, "Headphones, a microphone or a pickup; two measurements as files");
  from(ask);
  ask->add_option("--metres", flags->metres, "Distance")->check(numberBetween(0.1, 100.0));
  ask->add_option("--speaker-ohm", flags->speakerOhm, "Nominal impedance of the loudspeaker")
      ->check(numberBetween(1.0, 100.0));
  ask->add_option("--source-spl", flags->sourceSpl, "Peaks at the microphone, dB SPL")
      ->check(numberBetween(40.0, 150.0));
  ask->add_option("--room-noise", flags->roomNoiseDba, "Of the room, dB(A)")->check(numberBetween(0.0, 80.0));
  ask->add_option("--cable", flags->cableMetres, "Metres of guitar cable")->check(numberBetween(0.1, 50.0));
  ask->add_option("--target", flags->target, "A target response as a file: Hz, dB");
  CLI::App* show = add("show", "Every figure of a product, with its source");
  show->add_option("NAME", flags->names, "By name")->required()->expected(1);
  CLI::App* list = add("list", "What is in the catalogue");
  list->add_option("KIND", flags->what, "headphones, interfaces, amplifiers, microphones or pickups")
      ->check(CLI::IsMember({"headphones", "interfaces", "amplifiers", "microphones", "pickups"}));
  add("figures", "What a catalogue's rows may hold, and in which units");
  command->callback([flags, command, &exitCode] {
    const auto chosen = command->get_subcommands();
    exitCode = runWith(*flags, chosen.empty() ? "" : chosen.front()->get_name());
  });
}

}  // namespace gainstage::app
