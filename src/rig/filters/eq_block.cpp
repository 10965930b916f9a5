#include <array>
#include <atomic>

#include "dsp/filters/parametric_eq.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

using dsp::EqBand;

enum class Field : std::uint8_t { on, type, frequency, gain, q };

/// A parameter, and what it is of which band.
struct BandParameter {
  int band;
  Field field;
  Parameter parameter;
};

constexpr std::array<std::string_view, 2> kLowTypes{"lowShelf", "highpass"};
constexpr std::array<std::string_view, 2> kHighTypes{"highShelf", "lowpass"};

constexpr Parameter frequency(std::string_view id, float value) {
  return hertz(id, "Frequency", 20.0f, 20000.0f, value);
}
constexpr Parameter gain(std::string_view id) { return decibels(id, "Gain", -18.0f, 18.0f, 0.0f); }
constexpr Parameter q(std::string_view id, float value) {
  return ratio(id, "Q", 0.1f, 10.0f, value, Scale::logarithmic);
}

// A shelf's or pass's Q of 0.707 is the steepest without overshoot.
constexpr std::array kBandParameters{
    BandParameter{0, Field::on, toggle("band1On", "Lows", true)},
    BandParameter{0, Field::type, choice("band1Type", "Shelf or high-pass", kLowTypes)},
    BandParameter{0, Field::frequency, frequency("band1FrequencyHz", 100.0f)},
    BandParameter{0, Field::gain, gain("band1GainDb")},
    BandParameter{0, Field::q, q("band1Q", 0.707f)},
    BandParameter{1, Field::on, toggle("band2On", "Low mids", true)},
    BandParameter{1, Field::frequency, frequency("band2FrequencyHz", 250.0f)},
    BandParameter{1, Field::gain, gain("band2GainDb")},
    BandParameter{1, Field::q, q("band2Q", 1.0f)},
    BandParameter{2, Field::on, toggle("band3On", "Mids", true)},
    BandParameter{2, Field::frequency, frequency("band3FrequencyHz", 630.0f)},
    BandParameter{2, Field::gain, gain("band3GainDb")},
    BandParameter{2, Field::q, q("band3Q", 1.0f)},
    BandParameter{3, Field::on, toggle("band4On", "High mids", true)},
    BandParameter{3, Field::frequency, frequency("band4FrequencyHz", 1600.0f)},
    BandParameter{3, Field::gain, gain("band4GainDb")},
    BandParameter{3, Field::q, q("band4Q", 1.0f)},
    BandParameter{4, Field::on, toggle("band5On", "Presence", true)},
    BandParameter{4, Field::frequency, frequency("band5FrequencyHz", 4000.0f)},
    BandParameter{4, Field::gain, gain("band5GainDb")},
    BandParameter{4, Field::q, q("band5Q", 1.0f)},
    BandParameter{5, Field::on, toggle("band6On", "Highs", true)},
    BandParameter{5, Field::type, choice("band6Type", "Shelf or low-pass", kHighTypes)},
    BandParameter{5, Field::frequency, frequency("band6FrequencyHz", 10000.0f)},
    BandParameter{5, Field::gain, gain("band6GainDb")},
    BandParameter{5, Field::q, q("band6Q", 0.707f)},
};

constexpr auto kParameters = [] {
  std::array<Parameter, kBandParameters.size()> parameters{};
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters[i] = kBandParameters[i].parameter;
  return parameters;
}();

class EqBlock final : public Block {
 public:
  EqBlock() {
    eq_.setBand(0, {.type = EqBand::Type::lowShelf});
    eq_.setBand(dsp::ParametricEq::kBands - 1, {.type = EqBand::Type::highShelf});
  }
  const BlockDeclaration& declaration() const noexcept override { return kEqBlock; }
  Result<void> prepare(const StreamFormat& format, int) override {
    eq_.prepare(format);
    return {};
  }
  void set(ParameterIndex index, float value) noexcept override {
    if (index >= kBandParameters.size()) return;
    const BandParameter& which = kBandParameters[index];
    EqBand band = eq_.band(which.band);
    const double number = static_cast<double>(value);
    switch (which.field) {
      case Field::on:
        band.on = value != 0.0f;
        break;
      case Field::type:
        if (which.band == 0)
          band.type = value == 0.0f ? EqBand::Type::lowShelf : EqBand::Type::highPass;
        else
          band.type = value == 0.0f ? EqBand::Type::highShelf : EqBand::Type::lowPass;
        break;
      case Field::frequency:
        band.frequency = {number};
        break;
      case Field::gain:
        band.gain = {number};
        break;
      case Field::q:
        band.q = number;
        break;
    }
    eq_.setBand(which.band, band);
  }
  FrameTime tailFrames() const noexcept override { return tail_.load(std::memory_order_relaxed); }
  void reset() noexcept override {
    eq_.reset();
    tail_.store(eq_.ringFrames(), std::memory_order_relaxed);
  }
  void process(AudioView io) noexcept override {
    eq_.process(io);
    tail_.store(eq_.ringFrames(), std::memory_order_relaxed);
  }

 private:
  dsp::ParametricEq eq_;
  std::atomic<FrameTime> tail_{0};
};

}  // namespace

constinit const BlockDeclaration kEqBlock{"eq", "Parametric EQ", kParameters,
                                          [] { return std::unique_ptr<Block>(std::make_unique<EqBlock>()); }};

}  // namespace gainstage::rig
