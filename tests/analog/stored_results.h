#pragma once

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <string>
#include <vector>

namespace gainstage::analog {

/// What scripts/netlists.py stored of a circuit.
struct StoredResults {
  explicit StoredResults(const std::string& name) {
    const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
    const std::string path =
        std::string(source == nullptr ? "." : source) + "/tests/analog/netlists/results/" + name + ".csv";
    std::ifstream file(path);
    EXPECT_TRUE(file) << path;
    std::string line;
    std::getline(file, line);
    std::istringstream titles(line);
    for (std::string cell; std::getline(titles, cell, ',');) head.push_back(cell);
    while (std::getline(file, line)) {
      std::istringstream cells(line);
      rows.emplace_back();
      for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(std::stod(cell));
    }
  }

  std::vector<std::string> head;
  std::vector<std::vector<double>> rows;
};

}  // namespace gainstage::analog
