#include "dsp/filters/biquad_lanes.h"

#include <algorithm>
#include <span>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/filters/biquad_lanes.cpp"
#include "hwy/foreach_target.h"
// Must follow foreach_target.h.
#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// One section in one channel: what there is where vectors hold one double, and for a row too short for two
/// halves. Returns the coefficients that it ended with.
BiquadCoefficients RunOne(const MovingBiquad& section, BiquadState& channel, double* HWY_RESTRICT samples,
                          std::size_t stride, std::size_t frames) {
  BiquadCoefficients now = section.now;
  BiquadState state = channel;
  if (section.left == 0) {
    for (std::size_t n = 0; n < frames * stride; n += stride) samples[n] = state.next(now, samples[n]);
  } else {
    for (std::size_t n = 0; n < frames * stride; n += stride) {
      now.advance(section.step);
      samples[n] = state.next(now, samples[n]);
    }
  }
  channel = state;
  return now;
}

void RunSingly(int channels, MovingBiquad* const* row, std::size_t count, double* samples,
               std::size_t frames) {
  const auto stride = static_cast<std::size_t>(channels);
  for (std::size_t i = 0; i < count; ++i) {
    BiquadCoefficients last;
    for (std::size_t c = 0; c < stride; ++c)
      last = RunOne(*row[i], row[i]->states[c], samples + c, stride, frames);
    row[i]->now = last;
  }
}

#if HWY_TARGET == HWY_SCALAR

void RunRow(int channels, MovingBiquad* const* row, std::size_t count, double* samples, std::size_t frames) {
  RunSingly(channels, row, count, samples, frames);
}

#else

// Products and sums are rounded one by one and in the order of BiquadState::next.

using Pair = hn::CappedTag<double, 2>;
using Vector = hn::Vec<Pair>;
using Mask = hn::Mask<Pair>;

struct Coefficients {
  Vector decay, b1, b2, direct, c1, c2;
};

struct State {
  Vector s1, s2;
};

HWY_INLINE Vector PairOf(double first, double second) {
  const Pair d;
  return hn::OddEven(hn::Set(d, second), hn::Set(d, first));
}

Coefficients PairOf(const BiquadCoefficients& first, const BiquadCoefficients& second) {
  return {PairOf(first.decay, second.decay),   PairOf(first.b1, second.b1), PairOf(first.b2, second.b2),
          PairOf(first.direct, second.direct), PairOf(first.c1, second.c1), PairOf(first.c2, second.c2)};
}

HWY_INLINE double Lower(Vector values) { return hn::GetLane(values); }
HWY_INLINE double Upper(Vector values) { return hn::GetLane(hn::Reverse2(Pair(), values)); }

// As BiquadCoefficients::advance.
HWY_INLINE void Advance(Coefficients& now, const Coefficients& step) {
  now.decay = hn::Add(now.decay, step.decay);
  now.b1 = hn::Add(now.b1, step.b1);
  now.b2 = hn::Add(now.b2, step.b2);
  now.direct = hn::Add(now.direct, step.direct);
  now.c1 = hn::Add(now.c1, step.c1);
  now.c2 = hn::Add(now.c2, step.c2);
}

HWY_INLINE Vector Next(const Coefficients& section, State& state, Vector x) {
  const Vector difference = hn::Sub(x, state.s2);
  const Vector fromStates = hn::Add(hn::Mul(section.c1, state.s1), hn::Mul(section.c2, state.s2));
  const Vector second =
      hn::Add(hn::Add(state.s2, hn::Mul(section.b1, state.s1)), hn::Mul(section.b2, difference));
  state.s1 = hn::Add(hn::Mul(section.decay, state.s1), hn::Mul(section.b1, difference));
  state.s2 = second;
  return hn::Add(hn::Mul(section.direct, x), fromStates);
}

HWY_INLINE Coefficients Choose(Mask half, const Coefficients& then, const Coefficients& otherwise) {
  return {
      hn::IfThenElse(half, then.decay, otherwise.decay), hn::IfThenElse(half, then.b1, otherwise.b1),
      hn::IfThenElse(half, then.b2, otherwise.b2),       hn::IfThenElse(half, then.direct, otherwise.direct),
      hn::IfThenElse(half, then.c1, otherwise.c1),       hn::IfThenElse(half, then.c2, otherwise.c2)};
}

/// `together` sections in a row in both halves of a vector, the last one here and those before it within:
/// compilers keep members in registers that they would leave in memory as an array, at the price of 5 cycles
/// a frame.
template <std::size_t together, bool moving>
struct Lanes {
  Lanes<together - 1, moving> before;
  Coefficients now, step;
  State state;

  HWY_INLINE void Load(const MovingBiquad* const* first, const MovingBiquad* const* second,
                       std::size_t secondChannel) {
    before.Load(first, second, secondChannel);
    const MovingBiquad &a = *first[together - 1], &b = *second[together - 1];
    const BiquadCoefficients rest{.direct = 0.0};
    now = PairOf(a.now, b.now);
    if constexpr (moving) step = PairOf(a.left > 0 ? a.step : rest, b.left > 0 ? b.step : rest);
    const BiquadState &x = a.states[0], &y = b.states[secondChannel];
    state = {PairOf(x.s1, y.s1), PairOf(x.s2, y.s2)};
  }

  HWY_INLINE Vector Run(Vector x) {
    x = before.Run(x);
    if constexpr (moving) Advance(now, step);
    return Next(now, state, x);
  }

  /// The other half stays as it is.
  HWY_INLINE Vector RunHalf(Mask half, Vector x) {
    x = before.RunHalf(half, x);
    const State oldState = state;
    const Coefficients old = now;
    if constexpr (moving) Advance(now, step);
    const Vector y = Next(now, state, x);
    if constexpr (moving) now = Choose(half, now, old);
    state = {hn::IfThenElse(half, state.s1, oldState.s1), hn::IfThenElse(half, state.s2, oldState.s2)};
    return y;
  }

  HWY_INLINE void Store(MovingBiquad* const* first, MovingBiquad* const* second,
                        std::size_t secondChannel) const {
    before.Store(first, second, secondChannel);
    MovingBiquad &a = *first[together - 1], &b = *second[together - 1];
    b.states[secondChannel] = {Upper(state.s1), Upper(state.s2)};
    a.states[0] = {Lower(state.s1), Lower(state.s2)};
    if constexpr (moving) {
      if (b.left > 0)
        b.now = {Upper(now.decay),  Upper(now.b1), Upper(now.b2),
                 Upper(now.direct), Upper(now.c1), Upper(now.c2)};
      if (a.left > 0)
        a.now = {Lower(now.decay),  Lower(now.b1), Lower(now.b2),
                 Lower(now.direct), Lower(now.c1), Lower(now.c2)};
    }
  }
};

template <bool moving>
struct Lanes<0, moving> {
  HWY_INLINE void Load(const MovingBiquad* const*, const MovingBiquad* const*, std::size_t) {}
  HWY_INLINE Vector Run(Vector x) { return x; }
  HWY_INLINE Vector RunHalf(Mask, Vector x) { return x; }
  HWY_INLINE void Store(MovingBiquad* const*, MovingBiquad* const*, std::size_t) const {}
};

template <std::size_t together, bool moving>
void RunStereo(MovingBiquad* const* row, double* HWY_RESTRICT samples, std::size_t frames) {
  Lanes<together, moving> lanes;
  lanes.Load(row, row, 1);
  const Pair d;
  for (std::size_t n = 0; n < frames; ++n)
    hn::StoreU(lanes.Run(hn::LoadU(d, samples + 2 * n)), d, samples + 2 * n);
  lanes.Store(row, row, 1);
}

template <std::size_t together, bool moving>
void RunMono(MovingBiquad* const* row, std::size_t count, double* HWY_RESTRICT samples, std::size_t frames) {
  MovingBiquad nothing;  // where the second half is one short: it lets everything pass
  MovingBiquad* second[together];
  for (std::size_t i = 0; i < together; ++i) second[i] = together + i < count ? row[together + i] : &nothing;
  Lanes<together, moving> lanes;
  lanes.Load(row, second, 0);

  // The second half works on frames that the first has left behind so long ago (6 cycles a section, and the
  // way through memory) that no step waits for the one before.
  constexpr std::size_t kBehind = together + 1;
  const Pair d;
  const Mask firstHalf = hn::FirstN(d, 1);
  const std::size_t lead = std::min(kBehind, frames);
  for (std::size_t n = 0; n < lead; ++n) samples[n] = Lower(lanes.RunHalf(firstHalf, hn::Set(d, samples[n])));
  for (std::size_t n = kBehind; n < frames; ++n) {
    const Vector y = lanes.Run(PairOf(samples[n], samples[n - kBehind]));
    samples[n] = Lower(y);
    samples[n - kBehind] = Upper(y);
  }
  for (std::size_t n = frames - lead; n < frames; ++n)
    samples[n] = Upper(lanes.RunHalf(hn::Not(firstHalf), hn::Set(d, samples[n])));
  lanes.Store(row, second, 0);
}

template <std::size_t together, bool moving>
void RunTogether(int channels, MovingBiquad* const* row, std::size_t count, double* samples,
                 std::size_t frames) {
  if (channels == 2)
    RunStereo<together, moving>(row, samples, frames);
  else
    RunMono<together, moving>(row, count, samples, frames);
}

template <bool moving>
void RunAny(int channels, MovingBiquad* const* row, std::size_t count, double* samples, std::size_t frames) {
  const std::size_t together = channels == 2 ? count : (count + 1) / 2;
  if (together == 1) RunTogether<1, moving>(channels, row, count, samples, frames);
  if (together == 2) RunTogether<2, moving>(channels, row, count, samples, frames);
  if (together == 3) RunTogether<3, moving>(channels, row, count, samples, frames);
}

void RunRow(int channels, MovingBiquad* const* row, std::size_t count, double* samples, std::size_t frames) {
  if (channels == 1 && count == 1) return RunSingly(channels, row, count, samples, frames);
  if (std::any_of(row, row + count, [](const MovingBiquad* section) { return section->left > 0; }))
    RunAny<true>(channels, row, count, samples, frames);
  else
    RunAny<false>(channels, row, count, samples, frames);
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::dsp {

HWY_EXPORT(RunRow);

void BiquadRow::run() noexcept {
  if (count_ == 0 || frames_ == 0) return;
  HWY_DYNAMIC_DISPATCH(RunRow)(channels_, row_.data(), count_, samples_, frames_);
  for (MovingBiquad* section : std::span(row_).first(count_))
    if (section->left > 0) section->left -= static_cast<FrameCount>(frames_);
  count_ = 0;
}

}  // namespace gainstage::dsp
#endif  // HWY_ONCE
