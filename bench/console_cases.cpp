#include <array>

#include "bench/bench.h"
#include "console/console.h"

namespace gainstage::bench {
namespace {

using console::SourceKind;

console::SendState send(SourceKind kind, const std::string& source, float levelDb) {
  console::SendState state{.kind = kind, .source = source};
  state.values[static_cast<std::size_t>(console::SendParameter::levelDb)] = levelDb;
  return state;
}

/// Strips with gate, EQ and compressor, each heard in every output.
console::Session desk(int strips, int outputs, int heard) {
  console::Session session;
  for (int s = 0; s < strips; ++s) {
    console::StripState strip;
    strip.id = strip.name = "s" + std::to_string(s);
    strip.inputs = {s + 1};
    for (const char* type : {"gate", "eq", "compressor"})
      strip.rig.blocks.push_back(rig::makeBlockState(*rig::findBlockDeclaration(type), type));
    session.strips.push_back(std::move(strip));
  }
  for (int o = 0; o < outputs; ++o) {
    console::OutputState output;
    output.id = output.name = "o" + std::to_string(o);
    output.kind = console::OutputKind::headphones;
    output.channels = {2 * o + 1, 2 * o + 2};
    for (int s = 0; s < heard; ++s)
      output.mix.push_back(
          send(SourceKind::wet, "s" + std::to_string(s), -12.0f - static_cast<float>((s + o) % 6)));
    session.outputs.push_back(std::move(output));
  }
  return session;
}

/// A whole console on pink-ish noise; `played` of its strips get a signal, the others digital silence.
class ConsoleWork : public Work {
 public:
  ConsoleWork(int strips, int outputs, int heard, int played, FrameCount frames)
      : session_(desk(strips, outputs, heard)),
        played_(played),
        signal_(testSignal(1, kSignalFrames)),
        in_(strips, frames),
        out_(2 * outputs, frames) {
    rewind();
  }

  void rewind() noexcept override {
    console_.prepare(session_, {kSampleRate, in_.frames()}, {.inputsAreLive = false, .fadeIn = false});
    // Past the time after which silent strips fall asleep and their meters have fallen.
    in_.view().clear();
    for (FrameTime n = 0; n < 12 * static_cast<FrameTime>(kSampleRate); n += in_.frames()) run();
  }
  void feed(int index) noexcept override {
    for (int c = 0; c < played_; ++c) {
      const FrameCount at = (index * in_.frames() + c * 1117) % (kSignalFrames - in_.frames());
      copy(std::as_const(signal_).view().frameRange(at, in_.frames()), in_.view().channelRange(c, 1));
    }
  }
  void run() noexcept override {
    console_.process({.frames = in_.frames(), .inputs = in_.view(), .outputs = out_.view()});
  }

 private:
  static constexpr FrameCount kSignalFrames = 65536;
  console::Session session_;
  int played_;
  console::Console console_;
  AudioBuffer signal_, in_, out_;
};

Case console(const std::string& name, int strips, int outputs, int heard, int played, FrameCount frames) {
  return {.name = "console/" + name + "/" + std::to_string(frames), .frames = frames, .prepare = [=] {
            return std::make_unique<ConsoleWork>(strips, outputs, heard, played, frames);
          }};
}

/// From a command to the new sound's first samples where a preset is settled: the control thread's part and
/// the callback that begins with it. To be added: the wait for that callback, one block.
class SwitchWork : public Work {
 public:
  explicit SwitchWork(FrameCount frames)
      : signal_(testSignal(1, kSignalFrames)), in_(1, frames), out_(2, frames) {
    sessions_[0] = sessions_[1] = desk(1, 1, 1);
    auto& blocks = sessions_[1].strips[0].rig.blocks;
    for (const char* type : {"phaser", "delay"})
      blocks.push_back(rig::makeBlockState(*rig::findBlockDeclaration(type), type));
    rewind();
  }
  void rewind() noexcept override {
    console_.prepare(sessions_[0], {kSampleRate, in_.frames()}, {.inputsAreLive = false, .fadeIn = false});
    next_ = 1;
  }
  void feed(int index) noexcept override {
    // Past the crossfade, and what was left is settled again.
    for (FrameCount n = 0; n < static_cast<FrameCount>(0.07 * kSampleRate); n += in_.frames()) process(index);
    console_.service();
    const console::StripState& strip = console_.session().strips[0];
    console_.rigPool().wish({console_.rigPlan(strip, sessions_[next_].strips[0].rig)});
    console_.rigPool().waitUntilSettled();
  }
  void run() noexcept override {
    console_.apply(sessions_[next_]);
    process(0);
    next_ = 1 - next_;
  }

 private:
  static constexpr FrameCount kSignalFrames = 65536;
  void process(int index) noexcept {
    const FrameCount at = (index * in_.frames()) % (kSignalFrames - in_.frames());
    copy(std::as_const(signal_).view().frameRange(at, in_.frames()), in_.view());
    console_.process({.frames = in_.frames(), .inputs = in_.view(), .outputs = out_.view()});
  }

  console::Session sessions_[2];
  std::size_t next_ = 1;
  console::Console console_;
  AudioBuffer signal_, in_, out_;
};

}  // namespace

std::vector<Case> consoleCases() {
  return {
      console("16x8", 16, 8, 16, 16, 64),
      console("16x8", 16, 8, 16, 16, 16),
      // Cost follows what is audible: half of the strips played and sent, then the same in a desk four times
      // as large.
      console("8x8", 8, 8, 8, 8, 64),
      console("8x8-of-64", 64, 8, 8, 8, 64),
      console("16x8-no-sends", 16, 8, 0, 16, 64),
      console("64x16", 64, 16, 64, 64, 64),
      {.name = "console/preset-switch/64",
       .frames = 64,
       .blocks = 1000,
       .prepare = [] { return std::make_unique<SwitchWork>(64); }},
  };
}

}  // namespace gainstage::bench
