#include "bench/bench.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <iterator>
#include <nlohmann/json.hpp>
#include <ostream>
#include <regex>

#include "bench/machine.h"
#include "bench/measure.h"

namespace gainstage::bench {
namespace {

std::string tableHead(const Machine& machine) {
  return fmt::format(
      "{}, {}: {:.1f} Gflop/s of multiply-adds and {:.1f} GB/s on one core\n\n"
      "{:<44} {:>12} {:>12} {:>8} {:>12} {:>6}\n",
      machine.cpu, machine.simd, machine.fmaPeakGflops, machine.memoryGbps, "case", "median ns", "p99.9 ns",
      "ratio", "x real time", "peak");
}

std::string tableRow(const Measurement& row, const Machine& machine) {
  const auto fraction = row.fmaPeakFraction(machine.fmaPeakGflops);
  return fmt::format("{:<44} {:>12.0f} {:>12.0f} {:>8.2f} {:>12.1f} {:>6}\n", row.name, row.nsPerBlock,
                     row.p999NsPerBlock, row.p999NsPerBlock / row.nsPerBlock, row.timesRealtime48k(),
                     fraction ? fmt::format("{:.0f} %", 100.0 * *fraction) : "");
}

nlohmann::ordered_json jsonRow(const Measurement& row, const Machine& machine) {
  const auto fraction = row.fmaPeakFraction(machine.fmaPeakGflops);
  return {{"name", row.name},
          {"frames", row.frames},
          {"nsPerBlock", row.nsPerBlock},
          {"p999NsPerBlock", row.p999NsPerBlock},
          {"timesRealtime48k", row.timesRealtime48k()},
          {"fmaPeakFraction", fraction ? nlohmann::ordered_json(*fraction) : nlohmann::ordered_json()}};
}

Result<std::vector<Case>> chosenCases(const std::string& filter) {
  std::vector<Case> cases = allCases();
  try {
    const std::regex pattern(filter, std::regex::ECMAScript);
    std::erase_if(cases, [&](const Case& item) { return !std::regex_search(item.name, pattern); });
  } catch (const std::regex_error&) {
    return Error{ErrorKind::usage, fmt::format("--filter \"{}\" is not a regular expression", filter)};
  }
  if (cases.empty())
    return Error{ErrorKind::usage,
                 fmt::format("--filter \"{}\" matches no case; run without it to see their names", filter)};
  return cases;
}

}  // namespace

std::vector<Case> allCases() {
  std::vector<Case> all;
  for (auto* room : {coreCases, dspCases, convolutionCases, busCases, headphonesCases, waveNetCases,
                     recurrentCases, captureOpeningCases, rigCases, consoleCases})
    std::ranges::move(room(), std::back_inserter(all));
  return all;
}

Result<void> runBench(const BenchOptions& options, std::ostream& out, const BenchProgress& progress) {
  auto cases = chosenCases(options.filter);
  if (!cases) return cases.error();
  if (!options.simd.empty()) {
    const std::vector<std::string> sets = instructionSets();
    if (std::ranges::find(sets, options.simd) == sets.end())
      return Error{ErrorKind::usage, fmt::format("--simd \"{}\" is none of this processor's: {}",
                                                 options.simd, fmt::join(sets, ", "))};
    limitInstructionSets(options.simd);
  }
  const Machine machine = measureMachine();
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  if (!options.json) out << tableHead(machine) << std::flush;
  for (std::size_t i = 0; i < cases->size(); ++i) {
    const Case& item = (*cases)[i];
    if (progress) progress(item.name, i, cases->size());
    const Measurement row = measure(item);
    if (options.json)
      rows.push_back(jsonRow(row, machine));
    else
      out << tableRow(row, machine) << std::flush;
  }
  if (options.json) {
    const nlohmann::ordered_json whole{{"machine",
                                        {{"cpu", machine.cpu},
                                         {"simd", machine.simd},
                                         {"fmaPeakGflops", machine.fmaPeakGflops},
                                         {"memoryGbps", machine.memoryGbps}}},
                                       {"results", rows}};
    out << whole.dump() << '\n';
  }
  return {};
}

}  // namespace gainstage::bench
