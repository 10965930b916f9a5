#include "console/session_files.h"
#include "console/session_json.h"
#include "console/session_words.h"
#include "formats/json.h"
#include "formats/json_text.h"

namespace gainstage::console {
namespace {

using formats::OrderedJson;

void addValues(OrderedJson& object, std::span<const Parameter> parameters, const Values& values) {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    object[std::string(parameters[i].id)] = formats::valueToJson(parameters[i], values[i]);
}

OrderedJson valuesToJson(std::span<const Parameter> parameters, const Values& values) {
  OrderedJson object = OrderedJson::object();
  addValues(object, parameters, values);
  return object;
}

template <typename Number>
OrderedJson orNull(const std::optional<Number>& number) {
  return number ? OrderedJson(*number) : OrderedJson(nullptr);
}

OrderedJson stripToJson(const StripState& strip) {
  OrderedJson object{{"id", strip.id},
                     {"name", strip.name},
                     {"kind", kStripKindWords[static_cast<std::size_t>(strip.kind)]},
                     {"inputs", strip.inputs},
                     {"fullScaleDbu", orNull(strip.fullScaleDbu)}};
  addValues(object, stripParameters(), strip.values);
  object["rig"] = rig::rigToJson(strip.rig);
  return object;
}

OrderedJson sendToJson(const SendState& send) {
  OrderedJson object{{"source", sourceWord(send.kind, send.source)}};
  if (send.kind == SourceKind::direct) object["tap"] = kTapWords[0];
  if (send.kind == SourceKind::wet) object["tap"] = kTapWords[1];
  addValues(object, sendParameters(), send.values);
  return object;
}

OrderedJson outputToJson(const OutputState& output) {
  OrderedJson object{{"id", output.id},
                     {"name", output.name},
                     {"kind", kOutputKindWords[static_cast<std::size_t>(output.kind)]},
                     {"liveInputs", output.liveInputs},
                     {"channels", output.channels}};
  addValues(object, outputParameters(), output.values);
  object["listener"] = output.listener;
  object["headphone"] = output.headphone;
  for (std::size_t f = 0; f < gearFigures().size(); ++f)
    object[std::string(gearFigures()[f].id)] = orNull(gearFigure(output, static_cast<GearFigure>(f)));
  object["correctionFile"] = output.correctionFile;
  object["correctionFileHash"] = output.correctionFileHash;
  object["mix"] = OrderedJson::array();
  for (const SendState& send : output.mix) object["mix"].push_back(sendToJson(send));
  return object;
}

}  // namespace

OrderedJson sessionToJson(const Session& session) {
  OrderedJson document{{"gainstage", "session"}, {"version", kSessionVersion}, {"name", session.name}};
  document["tempo"] = valuesToJson(tempoParameters(), session.tempo);
  document["strips"] = OrderedJson::array();
  for (const StripState& strip : session.strips) document["strips"].push_back(stripToJson(strip));
  document["returns"] = OrderedJson::array();
  for (const ReturnState& entry : session.returns)
    document["returns"].push_back({{"id", entry.id}, {"name", entry.name}});
  document["reverb"] = valuesToJson(reverbParameters(), session.reverb);
  document["metronome"] = valuesToJson(metronomeParameters(), session.metronome);
  document["talkback"] = {{"input", orNull(session.talkbackInput)}};
  addValues(document["talkback"], talkbackParameters(), session.talkback);
  document["outputs"] = OrderedJson::array();
  for (const OutputState& output : session.outputs) document["outputs"].push_back(outputToJson(output));
  return document;
}

std::string sessionText(const Session& session) { return formats::readableText(sessionToJson(session)); }

Result<void> saveSession(const std::filesystem::path& file, const Session& session) {
  Session whole = session;
  addFileHashes(whole, file.parent_path());
  return formats::writeFileAtomically(file, sessionText(whole));
}

}  // namespace gainstage::console
