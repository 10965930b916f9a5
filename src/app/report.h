#pragma once

#include <iostream>
#include <string>
#include <unistd.h>

#include "core/result.h"

namespace gainstage::app {

/// Tells people what went wrong; the exit code for it.
inline int fail(const Error& error) {
  std::cerr << "gainstage: " << error.message << '\n';
  return static_cast<int>(error.kind);
}

/// A bar on a terminal, and nothing elsewhere.
class ProgressBar {
 public:
  void show(double share) const {
    if (!terminal_) return;
    constexpr int kWidth = 40;
    const int filled = static_cast<int>(share * kWidth + 0.5);
    std::string bar;
    for (int i = 0; i < kWidth; ++i) bar += i < filled ? "━" : "╌";
    std::cerr << "\r  " << bar << ' ' << static_cast<int>(share * 100.0 + 0.5) << " %\033[K" << std::flush;
  }
  void clear() const {
    if (terminal_) std::cerr << "\r\033[K" << std::flush;
  }

 private:
  bool terminal_ = isatty(STDERR_FILENO) != 0;
};

}  // namespace gainstage::app
