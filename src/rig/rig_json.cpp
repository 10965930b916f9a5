#include "rig/rig_json.h"

#include <fmt/format.h>

#include "formats/file_error.h"
#include "formats/hash.h"
#include "formats/json.h"
#include "formats/json_reader.h"
#include "formats/json_text.h"

namespace gainstage::rig {
namespace {

using formats::Json;
using formats::ObjectReader;
using formats::OrderedJson;
using formats::Problems;

std::string hashKey(const Parameter& file) { return std::string(file.id) + "Hash"; }

const BlockDeclaration* readType(ObjectReader& reader, BlockList blocks) {
  std::vector<std::string_view> types;
  for (const BlockDeclaration* block : blocks) types.push_back(block->type);
  if (!reader.require("type")) return nullptr;
  const auto index = reader.word("type", types);
  return index ? blocks[*index] : nullptr;
}

void readFiles(ObjectReader& reader, BlockState& state) {
  const auto parameters = state.declaration->parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].type != ParameterType::file) continue;
    reader.text(parameters[i].id, state.files[i], kMaxPathBytes, true);
    const std::string key = hashKey(parameters[i]);
    reader.text(key, state.fileHashes[i], 64, true);
    if (!state.fileHashes[i].empty() && !formats::isSha256(state.fileHashes[i]))
      reader.problems().add(reader.pathOf(key),
                            "should be a SHA-256 of 64 digits from 0-9 and a-f, or empty");
  }
}

BlockState readBlock(const Json& value, const std::string& path, Problems& problems, BlockList blocks) {
  ObjectReader reader(value, path, problems);
  BlockState state;
  std::string id;
  readId(reader, id);
  if (const BlockDeclaration* declaration = readType(reader, blocks)) {
    state = makeBlockState(*declaration, std::move(id));
    reader.text("name", state.name, kMaxNameBytes, true);
    reader.boolean("on", state.on);
    if (const auto chain = reader.word("chain", kChainWords)) state.chain = static_cast<Chain>(*chain);
    reader.values(declaration->parameters, state.values);
    readFiles(reader, state);
    reader.finish();
  }
  return state;
}

OrderedJson blockToJson(const BlockState& state) {
  OrderedJson block{
      {"id", state.id}, {"type", state.declaration->type}, {"name", state.name}, {"on", state.on}};
  if (state.chain != Chain::main) block["chain"] = kChainWords[static_cast<std::size_t>(state.chain)];
  const auto parameters = state.declaration->parameters;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].type == ParameterType::file) {
      block[std::string(parameters[i].id)] = state.files[i];
      block[hashKey(parameters[i])] = i < state.fileHashes.size() ? state.fileHashes[i] : std::string();
    } else {
      block[std::string(parameters[i].id)] = formats::valueToJson(parameters[i], state.values[i]);
    }
  }
  return block;
}

Result<RigDocument> readDocument(const Json& json, std::string_view name, BlockList blocks) {
  Problems problems;
  ObjectReader reader(json, "", problems);
  if (!formats::readHeader(reader, "rig", kRigVersion)) return problems.error(name);
  RigDocument document;
  reader.text("name", document.name, kMaxNameBytes, true);
  document.rig = readBlocks(reader, blocks);
  reader.finish();
  if (problems.any()) return problems.error(name);
  return document;
}

}  // namespace

bool isId(std::string_view id) noexcept {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !id.empty() && id.size() <= kMaxIdBytes && std::ranges::all_of(id, allowed);
}

void readId(ObjectReader& reader, std::string& id) {
  const Json* value = reader.require("id");
  if (!value) return;
  if (value->is_string() && isId(value->get_ref<const std::string&>()))
    id = value->get<std::string>();
  else
    reader.problems().add(reader.pathOf("id"), fmt::format("should be 1 to {} of a-z, 0-9 and '-', but is {}",
                                                           kMaxIdBytes, formats::describe(*value)));
}

RigState readBlocks(ObjectReader& reader, BlockList blocks) {
  RigState rig;
  formats::UniqueTexts ids, names;
  const auto entries = reader.list("blocks", kMaxBlocks);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string path = fmt::format("{}[{}]", reader.pathOf("blocks"), i);
    BlockState block = readBlock(*entries[i], path, reader.problems(), blocks);
    ids.add(block.id, path + ".id", reader.problems());
    names.add(block.name, path + ".name", reader.problems());
    rig.blocks.push_back(std::move(block));
    if (const std::string problem = chainProblem(rig, i); !problem.empty())
      reader.problems().add(path + ".chain", problem);
  }
  return rig;
}

RigState readRig(const Json& value, const std::string& path, Problems& problems, BlockList blocks) {
  ObjectReader reader(value, path, problems);
  RigState rig = readBlocks(reader, blocks);
  reader.finish();
  return rig;
}

OrderedJson rigToJson(const RigState& rig) {
  OrderedJson blocks = OrderedJson::array();
  for (const BlockState& block : rig.blocks) blocks.push_back(blockToJson(block));
  return {{"blocks", std::move(blocks)}};
}

Result<RigDocument> parseRig(std::string_view text, std::string_view name, BlockList blocks) {
  const auto json = formats::parseJson(text, name);
  if (!json) return json.error();
  return readDocument(*json, name, blocks);
}

Result<RigDocument> loadRig(const std::filesystem::path& file, BlockList blocks) {
  const auto json = formats::readJsonFile(file);
  if (!json) return json.error();
  return readDocument(*json, formats::quoted(file), blocks);
}

std::string rigText(const RigDocument& document) {
  OrderedJson json{{"gainstage", "rig"}, {"version", kRigVersion}, {"name", document.name}};
  json.update(rigToJson(document.rig));
  return formats::readableText(json);
}

Result<void> saveRig(const std::filesystem::path& file, const RigDocument& document) {
  return formats::writeFileAtomically(file, rigText(document));
}

}  // namespace gainstage::rig
