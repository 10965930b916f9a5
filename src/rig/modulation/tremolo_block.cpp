#include <array>

#include "dsp/modulation/tremolo.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { rateHz, sync, depthDb, shape, stereoOn, spreadDegrees };

constexpr std::array kParameters{
    modulationRate(0.1f, 20.0f, 5.0f),
    modulationNote(),
    decibels("depthDb", "Depth", 0.0f, 60.0f, 9.0f),
    ratio("shape", "Shape, from sine to square", 0.0f, 1.0f, 0.0f),
    stereo(false),
    spread(180.0f),
};

class TremoloBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kTremoloBlock; }
  int outputChannels(int channels) const noexcept override { return layout_.outputChannels(channels); }
  Result<void> prepare(const StreamFormat& format, int channels) override {
    channels_ = channels;
    tremolo_.prepare(format, layout_.turns());
    return {};
  }
  void setTempo(double beatsPerMinute) noexcept override {
    rate_.beatsPerMinute = beatsPerMinute;
    setRate();
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case rateHz:
        rate_.hertz = value;
        setRate();
        break;
      case sync:
        rate_.note = static_cast<int>(value);
        setRate();
        break;
      case depthDb:
        tremolo_.setDepth({value});
        break;
      case shape:
        tremolo_.setShape(value);
        break;
      case stereoOn:
        layout_.stereo = value != 0.0f;
        break;
      case spreadDegrees:
        layout_.degrees = value;
        break;
      default:
        break;
    }
  }
  void reset() noexcept override { tremolo_.reset(); }
  void process(AudioView io) noexcept override {
    layout_.fillRight(io, channels_);
    tremolo_.process(io);
  }

 private:
  void setRate() noexcept { tremolo_.setRate(rate_.now(kParameters[rateHz])); }

  dsp::Tremolo tremolo_;
  StereoSpread layout_;
  SyncedRate rate_{kParameters[rateHz].defaultValue};
  int channels_ = 1;
};

}  // namespace

constinit const BlockDeclaration kTremoloBlock{
    "tremolo", "Tremolo", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<TremoloBlock>()); }};

}  // namespace gainstage::rig
