#include "dsp/delay/echo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/delay/bucket_voice.h"
#include "dsp/delay/echo_loop.h"
#include "dsp/delay/echo_time.h"
#include "dsp/delay/tape_voice.h"

namespace gainstage::dsp {
namespace {

constexpr double kNoLowCutHz = 20.0;

// One pole whose impulse response is that of an RC: 1 - exp(-2 pi f / rate).
float onePole(Hertz cutoff, double sampleRate) noexcept {
  return static_cast<float>(1.0 - std::exp(-2.0 * std::numbers::pi * cutoff.value / sampleRate));
}

}  // namespace

void Echo::prepareValues(const StreamFormat& format) noexcept {
  format_ = format;
  for (LinearRamp* ramp : {&feedback_, &mix_, &brightness_, &lowCut_, &lowTaken_, &drive_, &ducked_})
    ramp->setLength(format.frames({20.0}));
}

void Echo::settleValues() noexcept {
  for (LinearRamp* ramp : {&feedback_, &mix_, &brightness_, &lowCut_, &lowTaken_, &drive_, &ducked_})
    ramp->snapToTarget();
}

void Echo::setFeedback(float share) noexcept { feedback_.setTarget(share); }
void Echo::setMix(float share) noexcept { mix_.setTarget(share); }
void Echo::setDamping(Hertz cutoff) noexcept { brightness_.setTarget(onePole(cutoff, format_.sampleRate)); }
void Echo::setLowCut(Hertz cutoff) noexcept {
  lowCut_.setTarget(onePole(cutoff, format_.sampleRate));
  lowTaken_.setTarget(cutoff.value > kNoLowCutHz ? 1.0f : 0.0f);
}
void Echo::setDrive(Decibels drive) noexcept { drive_.setTarget(drive.linear()); }
void Echo::setDucking(Decibels depth) noexcept { ducked_.setTarget(1.0f - (-depth).linear()); }

FrameTime Echo::framesToFall(Decibels fall, double repeatFrames) const noexcept {
  if (feedback_.target() <= 0.0f) return static_cast<FrameTime>(repeatFrames);
  const double perRepeat = -20.0 * std::log10(static_cast<double>(feedback_.target()));
  return static_cast<FrameTime>(repeatFrames * (1.0 + std::ceil(fall.value / perRepeat)));
}

std::unique_ptr<Echo> makeDigitalEcho() { return std::make_unique<EchoLoop<SwitchedTime, PlainVoice>>(); }
std::unique_ptr<Echo> makeTapeEcho() { return std::make_unique<EchoLoop<GlidingTime, TapeVoice>>(); }
std::unique_ptr<Echo> makeAnalogueEcho() { return std::make_unique<EchoLoop<GlidingTime, BucketVoice>>(); }

}  // namespace gainstage::dsp
