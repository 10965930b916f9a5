#pragma once

#include <array>

#include "dsp/delay/delay_line.h"
#include "dsp/delay/fractional_delay.h"
#include "dsp/modulation/lfo.h"
#include "dsp/reverb/loop_damping.h"
#include "dsp/reverb/reverb_tank.h"

namespace gainstage::dsp {

/// A plate: four all-passes, and a loop in the shape of an eight whose taps are the two outputs (Dattorro,
/// "Effect design, part 1", JAES 45(9), 1997, figure 1 and tables 1 and 2; his lengths are in frames of
/// 29,761 Hz). Dense from its first millisecond. Its input is the mean of both sides.
class Plate final : public ReverbTank {
 public:
  void prepare(const StreamFormat& format) override;
  void setDecay(double seconds, double dampingHz) noexcept override;
  void reset() noexcept override;
  void process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
               std::span<float> outRight) noexcept override;
  float decayOver16Frames() const noexcept override { return decayOver16_; }

 private:
  struct AllPass {
    DelayLine line;
    FrameCount length = 1;
    float process(float in, float gain) noexcept {
      const float old = line.read(length - 1), held = in - gain * old;
      line.write(held);
      return old + gain * held;
    }
  };
  struct Half {
    FractionalDelay swaying;  // of the first all-pass
    double swayingFrames = 1.0;
    DelayLine first, second;
    FrameCount firstFrames = 1, secondFrames = 1;
    AllPass diffusion;
    LoopDamping damping;
    LinearRamp swayingGain{0.0f}, diffusionGain{0.0f};
    float last = 0.0f;  // what it gives to the other
  };
  float advance(Half& half, float in, double sway) noexcept;
  float tap(const DelayLine& line, int frames) const noexcept;

  double scale_ = 1.0;  // frames in one of Dattorro's
  std::array<AllPass, 4> input_;
  std::array<Half, 2> halves_;
  std::array<double, 2> loopSeconds_{};
  Lfo sway_;
  LinearRamp level_{0.5f};
  float decayOver16_ = 0.0f;
};

}  // namespace gainstage::dsp
