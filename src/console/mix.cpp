#include "console/mix.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "dsp/kernels.h"

namespace gainstage::console {

Mix::Mix(const StreamFormat& format) : sends_(kSourceCount), gains_(2, format.maxFrames) {
  for (Send& send : sends_) {
    send.left.setLength(format.frames(kRamp));
    send.right.setLength(format.frames(kRamp));
    for (dsp::LevelGuard& guard : send.guards) guard.prepare(format, kRamp);
  }
}

void Mix::setBit(Bits& bits, SourceIndex s, bool on) noexcept {
  const std::uint64_t mask = std::uint64_t{1} << (s % 64);
  bits[s / 64] = on ? bits[s / 64] | mask : bits[s / 64] & ~mask;
}

template <typename Visit>
void Mix::forEach(const Bits& bits, Visit&& visit) noexcept {
  for (std::size_t word = 0; word < bits.size(); ++word)
    for (std::uint64_t left = bits[word]; left != 0; left &= left - 1)
      visit(static_cast<SourceIndex>(word * 64 + static_cast<unsigned>(std::countr_zero(left))));
}

void Mix::set(SourceIndex source, SendParameter parameter, float value) noexcept {
  Send& send = sends_[source];
  switch (parameter) {
    case SendParameter::levelDb:
      send.levelDb = value;
      send.levelGain = value <= kOffDb ? 0.0f : Decibels{value}.linear();
      setBit(listed_, source, value > kOffDb || bit(audible_, source));
      break;
    case SendParameter::pan: {
      // Constant power with 0 dB in the middle: one channel at unity sounds alike from both sides, and a
      // stereo source passes unchanged; hard to one side is +3 dB there.
      const double angle = (static_cast<double>(value) + 1.0) * std::numbers::pi / 4.0;
      const bool middle = value == 0.0f;
      send.panLeft = middle ? 1.0f : static_cast<float>(std::numbers::sqrt2 * std::max(std::cos(angle), 0.0));
      send.panRight = middle ? 1.0f : static_cast<float>(std::numbers::sqrt2 * std::sin(angle));
      if (value >= 1.0f) send.panLeft = 0.0f;
      break;
    }
    case SendParameter::mute:
      send.mute = value != 0.0f;
      break;
    case SendParameter::postFader:
      send.postFader = value != 0.0f;
      break;
    case SendParameter::count:
      break;
  }
}

void Mix::update(SourceIndex source, const StripLevels* strips, const ConsoleLevels& console,
                 const MixLevels& output) noexcept {
  Send& send = sends_[source];
  const bool held = output.liveHold && mayBeLive(source);
  bool heard = !send.mute && !held;
  float gain = send.levelGain;
  float totalDb = send.levelDb + output.outputDb;
  float panLeft = send.panLeft, panRight = send.panRight;

  if (isStripSource(source)) {
    const StripLevels& strip = strips[stripOf(source)];
    const bool listening = console.anySolo && output.soloMode == SoloMode::listen;
    if (listening) {
      gain = strip.solo && isWet(source) ? 1.0f : 0.0f;
      totalDb = output.outputDb;
      panLeft = panRight = 1.0f;
      heard = strip.present && !held;
    } else {
      if (send.postFader) {
        gain *= strip.faderGain;
        totalDb += strip.faderDb;
      }
      heard = heard && strip.present && !strip.mute;
      if (console.anySolo && output.soloMode == SoloMode::inPlace) heard = heard && strip.solo;
    }
    gain *= strip.duckGain;
    totalDb += strip.preampDb + strip.trimDb + strip.duckDb + (isWet(source) ? strip.rigDb : 0.0f);
    if (listening && gain > 0.0f) setBit(listed_, source, true);
  } else if (console.anySolo && output.soloMode == SoloMode::listen) {
    heard = false;
  }
  if (source != kTalkbackSource) {
    gain *= console.talkbackGain;
    totalDb += console.talkbackDb;
  }

  // A path that was held has not been heard yet, a muted one has: when it opens, only the held one comes up
  // slowly.
  for (std::size_t side = 0; side < 2; ++side)
    send.guards[side].setTotal(gain > 0.0f && !held ? totalDb + output.sidesDb[side] : kOffDb);
  send.left.setTarget(heard ? gain * panLeft : 0.0f);
  send.right.setTarget(heard ? gain * panRight : 0.0f);
  const bool silent = send.left.isSettled() && send.right.isSettled() && send.left.target() == 0.0f &&
                      send.right.target() == 0.0f;
  setBit(audible_, source, !silent);
  setBit(guarded_, source, !send.isGuardIdle());
}

void Mix::updateAll(const StripLevels* strips, const ConsoleLevels& console,
                    const MixLevels& output) noexcept {
  Bits due = listed_;
  // Listening brings strips in that the mix itself leaves out.
  if (console.anySolo && output.soloMode == SoloMode::listen)
    for (int strip = 0; strip < kMaxStrips; ++strip)
      if (strips[strip].solo) setBit(due, sourceIndex(SourceKind::wet, strip), true);
  forEach(due, [&](SourceIndex source) { update(source, strips, console, output); });
}

void Mix::snap() noexcept {
  for (Send& send : sends_) {
    send.left.snapToTarget();
    send.right.snapToTarget();
    for (dsp::LevelGuard& guard : send.guards) guard.snap();
  }
  guarded_ = {};
  Bits still{};
  forEach(audible_, [&](SourceIndex source) {
    setBit(still, source, sends_[source].left.target() != 0.0f || sends_[source].right.target() != 0.0f);
  });
  audible_ = still;
}

void Mix::process(const Source* sources, AudioView out) noexcept {
  forEach(audible_, [&](SourceIndex index) {
    Send& send = sends_[index];
    const Source& source = sources[index];
    if (!source.left) {
      send.left.snapToTarget();
      send.right.snapToTarget();
      return;
    }
    if (bit(guarded_, index)) {
      processGuarded(send, source, out);
      setBit(guarded_, index, !send.isGuardIdle());
      return;
    }
    const float* const rows[2] = {source.left, source.right};
    const int channels = source.left == source.right ? 1 : 2;
    dsp::addStereo(ConstAudioView(rows, channels, out.frames()), send.left, send.right, out);
  });
  // What is held back while nobody hears it waits: the level heard last stays the one to compare with.
  forEach(guarded_, [&](SourceIndex index) {
    Send& send = sends_[index];
    if (!bit(audible_, index))
      for (dsp::LevelGuard& guard : send.guards) guard.skip(out.frames());
    setBit(guarded_, index, !send.isGuardIdle());
  });
  forEach(audible_, [&](SourceIndex index) {
    Send& send = sends_[index];
    const bool silent = send.left.isSettled() && send.right.isSettled() && send.left.target() == 0.0f &&
                        send.right.target() == 0.0f;
    if (!silent) return;
    setBit(audible_, index, false);
    if (send.levelDb <= kOffDb) setBit(listed_, index, false);
  });
}

void Mix::processGuarded(Send& send, const Source& source, AudioView out) noexcept {
  const AudioView gains = gains_.view(out.frames());
  const std::pair<const float*, LinearRamp&> sides[2] = {{source.left, send.left},
                                                         {source.right, send.right}};
  const auto gain = gains.channel(0), guard = gains.channel(1);
  for (int c = 0; c < 2; ++c) {
    const auto to = out.channel(c);
    sides[c].second.fill(gain);
    send.guards[static_cast<std::size_t>(c)].fill(guard);
    for (std::size_t n = 0; n < to.size(); ++n) to[n] += sides[c].first[n] * (gain[n] * guard[n]);
  }
}

}  // namespace gainstage::console
