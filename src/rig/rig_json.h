#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>

#include "rig/rig_state.h"

namespace gainstage::formats {
class ObjectReader;
class Problems;
}  // namespace gainstage::formats

/// A rig as JSON: {"blocks": [{"id", "type", "name", "on", and the keys its type declares}]}; a block in a
/// chain of a split has "chain", "a" or "b". Inside a session, or as a file of its own. All of it
/// [control].
namespace gainstage::rig {

/// The kinds of block that a document may name.
using BlockList = std::span<const BlockDeclaration* const>;

inline constexpr std::size_t kMaxBlocks = 32;
inline constexpr std::size_t kMaxNameBytes = 100;
inline constexpr std::size_t kMaxIdBytes = 40;
inline constexpr std::size_t kMaxPathBytes = 4096;
inline constexpr int kRigVersion = 1;
/// Of Chain, in its order.
inline constexpr std::array<std::string_view, 3> kChainWords{"main", "a", "b"};

/// A rig file.
struct RigDocument {
  std::string name;
  RigState rig;
  bool operator==(const RigDocument&) const = default;
};

/// Whether `id` is of the form that ids have: 1 to 40 of a-z, 0-9 and '-'.
bool isId(std::string_view id) noexcept;
/// Reads the key "id", which must be there.
void readId(formats::ObjectReader& reader, std::string& id);

/// Reads the key "blocks" of an object. What cannot be had is told to the reader's problems; the state is of
/// use only where there are none.
RigState readBlocks(formats::ObjectReader& reader, BlockList blocks);
/// Reads an object that holds nothing but "blocks", at `path` of its document.
RigState readRig(const nlohmann::json& value, const std::string& path, formats::Problems& problems,
                 BlockList blocks);

/// Every value written, keys in a fixed order.
nlohmann::ordered_json rigToJson(const RigState& rig);

/// A whole rig file; `name` stands in front of the error. Missing keys take their declared defaults.
Result<RigDocument> parseRig(std::string_view text, std::string_view name,
                             BlockList blocks = blockDeclarations());
Result<RigDocument> loadRig(const std::filesystem::path& file, BlockList blocks = blockDeclarations());
std::string rigText(const RigDocument& document);
/// Atomically: the file holds the old rig or the new one, whatever happens.
Result<void> saveRig(const std::filesystem::path& file, const RigDocument& document);

}  // namespace gainstage::rig
