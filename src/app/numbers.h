#pragma once

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <string>

namespace gainstage::app {

/// A number of that range. CLI::Range lets "nan" pass, with which a run would never end.
inline CLI::Validator numberBetween(double lowest, double highest) {
  return CLI::Validator(
      [lowest, highest](const std::string& text) {
        double number = 0.0;
        const bool good = CLI::detail::lexical_cast(text, number) && number >= lowest && number <= highest;
        return good ? std::string()
                    : fmt::format("\"{}\" is not a number from {} to {}", text, lowest, highest);
      },
      fmt::format("[{} - {}]", lowest, highest));
}

}  // namespace gainstage::app
