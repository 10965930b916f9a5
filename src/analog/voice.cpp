#include "analog/voice.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::analog {
namespace {

constexpr double kOpenShare = 0.6;  // of a period that the folds are open, in an easy voice
// What moves slowly moves every so many frames, counted from the first, whatever the blocks are.
constexpr FrameTime kGlideFrames = 32;
constexpr double kBeatS = 60.0 / 88.0;  // the guitar's
constexpr double kStartS = 1.5;
constexpr double kTiltHz = 4000.0;  // above it a soft voice loses another 6 dB per octave
constexpr double kVibratoHz = 5.4;
constexpr double kVibratoCents = 22.0;
constexpr double kVibratoAfterS = 0.35;
constexpr float kBreath = 0.03f;  // of the folds' pulse
constexpr float kSensitivity = 0.026f;

// G pentatonic, which fits every chord of the guitar: G3 A3 B3 D4 E4 G4.
constexpr std::array<double, 6> kScaleHz{195.998, 220.0, 246.942, 293.665, 329.628, 391.995};

using Vowel = std::array<double, 8>;
// Men's averages of Peterson and Barney (1952); the fourth and fifth formants of Klatt (1980); from there on
// one in every kilohertz, as in any tube of a throat's length.
constexpr std::array<Vowel, 4> kVowels{
    {{730.0, 1090.0, 2440.0, 3400.0, 4300.0, 5300.0, 6300.0, 7300.0},    // ah
     {570.0, 840.0, 2410.0, 3400.0, 4300.0, 5300.0, 6300.0, 7300.0},     // aw
     {300.0, 870.0, 2240.0, 3300.0, 4200.0, 5200.0, 6200.0, 7200.0},     // oo
     {530.0, 1840.0, 2480.0, 3500.0, 4300.0, 5300.0, 6300.0, 7300.0}}};  // eh
constexpr Vowel kBandwidthsHz{80.0, 90.0, 120.0, 180.0, 250.0, 350.0, 450.0, 550.0};

/// Share of the way that a first-order glide goes in one step.
double glideShare(double timeS, double sampleRate) {
  return 1.0 - std::exp(-static_cast<double>(kGlideFrames) / (timeS * sampleRate));
}

}  // namespace

float Glottis::next() noexcept {
  const double open = turn_ / kOpenShare;
  double out = open < 1.0 ? open * (2.0 - 3.0 * open) : 0.0;
  // The jump by 1 at closure, made of its share before and after (Valimaki and Huovilainen 2007, PolyBLEP).
  const double after = (turn_ - kOpenShare) / turnsPerFrame_;
  if (after >= 0.0 && after < 1.0)
    out += after - 0.5 * after * after - 0.5;
  else if (after >= -1.0 && after < 0.0)
    out += after + 0.5 * after * after + 0.5;
  turn_ += turnsPerFrame_;
  if (turn_ >= 1.0) turn_ -= 1.0;
  return static_cast<float>(out);
}

void Formant::tune(double frequencyHz, double bandwidthHz, double sampleRate) noexcept {
  const double radius = std::exp(-std::numbers::pi * bandwidthHz / sampleRate);
  const double bounded = std::min(frequencyHz, 0.45 * sampleRate);
  const double b = 2.0 * radius * std::cos(2.0 * std::numbers::pi * bounded / sampleRate);
  const double c = -radius * radius;
  a_ = static_cast<float>(1.0 - b - c);
  b_ = static_cast<float>(b);
  c_ = static_cast<float>(c);
}

void SungVoice::prepare(const StreamFormat& format, std::uint32_t seed) noexcept {
  *this = SungVoice();
  sampleRate_ = format.sampleRate;
  melody_ = SmallRandom(seed);
  noise_ = SmallRandom(~seed);
  formantsHz_ = kVowels[0];
  note_.end = static_cast<FrameTime>(kStartS * sampleRate_);
  tiltShare_ = static_cast<float>(1.0 - std::exp(-2.0 * std::numbers::pi * kTiltHz / sampleRate_));
}

/// A step up or down the scale for one to three beats; after some eight of them a breath of four.
void SungVoice::startNote() noexcept {
  note_.begin = note_.end;
  const bool breathes = beats_ >= 8;
  const int beats = breathes ? 4 : 1 + static_cast<int>(melody_.below(3));
  note_.end = note_.begin + static_cast<FrameTime>(beats * kBeatS * sampleRate_);
  note_.isSung = !breathes;
  beats_ = breathes ? 0 : beats_ + beats;
  if (breathes) return;
  const auto step = static_cast<int>(melody_.below(5)) - 2;
  degree_ = static_cast<std::size_t>(
      std::clamp(static_cast<int>(degree_) + step, 0, static_cast<int>(kScaleHz.size()) - 1));
  note_.hz = kScaleHz[degree_];
  note_.vowel = melody_.below(kVowels.size());
}

void SungVoice::glide() noexcept {
  if (frame_ >= note_.end) startNote();
  const double sinceS = static_cast<double>(frame_ - note_.begin) / sampleRate_;
  hz_ += glideShare(0.035, sampleRate_) * (note_.hz - hz_);
  const double depth = std::clamp((sinceS - kVibratoAfterS) / 0.3, 0.0, 1.0) * kVibratoCents;
  const double cents =
      depth * std::sin(2.0 * std::numbers::pi * kVibratoHz * sinceS) + noise_.between(-2.0, 2.0);
  glottis_.setFrequency(hz_ * std::exp2(cents / 1200.0) / sampleRate_);

  level_ += glideShare(note_.isSung ? 0.06 : 0.09, sampleRate_) * ((note_.isSung ? 1.0 : 0.0) - level_);
  const Vowel& vowel = kVowels[note_.vowel];
  const double share = glideShare(0.05, sampleRate_);
  for (std::size_t i = 0; i < kFormants; ++i) {
    formantsHz_[i] += share * (vowel[i] - formantsHz_[i]);
    formants_[i].tune(formantsHz_[i], kBandwidthsHz[i], sampleRate_);
  }
}

void SungVoice::process(std::span<float> out) noexcept {
  const auto smoothing = static_cast<float>(1.0 / (0.005 * sampleRate_));
  for (float& sample : out) {
    if (frame_ % kGlideFrames == 0) glide();
    ++frame_;
    levelNow_ += smoothing * (static_cast<float>(level_) - levelNow_);
    const float breath = kBreath * static_cast<float>(noise_.between(-1.0, 1.0));
    tilt_ += tiltShare_ * (levelNow_ * (glottis_.next() + breath) - tilt_);
    float wave = tilt_;
    for (Formant& formant : formants_) wave = formant.next(wave);
    sample = kSensitivity * wave;
  }
}

}  // namespace gainstage::analog
