#include "dsp/reverb/reverb_network.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "dsp/reverb/reverb_mix.h"

namespace gainstage::dsp {
namespace {

static_assert(ReverbNetwork::kLines == kReverbLines && ReverbNetwork::kGrid == kReverbGrid);

constexpr double kShortestSeconds = 0.025, kLongestSeconds = 0.110;
constexpr double kSwaySeconds = 0.3e-3;
constexpr int kPoints = kReverbGrid + 3;  // that a line reads in a grid
constexpr int kMirrored = 32;             // of the ring's beginning, behind its end: more than kPoints

bool isPrime(int number) noexcept {
  for (int divisor = 2; divisor * divisor <= number; ++divisor)
    if (number % divisor == 0) return false;
  return number > 1;
}

// Of a one-pole low-pass (1 - p) / (1 - p / z) that has the gain g at the angular frequency w:
// (1 - p)^2 = g^2 (1 - 2 p cos w + p^2), the root below 1.
double poleFor(double g, double w) noexcept {
  const double a = 1.0 - g * g;
  const double b = 1.0 - g * g * std::cos(w);
  return (b - std::sqrt(b * b - a * a)) / a;
}

double lowPassGain(double pole, double w) noexcept {
  return (1.0 - pole) / std::sqrt(1.0 - 2.0 * pole * std::cos(w) + pole * pole);
}

}  // namespace

void ReverbNetwork::prepare(const StreamFormat& format) {
  sampleRate_ = format.sampleRate;
  swayFrames_ = kSwaySeconds * sampleRate_;
  rampSteps_ = std::max(format.frames(50_ms) / kGrid, 1);
  int last = 0;
  for (int i = 0; i < kLines; ++i) {
    Line& line = lines_[static_cast<std::size_t>(i)];
    // Lengths in equal ratios and without a common factor: their echoes and modes fall together nowhere.
    const double seconds = scale_ * kShortestSeconds * std::pow(kLongestSeconds / kShortestSeconds, i / 15.0);
    line.length = std::max(static_cast<int>(seconds * sampleRate_), last + 1);
    while (!isPrime(line.length)) ++line.length;
    last = line.length;
    const int longest = line.length + static_cast<int>(swayFrames_) + kPoints + kGrid;
    const int size = static_cast<int>(std::bit_ceil(static_cast<unsigned>(longest)));
    line.ring.assign(static_cast<std::size_t>(size + kMirrored), 0.0f);
    line.mask = size - 1;
    // Every other line sways, between 0.2 and 0.6 Hz, each in its own time.
    const double swayHz = 0.2 + 0.4 * std::fmod(i * std::numbers::phi, 1.0);
    const double turn = 2.0 * std::numbers::pi * swayHz * kGrid / sampleRate_;
    line.turnCosine = std::cos(turn);
    line.turnSine = std::sin(turn);
  }
  reset();
}

void ReverbNetwork::setDecay(double seconds, double dampingHz) noexcept {
  const double w = 2.0 * std::numbers::pi * std::min(dampingHz / sampleRate_, 0.45);
  // The decay set is that at 1 kHz, or well below a damping that reaches there.
  const double reference = std::min(2.0 * std::numbers::pi * 1000.0 / sampleRate_, w / 3.0);
  double energy = 0.0;
  for (std::size_t i = 0; i < kLines; ++i) {
    // Jot & Chaigne, eq. 6: what a line loses for its length. Its low-pass loses as much again at the
    // damping's frequency, which halves the decay there.
    const double loss = std::pow(10.0, -3.0 * lines_[i].length / (seconds * sampleRate_));
    const double pole = poleFor(loss, w);
    const double g = loss / lowPassGain(pole, reference);
    target_.pole[i] = static_cast<float>(pole);
    target_.gain[i] = static_cast<float>(0.25 * g * (1.0 - pole));
    energy += loss * loss / kLines;
  }
  // Power p in each line: p = energy x p + 14/16 of the injected; an output is energy x p.
  target_.input = static_cast<float>(std::sqrt(16.0 / 14.0 * (1.0 - energy) / energy));
  // Below the reference the decay is up to a sixth longer.
  decayOverGrid_ = static_cast<float>(std::pow(10.0, -3.0 * kGrid / (1.2 * seconds * sampleRate_)));
  const auto steps = static_cast<float>(rampSteps_);
  for (std::size_t i = 0; i < kLines; ++i) {
    step_.gain[i] = (target_.gain[i] - current_.gain[i]) / steps;
    step_.pole[i] = (target_.pole[i] - current_.pole[i]) / steps;
  }
  step_.input = (target_.input - current_.input) / steps;
  stepsLeft_ = rampSteps_;
}

void ReverbNetwork::reset() noexcept {
  frame_ = 0;
  stepsLeft_ = 0;
  current_ = target_;
  state_.fill(0.0f);
  for (std::size_t i = 0; i < kLines; ++i) {
    const double angle = 2.0 * std::numbers::pi * static_cast<double>(i) / kLines;
    lines_[i].cosine = std::cos(angle);
    lines_[i].sine = std::sin(angle);
  }
}

void ReverbNetwork::beginGrid() noexcept {
  if (stepsLeft_ > 0) {
    --stepsLeft_;
    const auto left = static_cast<float>(stepsLeft_);
    for (std::size_t i = 0; i < kLines; ++i) {
      current_.gain[i] = target_.gain[i] - step_.gain[i] * left;
      current_.pole[i] = target_.pole[i] - step_.pole[i] * left;
    }
    current_.input = target_.input - step_.input * left;
  }
  for (std::size_t i = 0; i < kLines; ++i) {
    Line& line = lines_[i];
    line.whole = line.length;
    if (i % 2 == 0) continue;
    const double from = line.length + swayFrames_ * line.sine;
    const double cosine = line.cosine * line.turnCosine - line.sine * line.turnSine;
    line.sine = line.sine * line.turnCosine + line.cosine * line.turnSine;
    line.cosine = cosine;
    line.whole = static_cast<int>(from);
    line.fraction = static_cast<float>(from - line.whole);
    line.slope = static_cast<float>((line.length + swayFrames_ * line.sine - from) / kGrid);
  }
}

const float* ReverbNetwork::pointsOf(const Line& line, float* scratch) const noexcept {
  const std::int64_t oldest = frame_ / kGrid * kGrid - line.whole - 2;
  const float* const points = line.ring.data() + (static_cast<int>(oldest) & line.mask);
  if (oldest >= 0) return points;
  // From before the reset: silence by now.
  for (int k = 0; k < kPoints; ++k) scratch[k] = oldest + k < 0 ? 0.0f : points[k];
  return scratch;
}

void ReverbNetwork::write(Line& line, const float* samples, int count) noexcept {
  float* const ring = line.ring.data();
  const int size = line.mask + 1;
  const int at = static_cast<int>(frame_) & line.mask;
  const int beforeEnd = std::min(count, size - at);
  std::copy_n(samples, beforeEnd, ring + at);
  std::copy_n(samples + beforeEnd, count - beforeEnd, ring);
  if (at < kMirrored || beforeEnd < count) std::copy_n(ring, kMirrored, ring + size);
}

void ReverbNetwork::process(std::span<const float> left, std::span<const float> right,
                            std::span<float> outLeft, std::span<float> outRight) noexcept {
  ReverbGrid grid;
  float scratch[kLines][kPoints];
  for (std::size_t at = 0; at < left.size();) {
    grid.first = static_cast<int>(frame_ % kGrid);
    grid.count = std::min(kGrid - grid.first, static_cast<int>(left.size() - at));
    if (grid.first == 0) beginGrid();
    for (std::size_t i = 0; i < kLines; ++i)
      grid.taps[i] = {pointsOf(lines_[i], scratch[i]), lines_[i].fraction, lines_[i].slope};
    grid.gain = current_.gain.data();
    grid.pole = current_.pole.data();
    grid.state = state_.data();
    grid.input = current_.input;
    grid.left = left.data() + at;
    grid.right = right.data() + at;
    advanceReverb(grid);
    for (std::size_t i = 0; i < kLines; ++i) write(lines_[i], grid.lines[i].data() + grid.first, grid.count);
    std::copy_n(grid.lines[kLeftOutputLine].data() + grid.first, grid.count, outLeft.data() + at);
    std::copy_n(grid.lines[kRightOutputLine].data() + grid.first, grid.count, outRight.data() + at);
    at += static_cast<std::size_t>(grid.count);
    frame_ += grid.count;
  }
}

}  // namespace gainstage::dsp
