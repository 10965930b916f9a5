#include <array>
#include <cmath>

#include "dsp/pitch/harmony.h"
#include "dsp/pitch/pitch_detector.h"
#include "dsp/pitch/pitch_voice.h"
#include "dsp/pitch/temperament.h"
#include "rig/blocks.h"
#include "rig/pitch/latency_choice.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { key, scale, interval1, level1, interval2, level2, dry, latency };

constexpr std::array<std::string_view, 7> kScaleWords{"major",    "minor",  "harmonicMinor", "dorian",
                                                      "phrygian", "lydian", "mixolydian"};
constexpr std::array<std::string_view, 10> kIntervalWords{
    "octaveBelow", "sixthBelow", "fifthBelow", "fourthBelow", "thirdBelow",
    "third",       "fourth",     "fifth",      "sixth",       "octave"};
constexpr std::array<int, 10> kSteps{-7, -5, -4, -3, -2, 2, 3, 4, 5, 7};

constexpr Parameter startingAt(Parameter parameter, float value) {
  parameter.defaultValue = value;
  return parameter;
}

constexpr std::array kParameters{
    choice("key", "Key", dsp::kNoteNames),
    choice("scale", "Scale", kScaleWords),
    startingAt(choice("interval1", "First voice", kIntervalWords), 5.0f),
    ratio("level1", "First voice's level", 0.0f, 1.0f, 0.7f),
    startingAt(choice("interval2", "Second voice", kIntervalWords), 7.0f),
    ratio("level2", "Second voice's level", 0.0f, 1.0f, 0.0f),
    ratio("dry", "Played note's level", 0.0f, 1.0f, 1.0f),
    structural(choice("latency", "Voices' latency", kLatencyWords)),
};

/// Two voices beside the note that is played, in its key. What is played passes at once, so the block reports
/// no latency: its voices come 24 or 12 ms later, as other players do. They follow one note at a time; while
/// none is clear they keep their last intervals.
class HarmoniserBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kHarmoniserBlock; }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    source_.prepare(format, channels, dsp::PitchVoice::longestDelayFrames(format, wanted_),
                    dsp::PitchVoice::longestSplice(format, wanted_));
    detector_.prepare(format, kLowest);
    for (Voice& voice : voices_) {
      voice.voice.prepare(format, wanted_);
      voice.level.setLength(format.frames(kRamp));
    }
    dry_.setLength(format.frames(kRamp));
    settleFrames_ = format.frames(kSettle);
    tail_ = dsp::PitchVoice::longestDelayFrames(format, wanted_);
    return {};
  }
  FrameTime tailFrames() const noexcept override { return tail_; }
  void set(ParameterIndex index, float value) noexcept override {
    const int word = static_cast<int>(value);
    switch (index) {
      case key:
        key_ = word;
        return retune();
      case scale:
        scale_ = static_cast<std::size_t>(word);
        return retune();
      case interval1:
      case interval2:
        voices_[index == interval1 ? 0 : 1].steps = kSteps[static_cast<std::size_t>(word)];
        return retune();
      case level1:
      case level2:
        return voices_[index == level1 ? 0 : 1].level.setTarget(value);
      case dry:
        return dry_.setTarget(value);
      case latency:
        wanted_ = latencyOf(value);
        return;
      default:
        return;
    }
  }
  void reset() noexcept override {
    source_.reset();
    detector_.reset();
    note_ = heard_ = key_ + 60;
    heardFrames_ = 0;
    retune();
    for (Voice& voice : voices_) {
      voice.voice.reset();
      voice.level.snapToTarget();
    }
    dry_.snapToTarget();
  }
  void process(AudioView io) noexcept override {
    const auto left = io.channel(0);
    const bool stereo = io.channels() == 2;
    const auto right = stereo ? io.channel(1) : left;
    for (std::size_t n = 0; n < left.size(); ++n) {
      source_.push(left[n], right[n]);
      detector_.push(stereo ? 0.5f * (left[n] + right[n]) : left[n]);
      follow();
      const float dry = dry_.next();
      float sum[2] = {dry * left[n], dry * right[n]};
      for (Voice& voice : voices_) {
        const float level = voice.level.next();
        // Off, it still has to be where it would be, for the next time.
        float shifted[2] = {};
        if (level == 0.0f)
          voice.voice.skip(source_);
        else
          voice.voice.next(source_, shifted[0], stereo ? &shifted[1] : nullptr);
        for (std::size_t c = 0; c < 2; ++c) sum[c] += level * shifted[c];
      }
      left[n] = sum[0];
      if (stereo) right[n] = sum[1];
    }
  }

 private:
  static constexpr Milliseconds kRamp{20.0};
  static constexpr Milliseconds kSettle{8.0};  // for which a note must last to be followed
  static constexpr Hertz kLowest{75.0};        // a guitar's low E; lower ones would be heard later

  struct Voice {
    dsp::PitchVoice voice;
    int steps = 2;
    LinearRamp level{0.0f};
  };

  void follow() noexcept {
    const dsp::Pitch pitch = detector_.coarsePitch();
    if (pitch.hz <= 0.0f) return;
    const double midi = 69.0 + 12.0 * std::log2(static_cast<double>(pitch.hz) / 440.0);
    // A bend is not another note before it is nearer to that by a good deal.
    if (std::abs(midi - note_) < 0.6) {
      heardFrames_ = 0;
      return;
    }
    const int nearest = static_cast<int>(std::lround(midi));
    heardFrames_ = nearest == heard_ ? heardFrames_ + 1 : 0;
    heard_ = nearest;
    if (heardFrames_ < settleFrames_) return;
    note_ = nearest;
    heardFrames_ = 0;
    retune();
  }
  void retune() noexcept {
    for (Voice& voice : voices_)
      voice.voice.setSemitones(
          static_cast<float>(dsp::diatonicSemitones(dsp::kScales[scale_], key_, note_, voice.steps)));
  }

  dsp::SpliceSource source_;
  dsp::PitchDetector detector_;
  std::array<Voice, 2> voices_;
  LinearRamp dry_{1.0f};
  Milliseconds wanted_ = latencyOf(0.0f);
  int key_ = 0;
  std::size_t scale_ = 0;
  int note_ = 60, heard_ = 60;
  FrameCount heardFrames_ = 0, settleFrames_ = 1;
  FrameTime tail_ = 0;
};

}  // namespace

constinit const BlockDeclaration kHarmoniserBlock{
    "harmoniser", "Harmoniser", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<HarmoniserBlock>()); }};

}  // namespace gainstage::rig
