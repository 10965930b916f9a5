#include "control/commands.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fmt/format.h>

#include "console/path.h"
#include "console/session_json.h"
#include "control/inspect_folder.h"
#include "control/meters_json.h"
#include "formats/nearest_name.h"
#include "rig/rig_edit.h"

namespace gainstage::control {
namespace {

using Words = std::span<const std::string>;

constexpr const char* kTooMuch = "Too many changes are under way; try again in a moment.";

Error usage(std::string message) { return Error{ErrorKind::usage, std::move(message)}; }

/// Words apart by spaces; a word in double quotes may hold spaces.
Result<std::vector<std::string>> wordsOf(std::string_view line) {
  std::vector<std::string> words;
  std::size_t at = 0;
  while (true) {
    at = line.find_first_not_of(" \t\r\n", at);
    if (at == std::string_view::npos) return words;
    if (line[at] == '"') {
      const std::size_t end = line.find('"', at + 1);
      if (end == std::string_view::npos) return usage("A quote is opened and not closed.");
      words.emplace_back(line.substr(at + 1, end - at - 1));
      at = end + 1;
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(" \t\r\n", at), line.size());
    words.emplace_back(line.substr(at, end - at));
    at = end;
  }
}

/// The "at FRAME" that may end a command; takes it off.
Result<FrameTime> frameOf(Words& words) {
  if (words.size() < 2 || words[words.size() - 2] != "at") return FrameTime{console::kNow};
  const std::string& text = words.back();
  FrameTime frame = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), frame);
  if (error != std::errc{} || end != text.data() + text.size() || frame < 0)
    return usage(fmt::format("\"at {}\": a frame is a whole number from 0 on.", text));
  words = words.first(words.size() - 2);
  return frame;
}

/// "; did you mean "x"?" where a name is near, else nothing.
std::string suggestion(const std::string& word, const std::vector<std::string>& known) {
  const std::string nearest = formats::nearestName(word, known);
  return nearest.empty() ? "" : fmt::format("; did you mean \"{}\"", nearest);
}

console::StripState* findStrip(console::Session& session, const std::string& id) {
  const auto found = std::ranges::find(session.strips, id, &console::StripState::id);
  return found == session.strips.end() ? nullptr : &*found;
}

Error noStrip(const console::Session& session, const std::string& id) {
  std::vector<std::string> ids;
  for (const console::StripState& strip : session.strips) ids.push_back(strip.id);
  return usage(fmt::format("There is no strip \"{}\"{}.", id, suggestion(id, ids)));
}

std::string_view nameOf(const Commands::Entry& entry) { return entry.usage.substr(0, entry.usage.find(' ')); }

Error wrongUse(std::string_view name) {
  for (const Commands::Entry& entry : Commands::list())
    if (nameOf(entry) == name) return usage(fmt::format("Usage: {}", entry.usage));
  return usage("Usage: help");
}

}  // namespace

Commands::Commands(Engine& engine, SessionKeeper& keeper, std::filesystem::path takeFolder,
                   std::vector<std::filesystem::path> presetFolders)
    : engine_(engine),
      keeper_(keeper),
      takeFolder_(std::move(takeFolder)),
      presets_(engine, std::move(presetFolders)) {}

std::span<const Commands::Entry> Commands::list() {
  static constexpr std::array kEntries{
      Entry{"set PATH VALUE [at FRAME]", "Changes a value; it ramps there from that frame on.",
            &Commands::set},
      Entry{"get PATH", "Tells a value.", &Commands::get},
      Entry{"list [PREFIX]", "Tells every address that begins so, with its value.", &Commands::listPaths},
      Entry{"gesture begin|end", "What lies between is undone as one.", &Commands::gesture},
      Entry{"undo", "Takes the last gesture back.", &Commands::undo},
      Entry{"redo", "Does again what was undone last.", &Commands::redo},
      Entry{"save [FILE]", "Writes the session, to its own file or to another.", &Commands::save},
      Entry{"load FILE", "Makes another session the one that runs.", &Commands::load},
      Entry{"rig STRIP FILE", "Puts a rig file into a strip, crossfaded.", &Commands::rig},
      Entry{"block STRIP add TYPE [ID] | remove ID | move ID POSITION [main|a|b]",
            "Changes a strip's rig, crossfaded.", &Commands::block},
      Entry{"bank [NAME|FOLDER]", "Tells the banks of presets, or chooses one.", &Commands::bank},
      Entry{"preset STRIP [next|previous|NUMBER|NAME|save NAME]",
            "Tells the bank's presets, puts one into a strip, or saves the strip's rig as one.",
            &Commands::preset},
      Entry{"preset-memory [MB]", "Tells or sets what presets that are kept ready may take.",
            &Commands::presetMemory},
      Entry{"take start [FOLDER] | stop [at FRAME]", "Begins a take of everything, or ends it.",
            &Commands::take},
      Entry{"looper STRIP record|overdub|play|stop|undo|redo|clear [at FRAME] | save [FOLDER]",
            "Loops what a strip plays, over its rig; save makes a take of the loop.", &Commands::looper},
      Entry{"autogain STRIP [stop]",
            "Listens to a strip for ten seconds and sets its preamp so that peaks come to -12 dBFS, or says "
            "how far "
            "to turn its knob.",
            &Commands::autoGain},
      Entry{"preamp STRIP",
            "Tells what of a strip's input can be set, how it stands and what auto gain came to.",
            &Commands::preamp},
      Entry{"panic [on|off]", "Mutes every output within 5 ms; off lets them fade in again.",
            &Commands::panic},
      Entry{"tap", "A beat of the tempo; two or more set it.", &Commands::tap},
      Entry{"meters", "Tells the levels of all strips and outputs.", &Commands::meters},
      Entry{"spl [OUTPUT]", "Tells how loud an output is at the ear, or what must be known for that.",
            &Commands::spl},
      Entry{"dose [LISTENER]", "Tells what was heard today and in seven days, as doses.", &Commands::dose},
      Entry{"status", "Tells format, load, lost frames, take, faults and notes.", &Commands::status},
      Entry{"browse FOLDER", "Tells which responses and captures a folder holds.", &Commands::browse},
      Entry{"help", "Tells this list.", &Commands::help},
      Entry{"quit", "Ends the run.", &Commands::quit},
  };
  return kEntries;
}

Json Commands::execute(std::string_view line) {
  const auto failed = [](const std::string& message) { return Json{{"ok", false}, {"error", message}}; };
  const auto words = wordsOf(line);
  if (!words) return failed(words.error().message);
  if (words->empty()) return failed("Nothing was asked; \"help\" lists what can be.");
  const auto entry = std::ranges::find(list(), words->front(), nameOf);
  if (entry == list().end()) {
    std::vector<std::string> names;
    for (const Entry& known : list()) names.emplace_back(nameOf(known));
    return failed(
        fmt::format("There is no command \"{}\"{}.", words->front(), suggestion(words->front(), names)));
  }
  auto reply = (this->*entry->run)(Words(*words).subspan(1));
  if (!reply) return failed(reply.error().message);
  Json whole{{"ok", true}};
  whole.update(*reply);
  return whole;
}

Result<Json> Commands::change(const console::Session& next, FrameTime at, Json reply, std::string_view what) {
  const console::Session before = engine_.session();
  if (!engine_.apply(next, at)) return Error{ErrorKind::fault, kTooMuch};
  keeper_.recordEdit(what, before, next);
  return reply;
}

Result<Json> Commands::set(Words words) {
  const auto at = frameOf(words);
  if (!at) return at.error();
  if (words.size() != 2) return wrongUse("set");
  console::Session next = engine_.session();
  const auto ref = console::resolve(next, words[0]);
  if (!ref) return ref.error();
  // A file is typed as seen from where the program runs; the session may lie elsewhere.
  const bool isFile = ref->parameter->type == ParameterType::file && !words[1].empty();
  const std::string text = isFile ? std::filesystem::absolute(words[1]).string() : words[1];
  if (auto done = console::setText(next, *ref, text); !done) return done.error();
  std::string warning;
  if (hardware_ && ref->owner == console::Owner::strip && ref->index < console::kFirstAttribute) {
    const auto& strip = next.strips[static_cast<std::size_t>(ref->element)];
    const auto parameter = static_cast<console::StripParameter>(ref->index);
    const auto fitted = hardware_->fit(strip, parameter, console::get(next, *ref));
    if (!fitted) return fitted.error();
    warning = hardware_->warningFor(strip, parameter, *fitted);
    console::set(next, *ref, *fitted);
  }
  const console::Session before = engine_.session();
  // The one place where a hand asks for just this value.
  const bool mayPower = ref->parameter->hazard == Hazard::power;
  if (!engine_.apply(next, *at, mayPower)) return Error{ErrorKind::fault, kTooMuch};
  keeper_.recordValue(words[0], before, next);
  Json reply{{"path", words[0]}, {"value", console::getText(next, *ref)}};
  if (!warning.empty()) reply["warning"] = warning;
  return reply;
}

Result<Json> Commands::get(Words words) {
  if (words.size() != 1) return wrongUse("get");
  const console::Session session = engine_.session();
  const auto ref = console::resolve(session, words[0]);
  if (!ref) return ref.error();
  return Json{{"path", words[0]}, {"value", console::getText(session, *ref)}, {"unit", ref->parameter->unit}};
}

Result<Json> Commands::listPaths(Words words) {
  if (words.size() > 1) return wrongUse("list");
  const console::Session session = engine_.session();
  Json values = Json::object();
  for (const std::string& path : console::listPaths(session)) {
    if (!words.empty() && !path.starts_with(words[0])) continue;
    if (const auto ref = console::resolve(session, path)) values[path] = console::getText(session, *ref);
  }
  return Json{{"values", values}};
}

Result<Json> Commands::gesture(Words words) {
  if (words.size() != 1 || (words[0] != "begin" && words[0] != "end")) return wrongUse("gesture");
  if (words[0] == "begin")
    keeper_.beginGesture("gesture");
  else
    keeper_.endGesture();
  return Json::object();
}

Result<Json> Commands::step(Words words, bool forward) {
  if (!words.empty()) return wrongUse(forward ? "redo" : "undo");
  console::Session session = engine_.session();
  const auto stepped = forward ? keeper_.redo(session) : keeper_.undo(session);
  if (!stepped) return stepped.error();
  if (!engine_.apply(session)) {
    const auto back = forward ? keeper_.undo(session) : keeper_.redo(session);
    return Error{ErrorKind::fault, back ? kTooMuch : back.error().message};
  }
  return Json{{"what", stepped->what}, {"paths", stepped->paths}};
}

Result<Json> Commands::save(Words words) {
  if (words.size() > 1) return wrongUse("save");
  console::Session session = engine_.session();
  const std::filesystem::path other = words.empty() ? "" : words[0];
  if (!other.empty()) {
    const std::filesystem::path from = std::filesystem::current_path() / engine_.folder(),
                                to = std::filesystem::absolute(other).parent_path();
    for (console::StripState& strip : session.strips) rig::rebaseFiles(strip.rig, from, to);
    for (console::OutputState& output : session.outputs) rig::rebaseFile(output.correctionFile, from, to);
  }
  const auto file = keeper_.save(session, other);
  if (!file) return file.error();
  return Json{{"file", file->string()}};
}

Result<Json> Commands::load(Words words) {
  if (words.size() != 1) return wrongUse("load");
  const auto next = console::loadSession(words[0]);
  if (!next) return next.error();
  engine_.setFolder(std::filesystem::absolute(words[0]).parent_path());
  return change(*next, console::kNow, Json{{"session", next->name}}, "load " + words[0]);
}

Result<Json> Commands::rig(Words words) {
  if (words.size() != 2) return wrongUse("rig");
  console::Session next = engine_.session();
  console::StripState* strip = findStrip(next, words[0]);
  if (!strip) return noStrip(next, words[0]);
  const auto document = rig::loadRig(words[1]);
  if (!document) return document.error();
  strip->rig = document->rig;
  const std::filesystem::path folder = std::filesystem::absolute(words[1]).parent_path();
  for (rig::BlockState& block : strip->rig.blocks)
    for (std::string& file : block.files)
      if (!file.empty()) file = (folder / file).string();
  return change(next, console::kNow, Json{{"strip", words[0]}, {"rig", document->name}}, "rig " + words[1]);
}

Result<Json> Commands::block(Words words) {
  if (words.size() < 3) return wrongUse("block");
  console::Session next = engine_.session();
  console::StripState* strip = findStrip(next, words[0]);
  if (!strip) return noStrip(next, words[0]);
  if (words[1] == "add" && words.size() <= 4) {
    const auto* declaration = rig::findBlockDeclaration(words[2]);
    if (!declaration) {
      std::vector<std::string> types;
      for (const auto* known : rig::blockDeclarations()) types.emplace_back(known->type);
      return usage(fmt::format("There is no block of type \"{}\"{}.", words[2], suggestion(words[2], types)));
    }
    const auto id = rig::addBlock(strip->rig, *declaration, words.size() == 4 ? words[3] : "");
    if (!id) return id.error();
    return change(next, console::kNow, Json{{"strip", words[0]}, {"block", *id}}, "add " + words[2]);
  }
  if (words[1] == "remove" && words.size() == 3) {
    if (auto removed = rig::removeBlock(strip->rig, words[2]); !removed) return removed.error();
    return change(next, console::kNow, Json{{"strip", words[0]}}, "remove " + words[2]);
  }
  if (words[1] == "move" && (words.size() == 4 || words.size() == 5)) {
    std::size_t position = 0;
    const auto [end, error] = std::from_chars(words[3].data(), words[3].data() + words[3].size(), position);
    if (error != std::errc{} || *end != '\0')
      return usage(fmt::format("\"{}\": a position is a whole number from 1 on.", words[3]));
    std::optional<rig::Chain> chain;
    if (words.size() == 5) {
      const auto word = std::ranges::find(rig::kChainWords, words[4]);
      if (word == rig::kChainWords.end())
        return usage(fmt::format("\"{}\": a chain is {}.", words[4], fmt::join(rig::kChainWords, ", ")));
      chain = static_cast<rig::Chain>(word - rig::kChainWords.begin());
    }
    if (auto moved = rig::moveBlock(strip->rig, words[2], position, chain); !moved) return moved.error();
    return change(next, console::kNow, Json{{"strip", words[0]}}, "move " + words[2]);
  }
  return wrongUse("block");
}

Result<Json> Commands::take(Words words) {
  const auto at = frameOf(words);
  if (!at) return at.error();
  if (words.empty() || words.size() > 2) return wrongUse("take");
  if (words[0] == "stop" && words.size() == 1) {
    if (!engine_.takes().isRecording()) return usage("No take runs.");
    engine_.stopTake(*at);
    return Json{{"take", engine_.takes().folder().string()}};
  }
  if (words[0] != "start") return wrongUse("take");
  const auto folder =
      engine_.startTake(words.size() == 2 ? std::filesystem::path(words[1]) : takeFolder_, *at);
  if (!folder) return folder.error();
  return Json{{"take", folder->string()}};
}

Result<Json> Commands::looper(Words words) {
  static constexpr std::array<std::string_view, 7> kActions{"record", "overdub", "play", "stop",
                                                            "undo",   "redo",    "clear"};
  const auto at = frameOf(words);
  if (!at) return at.error();
  if (words.size() < 2 || words.size() > 3) return wrongUse("looper");
  console::Session session = engine_.session();
  if (!findStrip(session, words[0])) return noStrip(session, words[0]);
  if (words[1] == "save") {
    const auto folder =
        engine_.saveLoop(words[0], words.size() == 3 ? std::filesystem::path(words[2]) : takeFolder_);
    if (!folder) return folder.error();
    return Json{{"take", folder->string()}};
  }
  const auto action = std::ranges::find(kActions, words[1]);
  if (action == kActions.end() || words.size() != 2) return wrongUse("looper");
  const auto done = engine_.loop(words[0], static_cast<dsp::LoopAction>(action - kActions.begin()), *at);
  if (!done) return done.error();
  return Json{{"strip", words[0]}, {"action", words[1]}};
}

Result<Json> Commands::panic(Words words) {
  if (words.size() > 1 || (words.size() == 1 && words[0] != "on" && words[0] != "off"))
    return wrongUse("panic");
  const bool on = words.empty() || words[0] == "on";
  engine_.panic(on);
  return Json{{"panic", on}};
}

Result<Json> Commands::tap(Words words) {
  if (!words.empty()) return wrongUse("tap");
  const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
  const auto tempo = tapTempo_.tap(now.count());
  if (!tempo) return Json{{"beatsPerMinute", nullptr}};
  console::Session next = engine_.session();
  next.tempo[static_cast<std::size_t>(console::TempoParameter::beatsPerMinute)] = static_cast<float>(*tempo);
  const console::Session before = engine_.session();
  if (!engine_.apply(next)) return Error{ErrorKind::fault, kTooMuch};
  keeper_.recordValue("tempo/beatsPerMinute", before, next);
  return Json{{"beatsPerMinute", *tempo}};
}

Result<Json> Commands::meters(Words words) {
  if (!words.empty()) return wrongUse("meters");
  return metersJson(engine_);
}

Result<Json> Commands::browse(Words words) {
  if (words.size() != 1) return wrongUse("browse");
  return inspectFolder(words[0]);
}

Result<Json> Commands::status(Words words) {
  if (!words.empty()) return wrongUse("status");
  return statusJson(engine_);
}

Result<Json> Commands::help(Words words) {
  if (!words.empty()) return wrongUse("help");
  Json commands = Json::array();
  for (const Entry& entry : list()) commands.push_back({{"usage", entry.usage}, {"help", entry.help}});
  return Json{{"commands", commands}};
}

Result<Json> Commands::quit(Words words) {
  if (!words.empty()) return wrongUse("quit");
  quit_ = true;
  return Json::object();
}

}  // namespace gainstage::control
