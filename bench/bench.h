#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>

#include "bench/case.h"
#include "core/result.h"

namespace gainstage::bench {

/// One function a room, in bench/<room>_cases.cpp, named in allCases(); convolution and the buses have their
/// own.
std::vector<Case> coreCases();
std::vector<Case> dspCases();
std::vector<Case> convolutionCases();
std::vector<Case> busCases();  ///< what the console shares: reverb, metronome, guards
std::vector<Case> headphonesCases();
std::vector<Case> waveNetCases();
std::vector<Case> captureOpeningCases();
std::vector<Case> recurrentCases();  ///< LSTM and GRU captures
std::vector<Case> rigCases();
std::vector<Case> consoleCases();

/// Every case there is, in the order of the rooms. [control]
std::vector<Case> allCases();

struct BenchOptions {
  std::string filter;  ///< ECMAScript regular expression sought in the names; empty: all
  std::string simd;    ///< name of the widest instruction set to use, as `Machine` gives it; empty: all
  bool json = false;   ///< one object as commands.md has it, instead of a table
};

/// Told before each case: its name, how many are done, of how many.
using BenchProgress = std::function<void(std::string_view name, std::size_t done, std::size_t all)>;

/// Measures the machine, then the cases one by one. Fails (usage) where the filter is no regular expression
/// or matches nothing, or this processor has no such instruction set. [control]
Result<void> runBench(const BenchOptions& options, std::ostream& out, const BenchProgress& progress = {});

}  // namespace gainstage::bench
