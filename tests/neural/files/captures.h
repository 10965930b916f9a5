#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "neural/capture_file.h"

namespace gainstage::neural {

/// ../shared/data/captures (or $GAINSTAGE_DATA/captures), from outside the repository; it may be missing.
std::filesystem::path captureFolder();

/// The samples of a file of one channel below captures/reference.
std::vector<float> referenceAudio(std::string_view name);

/// What readCapture makes of a text, which must be a capture. Its sentence fails the test where it is not.
std::shared_ptr<const CaptureFile> capture(std::string_view text);
/// The sentence that refuses a text, or "accepted".
std::string refusal(std::string_view text);

/// Decibels of the error's energy below the reference's.
double errorDb(std::span<const double> output, std::span<const float> reference);

/// "0.5, -0.25, ...": that many numbers, all different, none above 0.5.
std::string numbers(std::size_t count);
/// The same as a list of floats.
std::vector<float> numberValues(std::size_t count);

/// A .nam document of that architecture and config with numbers(weights) as weights.
std::string nam(std::string_view architecture, std::string_view config, std::size_t weights,
                std::string_view version = "0.7.0");

}  // namespace gainstage::neural
