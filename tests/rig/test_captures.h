#pragma once

#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "support/files.h"

/// Capture files that tests make themselves.
namespace gainstage::rig {

/// What a file says of itself; empty: it does not.
struct Said {
  std::string sampleRate = "48000", loudness = {}, inputLevelDbu = {};
};

/// A .nam document of a model that is `taps` with a constant added.
inline std::string linearCapture(const std::vector<double>& taps, double bias, const Said& said = {}) {
  std::string metadata = R"("name": "test")";
  if (!said.loudness.empty()) metadata += fmt::format(R"(, "loudness": {})", said.loudness);
  if (!said.inputLevelDbu.empty()) metadata += fmt::format(R"(, "input_level_dbu": {})", said.inputLevelDbu);
  return fmt::format(
      R"({{"version": "0.5.4", "architecture": "Linear", "metadata": {{{}}}, {}
          "config": {{"receptive_field": {}, "bias": true}}, "weights": [{}, {}]}})",
      metadata, said.sampleRate.empty() ? "" : fmt::format(R"("sample_rate": {},)", said.sampleRate),
      taps.size(), fmt::join(taps, ", "), bias);
}

/// A .nam document of several models, each up to its size.
inline std::string slimmableCapture(const std::vector<std::pair<double, std::string>>& models) {
  std::vector<std::string> entries;
  for (const auto& [maximum, model] : models)
    entries.push_back(fmt::format(R"({{"max_value": {}, "model": {}}})", maximum, model));
  return fmt::format(
      R"({{"version": "0.7.0", "architecture": "SlimmableContainer", "sample_rate": 48000, "weights": [],
          "config": {{"submodels": [{}]}}}})",
      fmt::join(entries, ", "));
}

}  // namespace gainstage::rig
