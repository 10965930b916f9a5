#include "dsp/reverb/plate.h"

#include <cmath>

namespace gainstage::dsp {
namespace {

constexpr double kDattorrosRate = 29761.0;
constexpr std::array kInputLengths{142, 107, 379, 277};
constexpr std::array kInputGains{0.75f, 0.75f, 0.625f, 0.625f};
struct HalfLengths {
  int swaying, first, diffusion, second;
};
constexpr std::array<HalfLengths, 2> kHalves{{{672, 4453, 1800, 3720}, {908, 4217, 2656, 3163}}};
constexpr double kExcursion = 8.0;
constexpr float kSwayingGain = 0.7f, kDiffusionGain = 0.5f;

}  // namespace

void Plate::prepare(const StreamFormat& format) {
  scale_ = format.sampleRate / kDattorrosRate;
  const auto frames = [&](int length) { return static_cast<FrameCount>(std::lround(length * scale_)); };
  for (std::size_t i = 0; i < input_.size(); ++i) {
    input_[i].length = frames(kInputLengths[i]);
    input_[i].line.prepare(input_[i].length);
  }
  for (std::size_t i = 0; i < halves_.size(); ++i) {
    Half& half = halves_[i];
    const HalfLengths& lengths = kHalves[i];
    half.swayingFrames = lengths.swaying * scale_;
    half.swaying.prepare(static_cast<FrameCount>(half.swayingFrames + kExcursion * scale_) + 2);
    half.firstFrames = frames(lengths.first);
    half.secondFrames = frames(lengths.second);
    half.first.prepare(half.firstFrames);
    half.second.prepare(half.secondFrames);
    half.diffusion.length = frames(lengths.diffusion);
    half.diffusion.line.prepare(half.diffusion.length);
    half.damping.prepare(format);
    for (LinearRamp* ramp : {&half.swayingGain, &half.diffusionGain}) ramp->setLength(format.frames({50.0}));
    // Over all frequencies an all-pass delays by its length in the mean.
    loopSeconds_[i] = (lengths.swaying + lengths.first + lengths.diffusion + lengths.second) / kDattorrosRate;
  }
  sway_.setRate({0.9});
  sway_.prepare(format);
  level_.setLength(format.frames({50.0}));
  reset();
}

void Plate::setDecay(double seconds, double dampingHz) noexcept {
  for (std::size_t i = 0; i < halves_.size(); ++i) {
    Half& half = halves_[i];
    half.damping.set(loopSeconds_[i], seconds, dampingHz);
    // An all-pass rings by itself, and may do so half as long as the loop.
    const auto most = [&](int length) {
      return static_cast<float>(std::pow(10.0, -3.0 * length / kDattorrosRate / (0.5 * seconds)));
    };
    half.swayingGain.setTarget(std::min(kSwayingGain, most(kHalves[i].swaying)));
    half.diffusionGain.setTarget(std::min(kDiffusionGain, most(kHalves[i].diffusion)));
  }
  // What gathers in the loop is made up for: a steady noise keeps its power, measured once for the taps.
  const double loss = std::pow(10.0, -1.5 * (loopSeconds_[0] + loopSeconds_[1]) / seconds);
  level_.setTarget(static_cast<float>(0.55 * std::sqrt(1.0 - loss * loss)));
  const double rate = scale_ * kDattorrosRate;
  decayOver16_ = static_cast<float>(std::pow(10.0, -3.0 * 16.0 / (1.3 * seconds * rate)));
}

void Plate::reset() noexcept {
  for (AllPass& pass : input_) pass.line.reset();
  for (Half& half : halves_) {
    half.swaying.reset();
    half.first.reset();
    half.second.reset();
    half.diffusion.line.reset();
    half.damping.reset();
    half.swayingGain.snapToTarget();
    half.diffusionGain.snapToTarget();
    half.last = 0.0f;
  }
  sway_.reset();
  level_.snapToTarget();
}

float Plate::advance(Half& half, float in, double sway) noexcept {
  const float old = half.swaying.read(half.swayingFrames + kExcursion * scale_ * sway - 1.0);
  const float gain = half.swayingGain.next(), held = in + gain * old;
  half.swaying.write(held);
  const float late = half.first.read(half.firstFrames - 1);
  half.first.write(old - gain * held);
  const float diffused = half.diffusion.process(half.damping.process(late), half.diffusionGain.next());
  const float out = half.second.read(half.secondFrames - 1);
  half.second.write(diffused);
  return out;
}

float Plate::tap(const DelayLine& line, int frames) const noexcept {
  return line.read(static_cast<FrameCount>(frames * scale_));
}

void Plate::process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
                    std::span<float> outRight) noexcept {
  Half &a = halves_[0], &b = halves_[1];
  for (std::size_t n = 0; n < left.size(); ++n) {
    float in = 0.5f * (left[n] + right[n]);
    for (std::size_t i = 0; i < input_.size(); ++i) in = input_[i].process(in, kInputGains[i]);
    sway_.advance();
    const float fromA = a.last, fromB = b.last;
    a.last = advance(a, in + fromB, sway_.sine());
    b.last = advance(b, in + fromA, sway_.sine(Lfo::turns(0.25)));
    const float level = level_.next();
    // Table 2.
    outLeft[n] =
        level * (tap(b.first, 266) + tap(b.first, 2974) - tap(b.diffusion.line, 1913) + tap(b.second, 1996) -
                 tap(a.first, 1990) - tap(a.diffusion.line, 187) - tap(a.second, 1066));
    outRight[n] =
        level * (tap(a.first, 353) + tap(a.first, 3627) - tap(a.diffusion.line, 1228) + tap(a.second, 2673) -
                 tap(b.first, 2111) - tap(b.diffusion.line, 335) - tap(b.second, 121));
  }
}

}  // namespace gainstage::dsp
