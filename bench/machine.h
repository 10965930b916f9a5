#pragma once

#include <string>

namespace gainstage::bench {

/// What this machine can do at most; speeds are quoted as ratios to it.
struct Machine {
  std::string cpu;             ///< as the kernel names it
  std::string simd;            ///< instruction set that Highway chose: "AVX2"
  double fmaPeakGflops = 0.0;  ///< one core, single precision; a multiply-add counts as two
  double memoryGbps = 0.0;  ///< one core, 1e9 bytes a second, a = b + s * c in arrays larger than the caches
};

/// Measures for about half a second. [control]
Machine measureMachine();

}  // namespace gainstage::bench
