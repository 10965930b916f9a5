#include "dsp/resampling/rate_converter.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <optional>
#include <string>

#include "dsp/resampling/lowpass_kernel.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/resampling/rate_converter.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// At most as many lanes as the taps are a multiple of.
using Floats = hn::CappedTag<float, 16>;

/// Filters as long as there are inputs; moves start and step on.
FrameCount Convert(const RateTable& table, const float* HWY_RESTRICT inputs, FrameCount held,
                   FrameCount& start, int& step, float* HWY_RESTRICT out, FrameCount frames) {
  const Floats d;
  const int taps = table.taps();
  const int whole = table.stride() / table.steps(), rest = table.stride() % table.steps();
  FrameCount made = 0;
  for (; made < frames && start + taps <= held; ++made) {
    const float* HWY_RESTRICT filter = table.filter(step);
    auto sum = hn::Zero(d);
    for (int k = 0; k < taps; k += static_cast<int>(hn::Lanes(d)))
      sum = hn::MulAdd(hn::LoadU(d, filter + k), hn::LoadU(d, inputs + start + k), sum);
    out[made] = hn::GetLane(hn::SumOfLanes(d, sum));
    start += whole;
    step += rest;
    if (step >= table.steps()) {
      step -= table.steps();
      ++start;
    }
  }
  return made;
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {

HWY_EXPORT(Convert);

namespace {

constexpr std::size_t kMostTableBytes = std::size_t{16} << 20;

bool usable(double rate) { return rate >= 8000.0 && rate <= 384000.0 && rate == std::round(rate); }

Error refusal(double fromRate, double toRate, const char* why) {
  char rates[80];
  std::snprintf(rates, sizeof rates, "from %.10g Hz to %.10g Hz", fromRate, toRate);
  return {ErrorKind::usage, std::string("Sound cannot be converted ") + rates + ": " + why};
}

/// Nothing where a rate cannot be used.
std::optional<LowpassKernel> kernelFor(double fromRate, double toRate) {
  if (!usable(fromRate) || !usable(toRate)) return std::nullopt;
  const ConversionBands bands = conversionBands(std::min(fromRate, toRate));
  return LowpassKernel(bands.pass, bands.stop);
}

constexpr const char* kRatesAllowed = "both must be whole numbers from 8000 to 384000 Hz.";

}  // namespace

Result<std::shared_ptr<const RateTable>> RateTable::make(double fromRate, double toRate) {
  const auto kernel = kernelFor(fromRate, toRate);
  if (!kernel) return refusal(fromRate, toRate, kRatesAllowed);
  return make(fromRate, toRate, *kernel);
}

Result<RateTable::BothWays> RateTable::makeBothWays(double fromRate, double toRate) {
  const auto kernel = kernelFor(fromRate, toRate);
  if (!kernel) return refusal(fromRate, toRate, kRatesAllowed);
  auto there = make(fromRate, toRate, *kernel);
  if (!there) return there.error();
  auto back = make(toRate, fromRate, *kernel);
  if (!back) return back.error();
  return BothWays{std::move(*there), std::move(*back)};
}

Result<std::shared_ptr<const RateTable>> RateTable::make(double fromRate, double toRate,
                                                         const LowpassKernel& kernel) {
  const auto from = static_cast<int>(fromRate), to = static_cast<int>(toRate);
  std::shared_ptr<RateTable> table(new RateTable);
  table->steps_ = to / std::gcd(from, to);
  table->stride_ = from / std::gcd(from, to);

  const double halfInputs = kernel.halfLength() * fromRate;
  const int steps = table->steps_;
  table->delay_ = static_cast<std::int64_t>(std::ceil(halfInputs * steps));
  const double delay = static_cast<double>(table->delay_) / steps;
  const int used = static_cast<int>(std::floor(delay + halfInputs)) + 1;
  table->taps_ = (used + kTapMultiple - 1) / kTapMultiple * kTapMultiple;
  const std::size_t count = static_cast<std::size_t>(steps) * static_cast<std::size_t>(table->taps_);
  if (count * sizeof(float) > kMostTableBytes)
    return refusal(fromRate, toRate,
                   "they have too small a common divisor; choose 44100, 48000 or a multiple.");

  table->filters_.resize(count);
  for (int step = 0; step < steps; ++step) {
    const std::span filter(table->filters_.data() + static_cast<std::ptrdiff_t>(step) * table->taps_,
                           static_cast<std::size_t>(table->taps_));
    // The newest sample stands `step` before the filter's end; the older, the further from there.
    const double newest = static_cast<double>(step) / steps - delay;
    for (std::size_t k = 0; k < filter.size(); ++k)
      filter[k] = static_cast<float>(
          kernel.at((static_cast<double>(filter.size() - 1 - k) + newest) / fromRate) / fromRate);
  }
  return std::shared_ptr<const RateTable>(std::move(table));
}

void RateConverter::prepare(std::shared_ptr<const RateTable> table, FrameCount maxInputs, FrameCount slack) {
  table_ = std::move(table);
  slack_ = slack;
  inputs_.resize(static_cast<std::size_t>(table_->taps() + 2 * slack + maxInputs));
  reset(0);
}

void RateConverter::reset(std::int64_t first) noexcept {
  const std::int64_t steps = table_->steps();
  assert(first >= -static_cast<std::int64_t>(slack_) * table_->steps());
  const std::int64_t newest = first >= 0 ? first / steps : -((-first + steps - 1) / steps);
  step_ = static_cast<int>(first - newest * steps);
  held_ = table_->taps() - 1 + slack_;
  start_ = slack_ + static_cast<FrameCount>(newest);
  std::ranges::fill(inputs_, 0.0f);
}

FrameCount RateConverter::process(std::span<const float> in, std::span<float> out) noexcept {
  assert(static_cast<std::size_t>(held_) + in.size() <= inputs_.size());
  std::ranges::copy(in, inputs_.begin() + held_);
  held_ += static_cast<FrameCount>(in.size());
  const FrameCount made = HWY_DYNAMIC_DISPATCH(Convert)(*table_, inputs_.data(), held_, start_, step_,
                                                        out.data(), static_cast<FrameCount>(out.size()));
  const FrameCount done = std::min(start_, held_);
  std::copy(inputs_.begin() + done, inputs_.begin() + held_, inputs_.begin());
  held_ -= done;
  start_ -= done;
  return made;
}

}  // namespace gainstage::dsp
#endif  // HWY_ONCE
