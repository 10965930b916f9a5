#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "core/result.h"
#include "neural/capture_file.h"
#include "neural/player.h"

namespace gainstage::neural {

/// A capture file made ready to play: one program for each size that sounds different. Immutable; the network
/// as the file describes it is not kept.
class Capture {
 public:
  /// Sizes of a file beyond so many are left out, evenly, its smallest and largest kept: every one costs
  /// memory.
  static constexpr std::size_t kMostSizes = 8;

  struct Size {
    double from;  ///< the least size that means this one
    std::shared_ptr<const Program> program;
  };

  /// Programs have one input and one output. An error (file) for any other network. [control]
  static Result<std::shared_ptr<const Capture>> make(const CaptureFile& file, std::string_view name);

  const CaptureMetadata& metadata() const noexcept { return metadata_; }
  double sampleRate() const noexcept { return sampleRate_; }  ///< Hz
  const std::vector<Size>& sizes() const noexcept { return sizes_; }
  std::size_t indexOfSize(double size) const noexcept;  ///< `size` 0..1

 private:
  Capture() = default;
  CaptureMetadata metadata_;
  double sampleRate_ = 48000.0;
  std::vector<Size> sizes_;
};

/// Reads a capture file. As long as somebody holds it, the same content is the same Capture, so that weights
/// are in memory once. Errors (file) name file and place. [control, any thread]
Result<std::shared_ptr<const Capture>> loadCapture(const std::filesystem::path& path);

}  // namespace gainstage::neural
