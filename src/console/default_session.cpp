#include "console/default_session.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace gainstage::console {
namespace {

constexpr int kMostStrips = 8;
constexpr float kKnownOutputDb = -12.0f;
constexpr float kUnknownOutputDb = -30.0f;
constexpr float kOthersDb = -9.0f;
constexpr float kMetronomeDb = -12.0f;

struct Naming {
  const char* id;
  const char* name;
};
// In the order of StripKind and OutputKind.
constexpr std::array kStripNaming{Naming{"mic", "Mic"}, Naming{"gtr", "Guitar"}, Naming{"line", "Line"}};
constexpr std::array kOutputNaming{Naming{"out", "Output"}, Naming{"phones", "Headphones"},
                                   Naming{"monitors", "Monitors"}, Naming{"line", "Line"}};

rig::RigState instrumentRig(rig::BlockList blocks) {
  rig::RigState rig;
  for (const std::string_view type : {"gate", "compressor", "eq"}) {
    const auto found = std::ranges::find(blocks, type, &rig::BlockDeclaration::type);
    if (found == blocks.end()) continue;
    rig.blocks.push_back(rig::makeBlockState(**found, std::string(type)));
    rig.blocks.back().on = type != "eq";
  }
  return rig;
}

StripState makeStrip(int index, StripKind kind, int number, bool isOnly, rig::BlockList blocks) {
  const Naming& naming = kStripNaming[static_cast<std::size_t>(kind)];
  StripState strip;
  strip.id = isOnly ? naming.id : fmt::format("{}{}", naming.id, number);
  strip.name = isOnly ? naming.name : fmt::format("{} {}", naming.name, number);
  strip.kind = kind;
  strip.inputs = {index + 1};
  if (kind == StripKind::instrument) strip.rig = instrumentRig(blocks);
  return strip;
}

SendState makeSend(SourceKind kind, const std::string& source, float levelDb) {
  SendState send{.kind = kind, .source = source};
  send.values[static_cast<std::size_t>(SendParameter::levelDb)] = levelDb;
  return send;
}

OutputState makeOutput(const Session& session, int index, const DefaultSessionRequest& request) {
  const Naming& naming = kOutputNaming[static_cast<std::size_t>(request.outputKind)];
  OutputState output;
  output.id = fmt::format("{}{}", naming.id, index + 1);
  output.name = fmt::format("{} {}", naming.name, index + 1);
  output.kind = request.outputKind;
  output.channels = {2 * index + 1};
  if (2 * index + 2 <= request.outputs) output.channels.push_back(2 * index + 2);
  const bool isKnown = request.outputKind != OutputKind::unknown;
  output.values[static_cast<std::size_t>(OutputParameter::levelDb)] =
      isKnown ? kKnownOutputDb : kUnknownOutputDb;
  for (std::size_t i = 0; i < session.strips.size(); ++i) {
    const StripState& strip = session.strips[i];
    const auto tap = strip.kind == StripKind::instrument ? SourceKind::wet : SourceKind::direct;
    output.mix.push_back(makeSend(tap, strip.id, static_cast<int>(i) == index ? 0.0f : kOthersDb));
  }
  for (const ReturnState& entry : session.returns)
    output.mix.push_back(makeSend(SourceKind::streamReturn, entry.id, 0.0f));
  output.mix.push_back(makeSend(SourceKind::reverb, {}, 0.0f));
  output.mix.push_back(makeSend(SourceKind::metronome, {}, kMetronomeDb));
  output.mix.push_back(makeSend(SourceKind::talkback, {}, 0.0f));
  return output;
}

}  // namespace

Session defaultSession(const DefaultSessionRequest& request, rig::BlockList blocks) {
  Session session;
  session.name = "First session";
  std::vector<StripKind> kinds;
  for (int i = 0; i < std::clamp(request.inputs, 0, kMostStrips); ++i) {
    const auto at = static_cast<std::size_t>(i);
    kinds.push_back(at < request.inputKinds.size() ? request.inputKinds[at]
                    : i == 0                       ? StripKind::instrument
                                                   : StripKind::mic);
  }
  std::array<int, kStripNaming.size()> numbers{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const bool isOnly = std::ranges::count(kinds, kinds[i]) == 1;
    const int number = ++numbers[static_cast<std::size_t>(kinds[i])];
    session.strips.push_back(makeStrip(static_cast<int>(i), kinds[i], number, isOnly, blocks));
  }
  for (int i = 0; i < std::clamp(request.returns, 0, kMaxReturns); ++i)
    session.returns.push_back({fmt::format("return{}", i + 1), fmt::format("Return {}", i + 1)});
  const int outputs = std::clamp((request.outputs + 1) / 2, 0, kMaxOutputs);
  for (int i = 0; i < outputs; ++i) session.outputs.push_back(makeOutput(session, i, request));
  return session;
}

}  // namespace gainstage::console
