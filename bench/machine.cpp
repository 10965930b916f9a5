#include "bench/machine.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <unistd.h>

#include "core/audio_buffer.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/machine.cpp"
#include <hwy/foreach_target.h>
// Must follow foreach_target.h.
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace gainstage::bench::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

const char* targetName() { return hwy::TargetName(HWY_TARGET); }

// Multiply-adds that do not wait for each other: a latency of 4 cycles on 2 ports needs 8 at a time, 5 on 2
// needs 10; 12 leave room within AVX2's 16 registers. Returns how many single ones were made.
double multiplyAdds(int rounds, float* out) {
  const hn::ScalableTag<float> d;
  const auto factor = hn::Set(d, 0.999f);
  const auto term = hn::Set(d, 0.001f);
  // Every chain begins elsewhere: the compiler makes one of two that are equal.
  auto a0 = hn::Set(d, 0.10f), a1 = hn::Set(d, 0.11f), a2 = hn::Set(d, 0.12f);
  auto a3 = hn::Set(d, 0.13f), a4 = hn::Set(d, 0.14f), a5 = hn::Set(d, 0.15f);
  auto b0 = hn::Set(d, 0.20f), b1 = hn::Set(d, 0.21f), b2 = hn::Set(d, 0.22f);
  auto b3 = hn::Set(d, 0.23f), b4 = hn::Set(d, 0.24f), b5 = hn::Set(d, 0.25f);
  for (int i = 0; i < rounds; ++i) {
    a0 = hn::MulAdd(a0, factor, term);
    a1 = hn::MulAdd(a1, factor, term);
    a2 = hn::MulAdd(a2, factor, term);
    a3 = hn::MulAdd(a3, factor, term);
    a4 = hn::MulAdd(a4, factor, term);
    a5 = hn::MulAdd(a5, factor, term);
    b0 = hn::MulAdd(b0, factor, term);
    b1 = hn::MulAdd(b1, factor, term);
    b2 = hn::MulAdd(b2, factor, term);
    b3 = hn::MulAdd(b3, factor, term);
    b4 = hn::MulAdd(b4, factor, term);
    b5 = hn::MulAdd(b5, factor, term);
  }
  const auto a = hn::Add(hn::Add(hn::Add(a0, a1), hn::Add(a2, a3)), hn::Add(a4, a5));
  const auto b = hn::Add(hn::Add(hn::Add(b0, b1), hn::Add(b2, b3)), hn::Add(b4, b5));
  *out = hn::GetLane(hn::SumOfLanes(d, hn::Add(a, b)));
  return 12.0 * static_cast<double>(hn::Lanes(d)) * rounds;
}

void triad(const float* b, const float* c, float* a, std::size_t count) {
  const hn::ScalableTag<float> d;
  const auto factor = hn::Set(d, 0.5f);
  for (std::size_t i = 0; i < count; i += hn::Lanes(d))
    hn::Store(hn::MulAdd(hn::Load(d, c + i), factor, hn::Load(d, b + i)), d, a + i);
}

}  // namespace gainstage::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::bench {
namespace {

HWY_EXPORT(targetName);
HWY_EXPORT(multiplyAdds);
HWY_EXPORT(triad);

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Some cores lower their clock when wide vectors begin, all raise it out of idle: 40 tries of about 5 ms
// outlast both, and the best is the one that nothing interrupted.
double measureGflops() {
  double best = 0.0;
  float sum = 0.0f;
  for (int i = 0; i < 40; ++i) {
    const auto start = Clock::now();
    const double made = HWY_DYNAMIC_DISPATCH(multiplyAdds)(2'000'000, &sum);
    best = std::max(best, 2.0 * made / secondsSince(start) * 1e-9);
    asm volatile("" : : "m"(sum) : "memory");
  }
  return best;
}

double measureGbps() {
  constexpr long megabyte = 1 << 20;
  const long bytes = std::clamp(2 * sysconf(_SC_LEVEL3_CACHE_SIZE), 32 * megabyte, 128 * megabyte);
  AudioBuffer arrays(3, static_cast<FrameCount>(bytes / static_cast<long>(sizeof(float))));
  double best = 0.0;
  for (int i = 0; i < 5; ++i) {
    const auto start = Clock::now();
    HWY_DYNAMIC_DISPATCH(triad)
    (arrays.channel(0).data(), arrays.channel(1).data(), arrays.channel(2).data(), arrays.channel(0).size());
    best = std::max(best, 3.0 * static_cast<double>(bytes) / secondsSince(start) * 1e-9);
  }
  return best;
}

std::string cpuName() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "unknown";
}

/// Highway numbers its targets, a bit each, from the widest on.
template <typename Task>
void forEachTarget(Task task) {
  const std::int64_t all = hwy::SupportedTargets();
  for (std::int64_t target = 1; target != 0 && target <= all; target <<= 1)
    if ((all & target) != 0) task(target);
}

}  // namespace

std::vector<std::string> instructionSets() {
  std::vector<std::string> names;
  forEachTarget([&](std::int64_t target) { names.emplace_back(hwy::TargetName(target)); });
  return names;
}

void limitInstructionSets(const std::string& widest) {
  std::int64_t wider = 0;
  forEachTarget([&](std::int64_t target) {
    if (hwy::TargetName(target) == widest) wider = target - 1;
  });
  hwy::DisableTargets(wider);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

Machine measureMachine() {
  return {.cpu = cpuName(),
          .simd = HWY_DYNAMIC_DISPATCH(targetName)(),
          .fmaPeakGflops = measureGflops(),
          .memoryGbps = measureGbps()};
}

}  // namespace gainstage::bench
#endif
