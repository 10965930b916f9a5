#include "bench/bench.h"
#include "core/ramp.h"
#include "core/spsc_queue.h"

namespace gainstage::bench {
namespace {

// A fader that never rests: the dearest thing that a LinearRamp does.
class MovingGain {
 public:
  MovingGain() { ramp_.setLength(960); }
  void reset() noexcept { ramp_.snapTo(1.0f); }
  void process(AudioView io) noexcept {
    if (ramp_.isSettled()) ramp_.setTarget(1.5f - ramp_.target());
    ramp_.apply(io.channel(0));
  }

 private:
  LinearRamp ramp_{1.0f};
};

// Sixteen events in one batch through the queue to the audio thread.
class Events {
 public:
  void reset() noexcept {}
  void process(AudioView io) noexcept {
    queue_.tryPush(std::span<const float>(io.channel(0).first(16)));
    for (float& value : io.channel(0).first(16)) queue_.tryPop(value);
  }

 private:
  SpscQueue<float> queue_{64};
};

}  // namespace

std::vector<Case> coreCases() {
  return {
      inPlace("core/moving-gain", 64, 1, [] { return std::make_unique<MovingGain>(); }),
      inPlace("core/16-events", 64, 1, [] { return std::make_unique<Events>(); }),
  };
}

}  // namespace gainstage::bench
