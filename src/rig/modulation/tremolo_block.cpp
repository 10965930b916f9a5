#include <array>

#include "dsp/modulation/tremolo.h"
#include "rig/blocks.h"
#include "rig/modulation/modulation_block.h"

namespace gainstage::rig {
namespace {

class TremoloKind {
 public:
  enum Index : ParameterIndex { rateHz, sync, depthDb, shape, stereoOn, spreadDegrees };

  static constexpr std::array kParameters{
      modulationRate(0.1f, 20.0f, 5.0f),
      modulationNote(),
      decibels("depthDb", "Depth", 0.0f, 60.0f, 9.0f),
      ratio("shape", "Shape, from sine to square", 0.0f, 1.0f, 0.0f),
      stereo(false),
      spread(180.0f),
  };

  static const BlockDeclaration& declaration() noexcept { return kTremoloBlock; }
  void prepare(const StreamFormat& format, int, double turns) { tremolo_.prepare(format, turns); }
  void setRate(Hertz rate) noexcept { tremolo_.setRate(rate); }
  void set(ParameterIndex index, float value) noexcept {
    switch (index) {
      case depthDb:
        return tremolo_.setDepth({value});
      case shape:
        return tremolo_.setShape(value);
      default:
        return;
    }
  }
  void reset() noexcept { tremolo_.reset(); }
  void process(AudioView io) noexcept { tremolo_.process(io); }
  FrameTime tailFrames() const noexcept { return 0; }

 private:
  dsp::Tremolo tremolo_;
};

}  // namespace

constinit const BlockDeclaration kTremoloBlock{
    "tremolo", "Tremolo", TremoloKind::kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<ModulationBlock<TremoloKind>>()); }};

}  // namespace gainstage::rig
