#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "console/session.h"
#include "core/result.h"

/// Addresses of everything in a session that has a value, as remotes, MIDI and the undo journal use them:
///
///   strips/ID/KEY          strips/ID/rig/BLOCK/KEY      (KEY of a block: its parameters, and "on")
///   outputs/ID/KEY         outputs/ID/mix/SOURCE/KEY    (SOURCE: STRIP.wet, STRIP.direct, RETURN, reverb,
///   metronome, tempo/KEY  reverb/KEY  metronome/KEY  talkback/KEY   talkback)
///
/// Besides what is declared in declarations.h, strips have "kind" and outputs "kind" and "liveInputs". All of
/// it [control].
namespace gainstage::console {

enum class Owner : std::uint8_t { strip, block, output, send, tempo, reverb, metronome, talkback };

/// Indices from here on are not of the declared list but of what sessions hold beside it.
inline constexpr ParameterIndex kFirstAttribute = 0x8000;
inline constexpr ParameterIndex kBlockOn = kFirstAttribute;
inline constexpr ParameterIndex kStripKind = kFirstAttribute;
inline constexpr ParameterIndex kOutputKind = kFirstAttribute;
inline constexpr ParameterIndex kOutputLiveInputs = kFirstAttribute + 1;
inline constexpr ParameterIndex kOutputCorrectionFile = kFirstAttribute + 2;
/// And the figures of its gear after it, in their order.
inline constexpr ParameterIndex kOutputGear = kFirstAttribute + 3;

/// Where a value lives. Good until a strip, output, block or return is added, removed or moved.
struct ParameterRef {
  Owner owner = Owner::strip;
  int element = 0;                       ///< which strip (strip, block) or output (output, send)
  int block = 0;                         ///< which block of the strip's rig
  SourceKind source = SourceKind::wet;   ///< of a send
  std::string sourceId = {};             ///< of a send from a strip or return
  ParameterIndex index = 0;              ///< in the owner's list, or an attribute
  const Parameter* parameter = nullptr;  ///< its declaration
  bool operator==(const ParameterRef&) const = default;
};

/// What `path` leads to. A send that its mix does not list resolves too, where its source exists. Error
/// (usage): which part is not known, and the nearest that is.
Result<ParameterRef> resolve(const Session& session, std::string_view path);

/// The address of what `ref` leads to.
std::string pathOf(const Session& session, const ParameterRef& ref);

/// A send that is not listed has its declared defaults (level off). Files have no number: 0. A figure of an
/// output's gear that is unknown is not-a-number, and "unknown" as text.
float get(const Session& session, const ParameterRef& ref);
/// Clamped to the declaration. A send that is not listed is added. Not for files.
void set(Session& session, const ParameterRef& ref, float value);

/// The same as text (value_text.h); a file's text is its path. A file that is set loses its known hash.
std::string getText(const Session& session, const ParameterRef& ref);
Result<void> setText(Session& session, const ParameterRef& ref, std::string_view text);

/// The place in its mix of the send that `ref` (Owner::send) leads to, if it is listed.
std::optional<std::size_t> sendIndex(const Session& session, const ParameterRef& ref);

/// Every address there is, in the order of the document; of mixes, also the sends that they could list.
std::vector<std::string> listPaths(const Session& session);

}  // namespace gainstage::console
