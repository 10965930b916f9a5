#include <fmt/format.h>

#include "console/session_feeds.h"
#include "console/session_json.h"
#include "console/session_words.h"
#include "formats/file_error.h"
#include "formats/hash.h"
#include "formats/json.h"
#include "formats/json_reader.h"

namespace gainstage::console {
namespace {

using formats::Json;
using formats::ObjectReader;
using formats::Problems;
using formats::UniqueTexts;

// From a balanced microphone straight into a converter to the hottest line level there is, with room to
// spare.
constexpr double kLowestFullScaleDbu = -60.0;
constexpr double kHighestFullScaleDbu = 60.0;

constexpr std::size_t kHashBytes = 64;

/// Reads one session; every method reads one kind of element.
class SessionReader {
 public:
  SessionReader(const Json& document, Problems& problems, rig::BlockList blocks)
      : document_(document), feeds_(document), problems_(problems), blocks_(blocks) {}

  Session read() {
    Session session;
    ObjectReader reader(document_, "", problems_);
    if (!formats::readHeader(reader, "session", kSessionVersion)) return session;
    reader.text("name", session.name, rig::kMaxNameBytes, true);
    readValues(reader, "tempo", tempoParameters(), session.tempo);
    forEach(reader, "strips", kMaxStrips, [&](const Json& value, const std::string& path) {
      session.strips.push_back(readStrip(value, path));
    });
    forEach(reader, "returns", kMaxReturns, [&](const Json& value, const std::string& path) {
      session.returns.push_back(readReturn(value, path));
    });
    readValues(reader, "reverb", reverbParameters(), session.reverb);
    readValues(reader, "metronome", metronomeParameters(), session.metronome);
    readTalkback(reader, session);
    forEach(reader, "outputs", kMaxOutputs, [&](const Json& value, const std::string& path) {
      session.outputs.push_back(readOutput(value, path));
    });
    reader.finish();
    return session;
  }

 private:
  template <typename Read>
  void forEach(ObjectReader& reader, std::string_view key, int most, Read&& read) {
    const auto entries = reader.list(key, static_cast<std::size_t>(most));
    for (std::size_t i = 0; i < entries.size(); ++i)
      read(*entries[i], fmt::format("{}[{}]", reader.pathOf(key), i));
  }

  void readValues(ObjectReader& outer, std::string_view key, std::span<const Parameter> parameters,
                  Values& values) {
    const Json* value = outer.find(key);
    if (!value) return;
    ObjectReader reader(*value, outer.pathOf(key), problems_);
    reader.values(parameters, values);
    reader.finish();
  }

  /// The id, and the name, which is the id where it is missing.
  void readNames(ObjectReader& reader, UniqueTexts& ids, UniqueTexts& names, std::string& id,
                 std::string& name) {
    rig::readId(reader, id);
    name = id;
    reader.text("name", name, rig::kMaxNameBytes);
    ids.add(id, reader.pathOf("id"), problems_);
    names.add(name, reader.pathOf("name"), problems_);
  }

  void refuseBusWord(ObjectReader& reader, const std::string& id) {
    if (std::ranges::find(kBusWords, id) != kBusWords.end())
      problems_.add(reader.pathOf("id"),
                    fmt::format("is \"{}\", which mixes use for that bus: choose another", id));
  }

  /// One or two device channels, counted from 1.
  std::vector<int> readChannels(ObjectReader& reader, std::string_view key, const std::string& hearer) {
    std::vector<int> channels;
    const auto entries = reader.list(key, 2, 1);
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (const auto channel = readChannel(*entries[i], fmt::format("{}[{}]", reader.pathOf(key), i), hearer))
        channels.push_back(*channel);
    if (channels.size() == 2 && channels[0] == channels[1])
      problems_.add(reader.pathOf(key), fmt::format("names {} twice", channels[0]));
    return channels;
  }

  std::optional<int> readChannel(const Json& value, const std::string& path, const std::string& hearer) {
    if (value.is_string() && !hearer.empty())
      if (const auto refusal = feeds_.refusal(hearer, value.get<std::string>()); !refusal.empty()) {
        problems_.add(path, refusal + "; it takes device inputs, counted from 1");
        return std::nullopt;
      }
    return formats::readWhole(value, 1, kMaxDeviceChannels, path, problems_);
  }

  StripState readStrip(const Json& value, const std::string& path) {
    ObjectReader reader(value, path, problems_);
    StripState strip;
    readNames(reader, sourceIds_, stripNames_, strip.id, strip.name);
    refuseBusWord(reader, strip.id);
    if (const auto kind = reader.word("kind", kStripKindWords)) strip.kind = static_cast<StripKind>(*kind);
    strip.inputs = readChannels(reader, "inputs", strip.id);
    strip.fullScaleDbu = reader.number("fullScaleDbu", kLowestFullScaleDbu, kHighestFullScaleDbu);
    reader.values(stripParameters(), strip.values);
    if (const Json* rig = reader.find("rig"))
      strip.rig = rig::readRig(*rig, reader.pathOf("rig"), problems_, blocks_);
    reader.finish();
    return strip;
  }

  ReturnState readReturn(const Json& value, const std::string& path) {
    ObjectReader reader(value, path, problems_);
    ReturnState state;
    readNames(reader, sourceIds_, returnNames_, state.id, state.name);
    refuseBusWord(reader, state.id);
    refuseSource(value, path, state.id);
    reader.finish();
    return state;
  }

  /// A return is fed by another program; one that names its source in the session is told more than "unknown
  /// key".
  void refuseSource(const Json& value, const std::string& path, const std::string& id) {
    if (!value.is_object() || !value.contains("source") || !value["source"].is_string()) return;
    const auto refusal = feeds_.refusal(id, value["source"].get<std::string>());
    if (!refusal.empty()) problems_.add(path + ".source", refusal + "; a return is fed by another program");
  }

  void readTalkback(ObjectReader& outer, Session& session) {
    const Json* value = outer.find("talkback");
    if (!value) return;
    ObjectReader reader(*value, "talkback", problems_);
    const Json* input = reader.find("input");
    if (input && !input->is_null()) session.talkbackInput = readChannel(*input, "talkback.input", "talkback");
    reader.values(talkbackParameters(), session.talkback);
    reader.finish();
  }

  OutputState readOutput(const Json& value, const std::string& path) {
    ObjectReader reader(value, path, problems_);
    OutputState output;
    readNames(reader, outputIds_, outputNames_, output.id, output.name);
    if (const auto kind = reader.word("kind", kOutputKindWords)) output.kind = static_cast<OutputKind>(*kind);
    reader.boolean("liveInputs", output.liveInputs);
    output.channels = readChannels(reader, "channels", {});
    // Two outputs on one channel would add up behind their ceilings, and neither would hold.
    for (const int channel : output.channels) {
      const auto [taken, isNew] = outputOfChannel_.emplace(channel, path);
      if (!isNew && taken->second != path)
        problems_.add(reader.pathOf("channels"),
                      fmt::format("names {}, which {} has already", channel, taken->second));
    }
    reader.values(outputParameters(), output.values);
    readListening(reader, output);
    UniqueTexts sends;
    forEach(reader, "mix", kMaxSendsInMix, [&](const Json& entry, const std::string& where) {
      if (auto send = readSend(entry, where, output.id)) {
        sends.add(sendAddress(send->kind, send->source), where, problems_);
        output.mix.push_back(std::move(*send));
      }
    });
    reader.finish();
    return output;
  }

  void readListening(ObjectReader& reader, OutputState& output) {
    reader.text("listener", output.listener, rig::kMaxNameBytes, true);
    reader.text("headphone", output.headphone, rig::kMaxNameBytes, true);
    for (std::size_t f = 0; f < gearFigures().size(); ++f) {
      const Parameter& figure = gearFigures()[f];
      gearFigure(output, static_cast<GearFigure>(f)) =
          reader.number(figure.id, static_cast<double>(figure.minimum), static_cast<double>(figure.maximum));
    }
    reader.text("correctionFile", output.correctionFile, rig::kMaxPathBytes, true);
    reader.text("correctionFileHash", output.correctionFileHash, kHashBytes, true);
    if (!output.correctionFileHash.empty() && !formats::isSha256(output.correctionFileHash))
      problems_.add(reader.pathOf("correctionFileHash"),
                    "should be a SHA-256 of 64 digits from 0-9 and a-f, or empty");
  }

  std::optional<SendState> readSend(const Json& value, const std::string& path, const std::string& outputId) {
    ObjectReader reader(value, path, problems_);
    SendState send;
    const Json* source = reader.require("source");
    const auto tap = reader.word("tap", kTapWords);
    reader.values(sendParameters(), send.values);
    reader.finish();
    if (!source || !readSource(*source, reader, outputId, send)) return std::nullopt;
    const bool isStrip = send.kind == SourceKind::wet;
    if (tap && !isStrip) problems_.add(reader.pathOf("tap"), "belongs to sends from strips only");
    if (tap == 0u && isStrip) send.kind = SourceKind::direct;
    return send;
  }

  bool readSource(const Json& value, const ObjectReader& reader, const std::string& outputId,
                  SendState& send) {
    const std::string path = reader.pathOf("source");
    const std::string word = value.is_string() ? value.get<std::string>() : std::string();
    const auto bus = std::ranges::find(kBusWords, word);
    if (bus != kBusWords.end()) {
      send.kind = kBusKinds[static_cast<std::size_t>(bus - kBusWords.begin())];
      return true;
    }
    send.source = word;
    send.kind = feeds_.isStrip(word) ? SourceKind::wet : SourceKind::streamReturn;
    if (feeds_.isStrip(word) || feeds_.isReturn(word)) return true;
    if (const auto refusal = feeds_.refusal(outputId, word); !refusal.empty()) {
      problems_.add(path, refusal);
      return false;
    }
    const auto near = formats::nearestName(word, feeds_.sources());
    problems_.add(
        path, fmt::format("should be a strip's or return's id, reverb, metronome or talkback, but is {}{}",
                          formats::describe(value),
                          near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
    return false;
  }

  const Json& document_;
  const Feeds feeds_;
  Problems& problems_;
  rig::BlockList blocks_;
  UniqueTexts sourceIds_, outputIds_, stripNames_, returnNames_, outputNames_;
  std::map<int, std::string> outputOfChannel_;
};

}  // namespace

Result<Session> readSession(const Json& document, std::string_view name, rig::BlockList blocks) {
  Problems problems;
  Session session = SessionReader(document, problems, blocks).read();
  if (problems.any()) return problems.error(name);
  return session;
}

Result<Session> parseSession(std::string_view text, std::string_view name, rig::BlockList blocks) {
  const auto document = formats::parseJson(text, name);
  if (!document) return document.error();
  return readSession(*document, name, blocks);
}

Result<Session> loadSession(const std::filesystem::path& file, rig::BlockList blocks) {
  const auto document = formats::readJsonFile(file);
  if (!document) return document.error();
  return readSession(*document, formats::quoted(file), blocks);
}

}  // namespace gainstage::console
