#include "headphones/ceiling.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

namespace gainstage::headphones {
namespace {

constexpr double kReleaseSeconds = 0.2;
// Samples are taken as 80 dB over full scale at most: a stray 1e30 or an infinity shall not silence what
// follows.
constexpr float kLoudest = 1e4f;
constexpr float kBurstDb = 6.0f;
constexpr double kRiseDbPerSecond = 20.0;
// Where one that is switched off while it holds something back goes before it lets go: no converter plays it.
constexpr float kOpenDb = 24.0f;

/// Whether any |sample| is above `limit` (0 or more) or not a number: the bits of floats of one sign are in
/// the order of their values, with infinity and not-a-number last. Integers, so that it vectorises
/// everywhere.
bool anyAbove(std::span<const float> samples, float limit) noexcept {
  const auto limitBits = std::bit_cast<std::int32_t>(limit);
  std::int32_t above = 0;
  for (const float sample : samples)
    above |= (std::bit_cast<std::int32_t>(sample) & 0x7fffffff) > limitBits ? 1 : 0;
  return above != 0;
}

float cleaned(float sample) noexcept {
  return std::isnan(sample) ? 0.0f : std::clamp(sample, -kLoudest, kLoudest);
}

}  // namespace

void Ceiling::prepare(const StreamFormat& format) noexcept {
  ceilingDb_.setLength(format.frames(20_ms));
  amount_.setLength(format.frames(20_ms));
  bucketFrames_ = format.frames(5_ms);
  release_ = 1.0 - std::exp(-1.0 / (kReleaseSeconds * format.sampleRate));
  floorStepDb_ = static_cast<float>(kRiseDbPerSecond / format.sampleRate);
  leastReturn_ = 0.01 / format.sampleRate;  // the last 0.002 within 0.2 s
  reset();
}

void Ceiling::setCeilingDbfs(float ceilingDbfs) noexcept {
  settingDb_ = ceilingDbfs;
  aim();
}

void Ceiling::setOn(bool on) noexcept {
  if (isOff()) {
    ceilingDb_.snapTo(settingDb_);
    forget();
  }
  on_ = on;
  aim();
}

void Ceiling::aim() noexcept {
  const bool holds = gain_ < 1.0 && amount_.target() > 0.0f;
  const float goalDb = on_ || !holds ? settingDb_ : kOpenDb;
  if (holds && goalDb > heardDb_ && !letsGo_) {
    letsGo_ = true;
    floorDb_ = heardDb_;
  }
  ceilingDb_.setTarget(goalDb);
  ceiling_ = Decibels{goalDb}.linear();
  if (on_ || !letsGo_) amount_.setTarget(on_ ? 1.0f : 0.0f);
}

float Ceiling::nextCeilingDb() noexcept {
  const float aimedDb = heardDb_ = ceilingDb_.next();
  if (!letsGo_) return heardDb_;
  floorDb_ += floorStepDb_;
  heardDb_ = std::min(aimedDb, floorDb_ + kBurstDb);
  floorDb_ = std::min(floorDb_, heardDb_);
  letsGo_ = heardDb_ < aimedDb || !ceilingDb_.isSettled();
  if (!letsGo_ && !on_) amount_.setTarget(0.0f);
  return heardDb_;
}

void Ceiling::reset() noexcept {
  ceilingDb_.snapTo(settingDb_);
  ceiling_ = Decibels{settingDb_}.linear();
  amount_.snapTo(on_ ? 1.0f : 0.0f);
  lowestGain_ = 1.0f;
  forget();
}

void Ceiling::forget() noexcept {
  gain_ = 1.0;
  letsGo_ = false;
  heardDb_ = ceilingDb_.target();
  peaks_.fill(0.0f);
  bucketPeak_ = heldPeak_ = 0.0f;
  bucket_ = bucketFrame_ = 0;
}

bool Ceiling::isIdle() const noexcept {
  return gain_ == 1.0 && bucketPeak_ == 0.0f && heldPeak_ == 0.0f && ceilingDb_.isSettled() &&
         amount_.isSettled() && !letsGo_;
}

void Ceiling::nextBucket() noexcept {
  bucketFrame_ = 0;
  peaks_[static_cast<std::size_t>(bucket_)] = bucketPeak_;
  bucket_ = (bucket_ + 1) % kBuckets;
  bucketPeak_ = 0.0f;
  heldPeak_ = *std::ranges::max_element(peaks_);
}

double Ceiling::gainFor(float peak, float ceiling) noexcept {
  if (peak > ceiling) bucketPeak_ = std::max(bucketPeak_, peak);
  const float highest = std::max(bucketPeak_, heldPeak_);
  const double wanted = highest > ceiling ? double{ceiling} / double{highest} : 1.0;
  if (++bucketFrame_ == bucketFrames_) nextBucket();
  gain_ = std::min(wanted, gain_ + std::max(release_ * (wanted - gain_), leastReturn_));
  return gain_;
}

void Ceiling::process(AudioView io) noexcept {
  lowestGain_ = 1.0f;
  if (isOff()) return;
  const int channels = io.channels();
  if (isIdle()) {
    bool above = false;
    for (int c = 0; c < channels; ++c) above |= anyAbove(io.channel(c), ceiling_);
    if (!above) {
      bucketFrame_ = (bucketFrame_ + io.frames()) % bucketFrames_;
      return;
    }
  }
  float* const left = io.channel(0).data();
  float* const right = io.channel(channels - 1).data();
  double lowest = 1.0;
  for (FrameCount n = 0; n < io.frames(); ++n) {
    const float ceilingDb = nextCeilingDb();
    const float ceiling = ceilingDb_.isSettled() && !letsGo_ ? ceiling_ : Decibels{ceilingDb}.linear();
    const float amount = amount_.next();
    const float cleanLeft = cleaned(left[n]);
    const float cleanRight = cleaned(right[n]);
    double gain = gainFor(std::max(std::abs(cleanLeft), std::abs(cleanRight)), ceiling);
    if (amount == 0.0f) continue;
    if (amount < 1.0f) gain = 1.0 + amount * (gain - 1.0);
    if (gain == 1.0 && !std::isnan(left[n]) && !std::isnan(right[n])) continue;
    // The product's rounding may be half a step above the ceiling.
    const float limit = amount < 1.0f ? kLoudest : ceiling;
    const auto put = [=](float sample) {
      return std::clamp(static_cast<float>(gain * sample), -limit, limit);
    };
    left[n] = put(cleanLeft);
    right[n] = put(cleanRight);
    lowest = std::min(lowest, gain);
  }
  lowestGain_ = static_cast<float>(lowest);
}

}  // namespace gainstage::headphones
