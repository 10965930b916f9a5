#pragma once

namespace gainstage::testing {

/// Told by every interposed call before it is passed on: ends the program where this thread is the audio
/// thread.
void trapped(const char* name) noexcept;

}  // namespace gainstage::testing
