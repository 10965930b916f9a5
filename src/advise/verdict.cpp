#include "advise/verdict.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace gainstage::advise {
namespace {

enum class Need { no, probablyNot, probably, yes };
bool isNeeded(Need need) noexcept { return need >= Need::probably; }
bool isSure(Need need) noexcept { return need == Need::no || need == Need::yes; }

std::string inputsText(const Owner& owner) {
  std::vector<std::string> parts;
  if (owner.microphones > 0) parts.push_back(fmt::format("{} for microphones", owner.microphones));
  if (owner.instruments > 0) parts.push_back(fmt::format("{} for instruments", owner.instruments));
  if (owner.lines > 0) parts.push_back(fmt::format("{} for line", owner.lines));
  return fmt::format("{} ({})", counted(owner.inputs(), "input"), fmt::join(parts, ", "));
}

/// Works the verdict out piece by piece.
class Verdict {
 public:
  Verdict(const Owner& owner, const Catalogue& catalogue) : owner_(owner), catalogue_(catalogue) {}

  Answer work() {
    recording();
    listening();
    conclude();
    recommend();
    answer_.notes.insert(answer_.notes.begin(), owner_.assumptions.begin(), owner_.assumptions.end());
    return std::move(answer_);
  }

 private:
  /// Whether what they own records what they play.
  void recording() {
    if (owner_.inputs() == 0) {
      reasons_.push_back("nothing is to be recorded, so nothing needs an input");
      answer_.changes.push_back("Recording anything by microphone or cable needs an interface.");
      return;
    }
    answer_.facts.push_back(
        {"inputs needed at once", exactly(owner_.inputs(), ""), "a sum of what is recorded", {}});
    const Wishes wishes = owner_.interfaceWishes(false);
    Need best = Need::yes;
    std::string why = fmt::format("it takes {}, and none is there", inputsText(owner_));
    for (const Product* interface : owner_.interfaces) {
      Wishes inputs = wishes;
      inputs.budget.reset();  // it is paid for
      const auto checks = checksOf(*interface, inputs, catalogue_);
      const auto failed = std::ranges::find(checks, Held::no, &Check::held);
      const auto open = std::ranges::find(checks, Held::unknown, &Check::held);
      if (failed != checks.end()) {
        why = fmt::format("the {} does not do: {} where it takes {}", interface->name(), failed->text,
                          inputsText(owner_));
      } else if (open != checks.end()) {
        best = std::min(best, Need::probablyNot);
        why = fmt::format("the {} probably records it ({})", interface->name(), open->text);
        answer_.changes.push_back(
            fmt::format("{}: {}. Look it up on the unit.", interface->name(), open->text));
      } else {
        best = Need::no;
        why = fmt::format("the {} records it already", interface->name());
        break;
      }
    }
    interface_ = best;
    reasons_.push_back(why);
    if (isNeeded(best))
      answer_.changes.push_back(
          "If nothing were recorded by microphone or cable, no interface would be needed.");
    if (owner_.microphones > 0 && owner_.ownMicrophones.empty())
      answer_.notes.push_back(
          "A condenser microphone gives no sound at all without phantom power (48 V); a dynamic one does not "
          "need it.");
    if (best == Need::no)
      answer_.changes.push_back(
          fmt::format("More than {} at once would take a larger interface.", inputsText(owner_)));
  }

  /// Whether the headphones get loud and stay true on what is there, or will be.
  void listening() {
    const bool willHaveInterface = isNeeded(interface_);
    for (const HeadphoneModel& headphone : owner_.headphones) {
      if (willHaveInterface && owner_.amplifiers.empty())
        listenOnNewInterface(headphone);
      else
        listenOn(presentOutput(owner_, catalogue_), headphone);
    }
    if (owner_.headphones.empty())
      answer_.changes.push_back(
          "Which headphones they are decides whether an amplifier is needed: name them with --listen.");
    if (owner_.hasLoudspeakers)
      answer_.notes.push_back(
          "Powered loudspeakers go to line outputs, which every interface has; no headphone amplifier helps "
          "there.");
  }

  void listenOn(const OutputModel& output, const HeadphoneModel& headphone) {
    const Drive drive = driveOf(output, headphone, owner_.words.peakSpl);
    const auto facts = drive.facts(owner_.words.peakSpl);
    answer_.facts.insert(answer_.facts.end(), facts.begin(), facts.end());
    const double wanted = owner_.words.peakSpl;
    Need need = Need::no;
    if (drive.isTooQuiet(wanted))
      need = Need::yes;
    else if (!drive.isLoudEnough(wanted))
      need = drive.peakSpl.middle() < wanted ? Need::probably : Need::probablyNot;
    reasons_.push_back(fmt::format("{} reach peaks of {} on {}, where {} dB SPL are wanted", headphone.name,
                                   textOf(drive.peakSpl), output.name, numberText(wanted)));
    if (drive.response.low > kChangeObvious) {
      need = Need::yes;
      reasons_.push_back(fmt::format("its output impedance of {} bends their response by {}",
                                     textOf(output.impedance), textOf(drive.response)));
    } else if (drive.response.high > kChangeObvious) {
      answer_.changes.push_back(fmt::format(
          "If {} turns out to have an output impedance near {} ohm, it bends the response of {} by up to {} "
          "dB, and an amplifier with less than {} ohm would mend that.",
          output.name, numberText(output.impedance.high), headphone.name, numberText(drive.response.high),
          numberText(std::max(0.1, headphone.impedance.low / 8.0))));
    }
    if (!isSure(need))
      answer_.changes.push_back(fmt::format("The figures leave {} to {} dB SPL open ({}): {} settles it.",
                                            numberText(drive.peakSpl.low), numberText(drive.peakSpl.high),
                                            drive.peakSpl.reason, "listening at full volume, carefully,"));
    amplifier_ = std::max(amplifier_, need);
    answer_.changes.push_back(fmt::format(
        "With headphones that need {} dB more for the same level it would be {}.",
        numberText(std::abs((isNeeded(need) ? drive.peakSpl.high : drive.peakSpl.low) - wanted)),
        isNeeded(need) ? "even clearer, with as many dB less it would not" : "an amplifier's turn"));
  }

  void listenOnNewInterface(const HeadphoneModel& headphone) {
    Wishes wishes = owner_.interfaceWishes(false);
    wishes.headphones = {headphone};
    const Selection selection = select(Kind::interfaces, wishes, catalogue_);
    const Drive example = driveOf(
        modelOfOutput(selection.fittingProducts.empty() && !selection.undecidedProducts.empty()
                          ? *selection.undecidedProducts.front()
                      : !selection.fittingProducts.empty() ? *selection.fittingProducts.front()
                                                           : catalogue_.products(Kind::interfaces).front(),
                      catalogue_),
        headphone, owner_.words.peakSpl);
    const auto facts = example.facts(owner_.words.peakSpl);
    answer_.facts.insert(answer_.facts.end(), facts.begin(), facts.end());
    if (!selection.fittingProducts.empty()) {
      reasons_.push_back(fmt::format("{} interfaces of the catalogue drive {} to {} dB SPL by themselves",
                                     selection.fitting.size(), headphone.name,
                                     numberText(owner_.words.peakSpl)));
      answer_.changes.push_back(
          fmt::format("With headphones that need more than {} dB more for the same level, or an interface "
                      "that gives as much less, it "
                      "would be both: an amplifier as well.",
                      numberText(example.peakSpl.low - owner_.words.peakSpl)));
      return;
    }
    const Need need = selection.undecidedProducts.empty()               ? Need::yes
                      : example.peakSpl.middle() < owner_.words.peakSpl ? Need::probably
                                                                        : Need::probablyNot;
    reasons_.push_back(fmt::format(
        "no interface that fits is known to drive {} to {} dB SPL by itself ({}: {})", headphone.name,
        numberText(owner_.words.peakSpl), example.output, textOf(example.peakSpl)));
    if (!isSure(need))
      answer_.changes.push_back(
          fmt::format("Most makers do not state what their headphone output gives. Try {} on the interface "
                      "before you buy "
                      "an amplifier: it needs {} for peaks of {} dB SPL.",
                      headphone.name, textOf(example.neededVolts), numberText(owner_.words.peakSpl)));
    amplifier_ = std::max(amplifier_, need);
  }

  void conclude() {
    const bool wantsInterface = isNeeded(interface_), wantsAmplifier = isNeeded(amplifier_);
    answer_.question = "Do I need an interface, a headphone amplifier, both, or neither?";
    answer_.verdict = wantsInterface && wantsAmplifier ? "Both"
                      : wantsInterface                 ? "An interface"
                      : wantsAmplifier                 ? "A headphone amplifier"
                                                       : "Neither";
    const bool sure = isSure(interface_) && isSure(amplifier_);
    std::string why;
    for (const std::string& reason : reasons_) why += (why.empty() ? "" : "; ") + reason;
    answer_.summary = fmt::format("{}{}.", sure ? "Because " : "Probably, as far as the figures go: ", why);
  }

  void append(Selection selection, std::string_view group) {
    const auto add = [group](std::vector<Candidate>& into, std::vector<Candidate>& from) {
      for (Candidate& each : from) {
        each.group = group;
        into.push_back(std::move(each));
      }
    };
    add(answer_.fitting, selection.fitting);
    add(answer_.undecided, selection.undecided);
    add(answer_.failing, selection.failing);
  }

  void recommend() {
    const bool wantsInterface = isNeeded(interface_), wantsAmplifier = isNeeded(amplifier_);
    std::optional<double> cost;
    if (wantsInterface) {
      const Selection selection = select(
          Kind::interfaces, owner_.interfaceWishes(!wantsAmplifier && owner_.amplifiers.empty()), catalogue_);
      append(selection, "interfaces");
      if (!selection.fitting.empty() && selection.fitting.front().price)
        cost = selection.fitting.front().price->number();
    }
    if (wantsAmplifier) {
      const Selection selection = select(Kind::amplifiers, owner_.amplifierWishes(), catalogue_);
      append(selection, "headphone amplifiers");
      if (cost && !selection.fitting.empty() && selection.fitting.front().price) {
        const double both = *cost + selection.fitting.front().price->number();
        answer_.facts.push_back({"cheapest of both together",
                                 exactly(both, owner_.words.currency),
                                 "the cheapest interface and the cheapest amplifier that fit",
                                 {}});
        if (owner_.words.budget && both > *owner_.words.budget)
          answer_.notes.push_back(
              fmt::format("Both together cost {} {} at least, more than the budget: the interface first, "
                          "since nothing records without it.",
                          numberText(both), owner_.words.currency));
      }
    }
    if ((wantsInterface || wantsAmplifier) && answer_.fitting.empty())
      answer_.notes.push_back(
          "No product of the catalogue is known to do all of it: the next list says which figure is missing, "
          "the last what is in the way.");
    if (!wantsInterface && !wantsAmplifier)
      answer_.notes.push_back(
          "Money is better spent on what makes the sound: strings, a microphone, the room, lessons.");
  }

  const Owner& owner_;
  const Catalogue& catalogue_;
  Answer answer_;
  std::vector<std::string> reasons_;
  Need interface_ = Need::no, amplifier_ = Need::no;
};

}  // namespace

OutputModel presentOutput(const Owner& owner, const Catalogue& catalogue) {
  if (!owner.amplifiers.empty()) return modelOfOutput(*owner.amplifiers.front(), catalogue);
  if (!owner.interfaces.empty()) return modelOfOutput(*owner.interfaces.front(), catalogue);
  return computerOutput();
}

Answer verdictFor(const Owner& owner, const Catalogue& catalogue) { return Verdict(owner, catalogue).work(); }

}  // namespace gainstage::advise
