#include "control/presets.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <numeric>

#include "formats/file_error.h"
#include "formats/nearest_name.h"
#include "rig/rig_json.h"

namespace gainstage::control {

namespace fs = std::filesystem;

namespace {

Error usage(std::string message) { return {ErrorKind::usage, std::move(message)}; }

/// Visible entries of a folder that `wanted` accepts, by name.
template <typename Wanted>
std::vector<fs::path> entriesOf(const fs::path& folder, Wanted&& wanted) {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    if (!at->path().filename().string().starts_with('.') && wanted(*at)) found.push_back(at->path());
  std::ranges::sort(found, {}, [](const fs::path& path) { return path.filename().string(); });
  return found;
}

std::vector<fs::path> rigFiles(const fs::path& folder) {
  return entriesOf(folder, [](const fs::directory_entry& entry) {
    std::error_code ignored;
    return entry.path().extension() == ".json" && entry.is_regular_file(ignored);
  });
}

/// "07 Bright crunch" is called "Bright crunch" where it has no other name.
std::string nameFromFile(const fs::path& file) {
  const std::string stem = file.stem().string();
  const auto name = stem.find_first_not_of("0123456789 _-");
  return name == std::string::npos ? stem : stem.substr(name);
}

bool isBelow(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
  return !relative.empty() && *relative.begin() != "..";
}

}  // namespace

Result<Bank> readBank(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored))
    return usage(fmt::format("{} is no folder of presets.", formats::quoted(folder)));
  Bank bank{.name = folder.filename().string(), .folder = folder, .presets = {}, .problems = {}};
  for (const fs::path& file : rigFiles(folder)) {
    if (bank.presets.size() == Bank::kMaxPresets) {
      bank.problems.push_back(fmt::format("A bank has at most {} presets.", Bank::kMaxPresets));
      break;
    }
    auto document = rig::loadRig(file);
    if (!document) {
      bank.problems.push_back(document.error().message);
      continue;
    }
    for (rig::BlockState& block : document->rig.blocks)
      for (std::string& name : block.files)
        if (!name.empty()) name = (folder / name).string();
    bank.presets.push_back(
        {document->name.empty() ? nameFromFile(file) : document->name, file, document->rig});
  }
  return bank;
}

Presets::Presets(Engine& engine, std::vector<fs::path> folders)
    : engine_(engine), folders_(std::move(folders)) {
  for (fs::path& folder : folders_) folder = fs::absolute(folder);
}

std::vector<fs::path> Presets::bankFolders() const {
  std::vector<fs::path> banks;
  for (const fs::path& root : folders_)
    for (const fs::path& folder : entriesOf(root, [](const fs::directory_entry& entry) {
           std::error_code ignored;
           return entry.is_directory(ignored) && !rigFiles(entry.path()).empty();
         }))
      if (std::ranges::find(banks, folder.filename(), &fs::path::filename) == banks.end())
        banks.push_back(folder);
  return banks;
}

Result<void> Presets::choose(const std::string& nameOrFolder) {
  const auto banks = bankFolders();
  const auto named = std::ranges::find(banks, nameOrFolder,
                                       [](const fs::path& folder) { return folder.filename().string(); });
  auto chosen = readBank(named == banks.end() ? fs::absolute(nameOrFolder) : *named);
  if (!chosen) {
    std::vector<std::string> names;
    for (const fs::path& folder : banks) names.push_back(folder.filename().string());
    const std::string near = formats::nearestName(nameOrFolder, names);
    return usage(fmt::format("There is neither a bank nor a folder \"{}\"{}.", nameOrFolder,
                             near.empty() ? "" : fmt::format("; did you mean \"{}\"", near)));
  }
  bank_ = std::move(*chosen);
  used_.clear();
  awaited_.clear();
  wish();
  return {};
}

Result<const Bank*> Presets::bank() {
  if (!bank_) {
    const auto banks = bankFolders();
    if (banks.empty())
      return usage("There is no bank of presets; choose a folder of rig files: bank FOLDER.");
    if (auto done = choose(banks.front().string()); !done) return done.error();
  }
  return &*bank_;
}

std::optional<std::size_t> Presets::current(const std::string& strip) const {
  const auto used = used_.find(strip);
  return used == used_.end() ? std::nullopt : used->second.current;
}

Result<std::size_t> Presets::find(const std::string& strip, const std::string& word) {
  const auto chosen = bank();
  if (!chosen) return chosen.error();
  const auto& presets = (*chosen)->presets;
  const std::size_t count = presets.size();
  if (count == 0) return usage(fmt::format("The bank {} has no presets.", (*chosen)->name));
  // Who is on the way to one counts from there.
  const auto waits = awaited_.find(strip);
  const auto at = waits == awaited_.end() ? current(strip) : waits->second;
  if (word == "next") return at ? (*at + 1) % count : 0;
  if (word == "previous") return (at.value_or(0) + count - 1) % count;
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error == std::errc{} && end == word.data() + word.size()) {
    if (number >= 1 && number <= count) return number - 1;
    return usage(fmt::format("{}: the bank {} has presets 1 to {}.", word, (*chosen)->name, count));
  }
  const auto named = std::ranges::find(presets, word, &Preset::name);
  if (named != presets.end()) return static_cast<std::size_t>(named - presets.begin());
  std::vector<std::string> names;
  for (const Preset& preset : presets) names.push_back(preset.name);
  const std::string near = formats::nearestName(word, names);
  return usage(fmt::format("The bank {} has no preset \"{}\"{}.", (*chosen)->name, word,
                           near.empty() ? "" : fmt::format("; did you mean \"{}\"", near)));
}

bool Presets::isSettled(const console::StripState& strip, std::size_t index) {
  return engine_.rigPool().has(engine_.rigPlan(strip, bank_->presets[index].rig));
}

void Presets::chosen(const std::string& strip, std::size_t index) {
  Used& used = used_[strip];
  if (used.current && used.current != index) {
    std::erase(used.before, *used.current);
    used.before.insert(used.before.begin(), *used.current);
  }
  used.current = index;
  awaited_.erase(strip);
  wish();
}

void Presets::await(const std::string& strip, std::size_t index) {
  awaited_[strip] = index;
  wish();
}

void Presets::forget(const std::string& strip) {
  used_.erase(strip);
  awaited_.erase(strip);
  wish();
}

/// Every preset but the one it has: the neighbours, then those it had, the last first, then the others, the
/// nearest first.
std::vector<std::size_t> Presets::likeliest(const std::string& strip) const {
  const std::size_t count = bank_->presets.size();
  const auto used = used_.find(strip);
  if (used == used_.end() || !used->second.current) {
    std::vector<std::size_t> all(count);
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
  }
  const std::size_t at = *used->second.current;
  std::vector<std::size_t> order;
  const auto add = [&](std::size_t index) {
    if (index != at && std::ranges::find(order, index) == order.end()) order.push_back(index);
  };
  add((at + 1) % count);
  add((at + count - 1) % count);
  for (const std::size_t before : used->second.before) add(before);
  for (std::size_t distance = 2; distance < count; ++distance) {
    add((at + distance) % count);
    add((at + count - distance) % count);
  }
  return order;
}

void Presets::wish() {
  if (!bank_ || bank_->presets.empty()) return engine_.rigPool().wish({});
  const console::Session session = engine_.session();
  // Strips that use presets; where none does yet, the first instrument is the one that will.
  std::vector<const console::StripState*> strips;
  for (const console::StripState& strip : session.strips)
    if (used_.contains(strip.id) || awaited_.contains(strip.id)) strips.push_back(&strip);
  if (strips.empty() && !session.strips.empty()) {
    const auto first =
        std::ranges::find(session.strips, console::StripKind::instrument, &console::StripState::kind);
    strips.push_back(first == session.strips.end() ? &session.strips.front() : &*first);
  }
  std::vector<console::RigPlan> plans;
  const auto add = [&](const console::StripState& strip, std::size_t index) {
    plans.push_back(engine_.rigPlan(strip, bank_->presets[index].rig));
  };
  for (const console::StripState* strip : strips)
    if (const auto waits = awaited_.find(strip->id); waits != awaited_.end()) add(*strip, waits->second);
  std::vector<std::vector<std::size_t>> orders;
  for (const console::StripState* strip : strips) orders.push_back(likeliest(strip->id));
  for (std::size_t rank = 0; rank < bank_->presets.size(); ++rank)
    for (std::size_t s = 0; s < strips.size(); ++s)
      if (rank < orders[s].size()) add(*strips[s], orders[s][rank]);
  engine_.rigPool().wish(std::move(plans));
}

Result<std::size_t> Presets::save(const console::StripState& strip, const fs::path& folder,
                                  const std::string& name) {
  if (name.size() > rig::kMaxNameBytes || name.empty()) return usage("A preset's name has 1 to 100 bytes.");
  if (auto chosen = bank(); !chosen && folders_.empty()) return chosen.error();
  const auto isBuiltIn = [&](const fs::path& path) {
    return std::ranges::any_of(std::span(folders_).subspan(1),
                               [&](const fs::path& root) { return isBelow(path, root); });
  };
  if (!folders_.empty() && (!bank_ || isBuiltIn(bank_->folder))) {
    const fs::path own = folders_.front() / kOwnBank;
    std::error_code failed;
    fs::create_directories(own, failed);
    if (auto done = choose(own.string()); !done) return done.error();
  }
  const auto named = std::ranges::find(bank_->presets, name, &Preset::name);
  fs::path file;
  if (named != bank_->presets.end()) {
    file = named->file;
  } else {
    std::string safe = name;
    std::ranges::replace_if(
        safe, [](char c) { return c == '/' || static_cast<unsigned char>(c) < 0x20; }, '_');
    std::error_code ignored;
    std::size_t number = bank_->presets.size();
    do file = bank_->folder / fmt::format("{:02} {}.json", ++number, safe);
    while (fs::exists(file, ignored));
  }
  rig::RigDocument document{.name = name, .rig = strip.rig};
  rig::rebaseFiles(document.rig, folder, bank_->folder);
  if (auto saved = rig::saveRig(file, document); !saved) return saved.error();
  auto read = readBank(bank_->folder);
  if (!read) return read.error();
  bank_ = std::move(*read);
  const auto place = std::ranges::find(bank_->presets, file, &Preset::file);
  if (place == bank_->presets.end())
    return Error{ErrorKind::file, fmt::format("{} was written and cannot be read.", formats::quoted(file))};
  const auto index = static_cast<std::size_t>(place - bank_->presets.begin());
  chosen(strip.id, index);
  return index;
}

}  // namespace gainstage::control
