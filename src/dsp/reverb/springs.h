#pragma once

#include <array>
#include <vector>

#include "dsp/delay/delay_line.h"
#include "dsp/filters/svf.h"
#include "dsp/reverb/loop_damping.h"
#include "dsp/reverb/reverb_tank.h"

namespace gainstage::dsp {

/// One spring: a loop of a delay and sixty-four stretched all-passes, which let the lows go first and hold
/// what lies just below the transition the longest, so that every echo is a chirp (Valimaki, Parker & Abel,
/// "Parametric spring reverberation effect", JAES 58(7/8), 2010, section 2). What is above the transition
/// stays out of it.
///
/// Each all-pass takes what the one before it gave a frame ago. That delay is part of the loop's, and none of
/// them has to wait for another: a frame is one sweep over rows of numbers.
class Spring {
 public:
  static constexpr int kStages = 64;

  void prepare(const StreamFormat& format, double loopSeconds, float gain);  // [control]
  void setDecay(double seconds, double dampingHz) noexcept;                  // [audio]
  void reset() noexcept;                                                     // [audio]
  float process(float in) noexcept;                                          // [audio]

 private:
  float disperse(float in) noexcept;

  double sampleRate_ = 48000.0;
  float gain_ = 0.6f;        // of each all-pass
  std::size_t stretch_ = 6;  // frames: half the rate over the transition
  double loopSeconds_ = 0.05;
  FrameCount delay_ = 1;
  std::vector<float> in_, out_;  // stretch_ x kStages: what each stage took and gave
  std::size_t row_ = 0;
  std::array<float, kStages + 1> passed_{};
  DelayLine line_;
  std::array<Svf, 3> lowpass_;
  LoopDamping damping_;
};

/// Two springs on either side, none as long as another.
class Springs final : public ReverbTank {
 public:
  void prepare(const StreamFormat& format) override;
  void setDecay(double seconds, double dampingHz) noexcept override;
  void reset() noexcept override;
  void process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
               std::span<float> outRight) noexcept override;
  float decayOver16Frames() const noexcept override { return decayOver16_; }

 private:
  double sampleRate_ = 48000.0;
  std::array<Spring, 4> springs_;
  LinearRamp level_{0.5f};
  float decayOver16_ = 0.0f;
};

}  // namespace gainstage::dsp
