#pragma once

#include <string>
#include <vector>

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

/// Names of the instruction sets that kernels were compiled for and this processor has, the widest first.
std::vector<std::string> instructionSets();

/// From now on nothing wider than that one of them is used, by any kernel. [control, nothing running]
void limitInstructionSets(const std::string& widest);

}  // namespace gainstage::bench
