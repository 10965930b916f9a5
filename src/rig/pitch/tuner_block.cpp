#include <array>
#include <atomic>
#include <bit>

#include "dsp/fade.h"
#include "dsp/pitch/pitch_detector.h"
#include "dsp/pitch/temperament.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { mute, referenceHz, temperament, root };

constexpr std::array<std::string_view, 6> kTemperamentWords{"equal",    "just",          "pythagorean",
                                                            "meantone", "werckmeister3", "guitar"};

constexpr Parameter listening(Parameter parameter) {
  parameter.rampMs = 0.0f;  // it changes what is read, not what is heard
  return parameter;
}

constexpr std::array kParameters{
    toggle("mute", "Silent while tuning", false),
    listening({.id = "referenceHz",
               .name = "A4",
               .unit = "Hz",
               .minimum = 380.0f,
               .maximum = 480.0f,
               .defaultValue = 440.0f}),
    listening(choice("temperament", "Temperament", kTemperamentWords)),
    listening(choice("root", "Root of the temperament", dsp::kNoteNames)),
};

/// The sound passes untouched, or not at all. Latency 0.
class TunerBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kTunerBlock; }
  Result<void> prepare(const StreamFormat& format, int) override {
    detector_.prepare(format);
    fade_.prepare(format, kRamp, kRamp);
    fade_.snapTo(true);
    return {};
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case mute:
        fade_.setOpen(value == 0.0f);
        break;
      case referenceHz:
        reference_.store(value, std::memory_order_relaxed);
        break;
      case temperament:
        temperament_.store(static_cast<int>(value), std::memory_order_relaxed);
        break;
      case root:
        root_.store(static_cast<int>(value), std::memory_order_relaxed);
        break;
      default:
        break;
    }
  }
  void reset() noexcept override {
    detector_.reset();
    fade_.snapTo(fade_.isOpening());
    publish();
  }
  void process(AudioView io) noexcept override {
    const auto left = io.channel(0);
    if (io.channels() == 1) {
      for (const float sample : left) detector_.push(sample);
    } else {
      const auto right = io.channel(1);
      for (std::size_t n = 0; n < left.size(); ++n) detector_.push(0.5f * (left[n] + right[n]));
    }
    publish();
    fade_.process(io);
  }
  std::optional<TunerReading> tunerReading() const noexcept override {
    const std::uint64_t bits = published_.load(std::memory_order_relaxed);
    const auto hz = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32));
    TunerReading reading{.hz = static_cast<double>(hz),
                         .clarity = std::bit_cast<float>(static_cast<std::uint32_t>(bits))};
    if (hz <= 0.0f) return reading;
    const auto kind = static_cast<std::size_t>(temperament_.load(std::memory_order_relaxed));
    const dsp::NoteReading note =
        dsp::noteOf(reading.hz, static_cast<double>(reference_.load(std::memory_order_relaxed)),
                    dsp::temperaments()[kind], root_.load(std::memory_order_relaxed));
    reading.midi = note.midi;
    reading.cents = note.cents;
    return reading;
  }

 private:
  static constexpr Milliseconds kRamp{20.0};

  void publish() noexcept {
    const dsp::Pitch pitch = detector_.pitch();
    published_.store(std::uint64_t{std::bit_cast<std::uint32_t>(pitch.hz)} << 32 |
                         std::bit_cast<std::uint32_t>(pitch.clarity),
                     std::memory_order_relaxed);
  }

  dsp::PitchDetector detector_;
  dsp::Fade fade_;
  std::atomic<std::uint64_t> published_{0};  // Hz and clarity, read as one
  std::atomic<float> reference_{440.0f};
  std::atomic<int> temperament_{0}, root_{0};
};

}  // namespace

constinit const BlockDeclaration kTunerBlock{
    "tuner", "Tuner", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<TunerBlock>()); }};

}  // namespace gainstage::rig
