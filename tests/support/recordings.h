#pragma once

#include <filesystem>
#include <vector>

#include "support/audio.h"

namespace gainstage::testing {

/// A real recording, from outside the repository.
struct Recording {
  Signal audio;
  double sampleRate = 0.0;
};

/// Those of ../shared/data/audio (or $GAINSTAGE_DATA/audio), in order; none where the folder is absent.
std::vector<std::filesystem::path> recordings();

Recording readRecording(const std::filesystem::path& path);

}  // namespace gainstage::testing
