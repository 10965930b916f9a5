#pragma once

#include <string>

#include "control/engine.h"

namespace gainstage::app {

/// Meters for a terminal: a line for each strip and output, redrawn in place.
class MetersView {
 public:
  /// What to write to the terminal now. [control]
  std::string draw(const control::Engine& engine);
  /// What to write before anything else is printed: the meters go, and `below`: lines that came after them.
  /// [control]
  std::string erase(int below = 0);

 private:
  int lines_ = 0;
};

}  // namespace gainstage::app
