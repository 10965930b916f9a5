#include "dsp/modulation/rotary.h"

#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

// Turned away, the horn is 4 dB down below 2.5 kHz and 14 dB above, the drum 5 dB.
constexpr double kBeamHz = 2500.0;
constexpr double kHornAway = 0.63, kHornAwayBright = 0.2, kDrumAway = 0.56;

double toward(double cosine, double away) noexcept { return 1.0 - (1.0 - away) * (0.5 - 0.5 * cosine); }

}  // namespace

void Rotary::prepare(const StreamFormat& format, double spread) {
  sampleRate_ = format.sampleRate;
  spread_ = Lfo::turns(spread);
  const auto longest =
      static_cast<FrameCount>(FractionalDelay::kLeast + 2.0 * kHornRadiusMs * 1e-3 * sampleRate_) + 2;
  for (FractionalDelay* line : {&hornLine_, &drumLine_}) line->prepare(longest);
  for (Rotor* rotor : {&horn_, &drum_}) rotor->prepare(format);
  split_ = std::tan(std::numbers::pi * kCrossoverHz / sampleRate_);
  const double beam = std::tan(std::numbers::pi * kBeamHz / sampleRate_);
  beamShare_ = beam / (1.0 + beam);
  mix_.setLength(format.frames({20.0}));
  reset();
}

void Rotary::setSpeed(Hertz horn) noexcept {
  horn_.setSpeed(horn);
  drum_.setSpeed({kDrumSpeed * horn.value});
}
void Rotary::setRise(double seconds) noexcept {
  horn_.setRise(seconds);
  drum_.setRise(kDrumInertia * seconds);
}
void Rotary::setMix(float share) noexcept { mix_.setTarget(share); }

void Rotary::reset() noexcept {
  for (FractionalDelay* line : {&hornLine_, &drumLine_}) line->reset();
  for (Rotor* rotor : {&horn_, &drum_}) rotor->reset();
  low_ = lower_ = 0.0;
  wide_ = {};
  mix_.snapToTarget();
}

// Linkwitz & Riley's crossover of the second order: a trapezoidal state-variable filter of Q 1/2, its
// high-pass the other way up, so that the two add up to an all-pass (Linkwitz, JAES 24(1), 1976).
void Rotary::send(double sample) noexcept {
  const double high = (sample - (2.0 + split_) * low_ - lower_) / (1.0 + 2.0 * split_ + split_ * split_);
  const double band = split_ * high + low_, low = split_ * band + lower_;
  low_ = split_ * high + band;
  lower_ = split_ * band + low;
  hornLine_.write(static_cast<float>(-high));
  drumLine_.write(static_cast<float>(low));
}

float Rotary::hear(std::size_t microphone) noexcept {
  const Lfo::Phase ahead = microphone == 0 ? 0 : spread_;
  const double horn = horn_.cosine(ahead), drum = drum_.cosine(0 - ahead);
  const double framesPerMs = 1e-3 * sampleRate_;
  const auto fromHorn = static_cast<double>(
      hornLine_.read(FractionalDelay::kLeast + kHornRadiusMs * framesPerMs * (1.0 - horn)));
  const auto fromDrum = static_cast<double>(
      drumLine_.read(FractionalDelay::kLeast + kDrumRadiusMs * framesPerMs * (1.0 - drum)));
  double& state = wide_[microphone];
  const double move = beamShare_ * (fromHorn - state), dull = state + move;
  state = dull + move;
  return static_cast<float>(toward(horn, kHornAway) * dull +
                            toward(horn, kHornAwayBright) * (fromHorn - dull) +
                            toward(drum, kDrumAway) * fromDrum);
}

void Rotary::process(AudioView io) noexcept {
  const auto channels = static_cast<std::size_t>(io.channels());
  std::array<float*, 2> rows{};
  for (std::size_t c = 0; c < channels; ++c) rows[c] = io.channel(static_cast<int>(c)).data();
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const float mix = mix_.next();
    const auto first = static_cast<double>(rows[0][n]), last = static_cast<double>(rows[channels - 1][n]);
    send(0.5 * (first + last));
    for (std::size_t c = 0; c < channels; ++c) rows[c][n] = (1.0f - mix) * rows[c][n] + mix * hear(c);
    horn_.advance();
    drum_.advance();
  }
}

// Both poles of the crossover stand at 800 Hz, whose t e^-t falls by 90 dB in 13 / (2 pi 800 Hz).
FrameTime Rotary::tailFrames() const noexcept {
  const double seconds = 2.0 * kHornRadiusMs * 1e-3 + 13.0 / (2.0 * std::numbers::pi * kCrossoverHz);
  return static_cast<FrameTime>(seconds * sampleRate_) + 2 * FractionalDelay::kPoints;
}

}  // namespace gainstage::dsp
