#pragma once

#include <filesystem>
#include <functional>

namespace gainstage::testing {

/// Runs the test's body in a process of its own, in which `folder` is a disk of `kilobytes` (a tmpfs in a
/// mount name space of its own). Its failed expectations are printed and fail the caller. False, and nothing
/// run, where this system lets nobody mount: skip then.
bool runOnTinyDisk(const std::filesystem::path& folder, int kilobytes, const std::function<void()>& body);

}  // namespace gainstage::testing
