#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "control/commands.h"

/// Banks and presets, as commands.
namespace gainstage::control {
namespace {

using Words = std::span<const std::string>;

constexpr double kBytesInMb = 1e6;

Error usage(std::string message) { return Error{ErrorKind::usage, std::move(message)}; }

console::StripState* findStrip(console::Session& session, const std::string& id) {
  const auto found = std::ranges::find(session.strips, id, &console::StripState::id);
  return found == session.strips.end() ? nullptr : &*found;
}

}  // namespace

Result<Json> Commands::bank(Words words) {
  if (words.size() > 1) return usage("Usage: bank [NAME|FOLDER]");
  if (words.size() == 1)
    if (auto chosen = presets_.choose(words[0]); !chosen) return chosen.error();
  Json banks = Json::array();
  for (const auto& folder : presets_.bankFolders()) banks.push_back(folder.filename().string());
  Json reply{{"banks", banks}, {"bank", nullptr}};
  if (const auto bank = presets_.bank()) {
    reply["bank"] = (*bank)->name;
    reply["folder"] = (*bank)->folder.string();
    reply["presets"] = (*bank)->presets.size();
    reply["problems"] = (*bank)->problems;
  }
  return reply;
}

Result<Json> Commands::preset(Words words) {
  constexpr const char* kUsage = "Usage: preset STRIP [next|previous|NUMBER|NAME|save NAME]";
  if (words.empty() || words.size() > 3) return usage(kUsage);
  console::Session session = engine_.session();
  console::StripState* strip = findStrip(session, words[0]);
  if (!strip) return usage(fmt::format("There is no strip \"{}\".", words[0]));
  if (words.size() == 3) {
    if (words[1] != "save") return usage(kUsage);
    return savePreset(*strip, words[2]);
  }
  if (words.size() == 2) {
    const auto index = presets_.find(words[0], words[1]);
    if (!index) return index.error();
    if (presets_.isSettled(*strip, *index)) return usePreset(words[0], *index);
    presets_.await(words[0], *index);
    return Json{{"strip", words[0]},
                {"number", *index + 1},
                {"name", (*presets_.bank())->presets[*index].name},
                {"ready", false}};
  }
  const auto bank = presets_.bank();
  if (!bank) return bank.error();
  const auto current = presets_.current(words[0]);
  Json list = Json::array();
  for (std::size_t i = 0; i < (*bank)->presets.size(); ++i)
    list.push_back({{"number", i + 1},
                    {"name", (*bank)->presets[i].name},
                    {"ready", current == i || presets_.isSettled(*strip, i)}});
  return Json{{"strip", words[0]},
              {"bank", (*bank)->name},
              {"number", current ? Json(*current + 1) : Json(nullptr)},
              {"presets", list}};
}

Result<Json> Commands::usePreset(const std::string& strip, std::size_t index) {
  const Preset& preset = (*presets_.bank())->presets[index];
  console::Session next = engine_.session();
  console::StripState* state = findStrip(next, strip);
  if (!state) return usage(fmt::format("There is no strip \"{}\".", strip));
  state->rig = preset.rig;
  Json reply{{"strip", strip}, {"number", index + 1}, {"name", preset.name}, {"ready", true}};
  auto done = change(next, console::kNow, std::move(reply), "preset " + preset.name);
  if (done) presets_.chosen(strip, index);
  return done;
}

Result<Json> Commands::savePreset(console::StripState& strip, const std::string& name) {
  const auto index = presets_.save(strip, engine_.folder(), name);
  if (!index) return index.error();
  const Bank& bank = **presets_.bank();
  return Json{{"strip", strip.id},
              {"bank", bank.name},
              {"number", *index + 1},
              {"name", name},
              {"file", bank.presets[*index].file.string()}};
}

Result<Json> Commands::presetMemory(Words words) {
  constexpr double kMostMb = 1e6;
  console::RigPool& pool = engine_.rigPool();
  if (words.size() > 1) return usage("Usage: preset-memory [MB]");
  if (words.size() == 1) {
    double mb = 0.0;
    const auto [end, error] = std::from_chars(words[0].data(), words[0].data() + words[0].size(), mb);
    if (error != std::errc{} || *end != '\0' || !(mb >= 0.0 && mb <= kMostMb))
      return usage(
          fmt::format("\"{}\": a budget is a number of megabytes from 0 to {:.0f}.", words[0], kMostMb));
    pool.setBudget(static_cast<std::size_t>(mb * kBytesInMb));
  }
  return Json{{"budgetMb", static_cast<double>(pool.budgetBytes()) / kBytesInMb},
              {"keptMb", static_cast<double>(pool.keptBytes()) / kBytesInMb},
              {"kept", pool.keptCount()}};
}

void Commands::service() {
  const auto awaited = presets_.awaited();
  console::Session session = engine_.session();
  for (const auto& [strip, index] : awaited) {
    const console::StripState* state = findStrip(session, strip);
    if (state && !presets_.isSettled(*state, index)) continue;
    // A strip that has gone waits for nothing; what is too much at once is tried again.
    if (!state)
      presets_.forget(strip);
    else
      (void)usePreset(strip, index);
  }
}

}  // namespace gainstage::control
