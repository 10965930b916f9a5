#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "core/audio_buffer.h"
#include "dsp/fade.h"
#include "dsp/kernels.h"
#include "formats/file_error.h"
#include "neural/capture.h"
#include "neural/player_factory.h"
#include "neural/silence.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { file, inputDb, outputDb, size, calibrate };

constexpr std::array kParameters{
    Parameter{.id = "file", .name = "Capture", .unit = "", .type = ParameterType::file, .structural = true},
    levelDecibels("inputDb", "Input", -40.0f, 40.0f, 0.0f),
    levelDecibels("outputDb", "Output", -40.0f, 40.0f, 0.0f),
    ratio("size", "Size", 0.0f, 1.0f, 1.0f),
    // Captures' levels are up to 20 dB apart: levelled, one can be tried after another without a jump.
    structural(toggle("calibrate", "Calibrate levels", true)),
};

constexpr double kLoudnessDb = -18.0;  // LUFS: where calibration puts the output
constexpr Milliseconds kSizeFade{25.0};
// How long a size listens before it is heard: as long as it remembers, but no longer than anybody waits.
constexpr Milliseconds kLongestWarmUp{500.0};
constexpr Milliseconds kRecurrentWarmUp{200.0};
constexpr Milliseconds kLongestTail{10000.0};

/// A capture at one of its sizes, ready to play.
struct Variant {
  std::vector<std::unique_ptr<neural::Player>> players;  // one for each channel
  float rest = 0.0f;                                     // what silence makes of it
  FrameCount warmUpFrames = 1;
  FrameTime tailFrames = 0;

  void settle() noexcept {
    for (const auto& player : players) player->settle();
  }
  /// In place, and silent for silence.
  void process(AudioView io) noexcept {
    for (int c = 0; c < io.channels(); ++c) {
      players[static_cast<std::size_t>(c)]->process(io.channelRange(c, 1), io.channelRange(c, 1));
      for (float& sample : io.channel(c)) sample -= rest;
    }
  }
};

/// A neural amplifier or pedal, each channel by itself. Without a file it leaves the sound as it is.
///
/// What a capture gives for silence, a constant, is taken off: a strip that sleeps or a block that is
/// bypassed would otherwise make a step. Another size listens first, until nothing of the sound before is
/// missing to it, and is then crossfaded in within 25 ms: it lands up to half a second after it was asked
/// for.
class CaptureBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kCaptureBlock; }

  Result<void> setFile(ParameterIndex, const std::filesystem::path& path) override {
    auto capture = neural::loadCapture(path);
    if (!capture) return capture.error();
    capture_ = std::move(*capture);
    name_ = formats::quoted(path.filename());
    return {};
  }

  void setFullScaleDbu(std::optional<double> dbu) override { fullScaleDbu_ = dbu; }

  Result<void> prepare(const StreamFormat& format, int channels) override {
    for (LinearRamp* gain : {&inputGain_, &outputGain_})
      gain->setLength(format.frames({static_cast<double>(kParameters[inputDb].rampMs)}));
    fade_.setLength(format.frames(kSizeFade));
    next_ = AudioBuffer(channels, format.maxFrames);
    variants_.clear();
    notes_.clear();
    if (!capture_) return {};
    const auto factory = neural::PlayerFactory::create(capture_->sampleRate(), format.sampleRate);
    if (!factory)
      return Error{ErrorKind::file, fmt::format("{} cannot be played: {}", name_, factory.error().message)};
    latency_ = factory->latencyFrames();
    grid_ = factory->gridFrames();
    for (const neural::Capture::Size& one : capture_->sizes())
      variants_.push_back(makeVariant(*factory, one.program, format, channels));
    level();
    return {};
  }

  FrameCount latencyFrames() const noexcept override { return latency_; }

  FrameTime tailFrames() const noexcept override {
    FrameTime longest = 0;
    for (const Variant& variant : variants_) longest = std::max(longest, variant.tailFrames);
    return longest;
  }

  std::vector<std::string> notes() const override { return notes_; }

  void set(ParameterIndex index, float value) noexcept override {
    if (index == calibrate) calibrated_ = value != 0.0f;
    if (index == size && capture_) wanted_ = capture_->indexOfSize(static_cast<double>(value));
    if (index == inputDb) inputDb_ = static_cast<double>(value);
    if (index == outputDb) outputDb_ = static_cast<double>(value);
    inputGain_.setTarget(Decibels{inputDb_ + inputLevelDb_}.linear());
    outputGain_.setTarget(Decibels{outputDb_ + outputLevelDb_}.linear());
  }

  void reset() noexcept override {
    inputGain_.snapToTarget();
    outputGain_.snapToTarget();
    heard_ = coming_ = wanted_;
    warmUpLeft_ = gridLeft_ = 0;
    fade_.finish();
    if (!variants_.empty()) variants_[heard_].settle();
  }

  void process(AudioView io) noexcept override {
    scale(inputGain_, io);
    if (!variants_.empty())
      for (FrameCount at = 0; at < io.frames();) {
        const FrameCount frames = advance(io.frameRange(at, io.frames() - at));
        gridLeft_ = (gridLeft_ + grid_ - frames % grid_) % grid_;
        at += frames;
      }
    scale(outputGain_, io);
  }

 private:
  static Variant makeVariant(const neural::PlayerFactory& factory,
                             const std::shared_ptr<const neural::Program>& program,
                             const StreamFormat& format, int channels) {
    Variant variant;
    for (int c = 0; c < channels; ++c) variant.players.push_back(factory.make(program));
    neural::Player& player = *variant.players.front();
    variant.rest = neural::restOutputs(player, 1, 1)[0];
    const FrameCount remembered = program->cost().receptiveFieldFrames;
    const FrameTime memory = factory.memoryFrames(remembered);
    variant.tailFrames = remembered > 0 ? memory : neural::measuredTail(player, format.frames(kLongestTail));
    variant.warmUpFrames =
        remembered > 0 ? static_cast<FrameCount>(std::min<FrameTime>(memory, format.frames(kLongestWarmUp)))
                       : format.frames(kRecurrentWarmUp);
    return variant;
  }

  void level() {
    if (!calibrated_) return;
    const neural::CaptureMetadata& metadata = capture_->metadata();
    if (!metadata.inputLevelDbu)
      notes_.push_back(
          fmt::format("{} does not say its input level in dBu: its input is not levelled.", name_));
    else if (!fullScaleDbu_)
      notes_.push_back(
          fmt::format("The strip does not say its full scale in dBu (\"fullScaleDbu\"): the input of {} is "
                      "not levelled.",
                      name_));
    else
      inputLevelDb_ = *fullScaleDbu_ - *metadata.inputLevelDbu;
    if (!metadata.loudnessDb)
      notes_.push_back(fmt::format("{} does not say its loudness: its output is not levelled.", name_));
    else
      outputLevelDb_ = kLoudnessDb - *metadata.loudnessDb;
  }

  static void scale(LinearRamp& gain, AudioView io) noexcept {
    if (gain.isSettled() && gain.target() == 1.0f) return;
    const LinearRamp start = gain;
    for (int c = 0; c < io.channels(); ++c) {
      gain = start;
      dsp::copyScaled(io.channel(c), gain, io.channel(c));
    }
  }

  /// Up to where something begins or ends; returns how many frames that were.
  FrameCount advance(AudioView io) noexcept {
    const bool fades = coming_ != heard_ && warmUpLeft_ == 0;
    if (!fades && coming_ != wanted_ && gridLeft_ == 0) {
      coming_ = wanted_;
      warmUpLeft_ = 0;
      if (coming_ != heard_) {
        variants_[coming_].settle();
        warmUpLeft_ = variants_[coming_].warmUpFrames;
      }
    }
    const bool waits = !fades && coming_ != wanted_;
    const AudioView part = io.frameRange(0, waits ? std::min(io.frames(), gridLeft_) : io.frames());
    if (coming_ != heard_) return changeSize(part);
    variants_[heard_].process(part);
    return part.frames();
  }

  /// Both sizes play; the one that comes is heard once it has listened for long enough.
  FrameCount changeSize(AudioView io) noexcept {
    const bool listens = warmUpLeft_ > 0;
    const FrameCount frames = std::min(io.frames(), listens ? warmUpLeft_ : fade_.framesLeft());
    const AudioView now = io.frameRange(0, frames), next = next_.view(frames);
    copy(now, next);
    variants_[coming_].process(next);
    variants_[heard_].process(now);
    if (listens) {
      warmUpLeft_ -= frames;
      if (warmUpLeft_ == 0) fade_.start();
    } else {
      fade_.process(now, next);
      copy(next, now);
      if (fade_.isOver()) heard_ = coming_;
    }
    return frames;
  }

  std::shared_ptr<const neural::Capture> capture_;
  std::string name_;
  std::optional<double> fullScaleDbu_;
  std::vector<std::string> notes_;
  FrameCount latency_ = 0;

  std::vector<Variant> variants_;  // one for each size
  std::size_t wanted_ = 0;         // by the parameter
  std::size_t coming_ = 0;         // listening, or being crossfaded in; or the one that is heard
  std::size_t heard_ = 0;
  FrameCount warmUpLeft_ = 0;
  FrameCount grid_ = 1;      // another size begins at its multiples, or it would sample between the samples
  FrameCount gridLeft_ = 0;  // to the next
  dsp::Crossfade fade_;
  AudioBuffer next_;

  bool calibrated_ = true;
  double inputDb_ = 0.0, outputDb_ = 0.0;
  double inputLevelDb_ = 0.0, outputLevelDb_ = 0.0;  // of the calibration
  LinearRamp inputGain_{1.0f}, outputGain_{1.0f};    // linear
};

}  // namespace

constinit const BlockDeclaration kCaptureBlock{
    "capture", "Capture", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<CaptureBlock>()); }};

}  // namespace gainstage::rig
