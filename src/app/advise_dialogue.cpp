#include "app/advise_dialogue.h"

#include <charconv>
#include <fmt/format.h>
#include <functional>
#include <iostream>
#include <sstream>

namespace gainstage::app {
namespace {

std::vector<std::string> namesIn(const std::string& line) {
  std::vector<std::string> names;
  std::istringstream words(line);
  for (std::string name; std::getline(words, name, ',');) {
    const std::size_t from = name.find_first_not_of(" \t\r"), to = name.find_last_not_of(" \t\r");
    if (from != std::string::npos) names.push_back(name.substr(from, to - from + 1));
  }
  return names;
}

/// Asks until `take` is content or the input ends.
void ask(std::istream& in, std::ostream& out, std::string_view question,
         const std::function<Result<void>(const std::string&)>& take) {
  for (std::string line;;) {
    out << question << "\n> " << std::flush;
    if (!std::getline(in, line)) return;
    const auto taken = take(line);
    if (taken) return;
    out << "  " << taken.error().message << '\n';
  }
}

}  // namespace

advise::OwnerWords askOwner(std::istream& in, std::ostream& out, const advise::Catalogue& catalogue) {
  advise::OwnerWords words;
  /// Takes the answer where everything is understood with it.
  const auto change = [&](const std::function<void(advise::OwnerWords&)>& edit) -> Result<void> {
    advise::OwnerWords changed = words;
    edit(changed);
    if (const auto owner = advise::ownerFrom(changed, catalogue); !owner) return owner.error();
    words = std::move(changed);
    return {};
  };
  std::vector<std::string_view> sources;
  for (const auto& source : advise::recordedSources()) sources.push_back(source.name);
  ask(in, out,
      fmt::format("What do you record at once? ({}; voice:2 for two; empty for nothing)",
                  fmt::join(sources, ", ")),
      [&](const std::string& line) { return change([&](auto& w) { w.record = namesIn(line); }); });
  ask(in, out,
      "What do you listen on? (headphones by name, such as HD 600; loudspeakers; empty if you do not know)",
      [&](const std::string& line) { return change([&](auto& w) { w.listen = namesIn(line); }); });
  ask(in, out,
      "What do you own? (interfaces, headphone amplifiers, microphones by name; guitar amplifier; empty for "
      "nothing)",
      [&](const std::string& line) { return change([&](auto& w) { w.own = namesIn(line); }); });
  ask(in, out, fmt::format("Where do you play? ({}; empty for home)", fmt::join(advise::places(), ", ")),
      [&](const std::string& line) {
        const auto names = namesIn(line);
        return change([&](auto& w) { w.place = names.empty() ? "home" : names.front(); });
      });
  ask(in, out, "What may it cost, in USD? (empty: say what there is)",
      [&](const std::string& line) -> Result<void> {
        const auto names = namesIn(line);
        if (names.empty()) return {};
        double budget = 0.0;
        const std::string& text = names.front();
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), budget);
        if (failed != std::errc() || end != text.data() + text.size() || !(budget >= 0.0 && budget <= 1e6))
          return Error{ErrorKind::usage, fmt::format("\"{}\" is no number: write 200", text)};
        words.budget = budget;
        return {};
      });
  out << '\n';
  return words;
}

}  // namespace gainstage::app
