#pragma once

#include <array>
#include <vector>

#include "dsp/delay/delay_line.h"
#include "dsp/reverb/diffuser.h"
#include "dsp/reverb/reverb_network.h"
#include "dsp/reverb/reverb_tank.h"

namespace gainstage::dsp {

/// A room of 5.1 x 4.3 x 2.7 m: the first reflections of its walls from where their mirror images stand
/// (Allen & Berkley, "Image method for efficiently simulating small-room acoustics", JASA 65(4), 1979, eq.
/// 10), each at its time for two ears, and behind them a network a third as long as the hall's.
class Room final : public ReverbTank {
 public:
  Room() : network_(0.35) {}
  void prepare(const StreamFormat& format) override;
  void setDecay(double seconds, double dampingHz) noexcept override { network_.setDecay(seconds, dampingHz); }
  void reset() noexcept override;
  void process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
               std::span<float> outRight) noexcept override;
  float decayOver16Frames() const noexcept override { return network_.decayOverGrid(); }

 private:
  struct Reflection {
    FrameCount delay;
    float gain;
  };
  DelayLine line_;
  std::array<std::vector<Reflection>, 2> reflections_;  // of each ear
  std::array<Diffuser, 2> diffusers_;
  ReverbNetwork network_;
};

}  // namespace gainstage::dsp
