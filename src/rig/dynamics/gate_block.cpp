#include <array>

#include "dsp/dynamics/gate.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { thresholdDb, hysteresisDb, attackMs, holdMs, releaseMs, rangeDb, key };

constexpr std::array<std::string_view, 2> kKeys{"ownInput", "rigInput"};

// The shortest hold is half a period of 50 Hz: below that a low note would open and close it twice a period.
constexpr std::array kParameters{
    decibels("thresholdDb", "Opens at", -90.0f, 0.0f, -60.0f),
    decibels("hysteresisDb", "Closes lower by", 0.0f, 24.0f, 6.0f),
    milliseconds("attackMs", "Attack", 0.1f, 100.0f, 1.0f),
    milliseconds("holdMs", "Hold", 10.0f, 2000.0f, 50.0f),
    milliseconds("releaseMs", "Release", 5.0f, 4000.0f, 150.0f),
    decibels("rangeDb", "Softer when shut by", 0.0f, 90.0f, 60.0f),
    structural(choice("key", "Listens to", kKeys)),
};

/// Keyed by the rig's input it can stand behind the drive, which brings hum and notes to nearly one level,
/// and still tell them apart as they were played.
class GateBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kGateBlock; }
  Result<void> prepare(const StreamFormat& format, int) override {
    gate_.prepare(format);
    return {};
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case thresholdDb:
        return gate_.setThreshold({value});
      case hysteresisDb:
        return gate_.setHysteresis({value});
      case attackMs:
        return gate_.setAttack({value});
      case holdMs:
        return gate_.setHold({value});
      case releaseMs:
        return gate_.setRelease({value});
      case rangeDb:
        return gate_.setRange({value});
      case key:
        fromRig_ = value != 0.0f;
        return;
      default:
        return;
    }
  }
  void reset() noexcept override { gate_.reset(); }
  bool wantsKey() const noexcept override { return fromRig_; }
  void setKey(ConstAudioView key) noexcept override { key_ = key; }
  void process(AudioView io) noexcept override {
    gate_.process(io, key_.empty() ? ConstAudioView(io) : key_);
    key_ = {};
  }

 private:
  bool fromRig_ = false;
  ConstAudioView key_;
  dsp::Gate gate_;
};

}  // namespace

constinit const BlockDeclaration kGateBlock{
    "gate", "Noise gate", kParameters, [] { return std::unique_ptr<Block>(std::make_unique<GateBlock>()); }};

}  // namespace gainstage::rig
