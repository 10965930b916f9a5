#include "support/tiny_disk.h"

#include <cstdio>
#include <exception>
#include <fstream>
#include <gtest/gtest.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gainstage::testing {
namespace {

constexpr int kCannotMount = 77;

/// As root directly; as anybody else by becoming the root of a user name space.
bool enterMountNamespace() {
  const std::string user = std::to_string(::getuid()), group = std::to_string(::getgid());
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
    std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
  }
  return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

}  // namespace

bool runOnTinyDisk(const std::filesystem::path& folder, int kilobytes, const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    const std::string options = "size=" + std::to_string(kilobytes) + "k";
    if (!enterMountNamespace() || ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options.c_str()) != 0)
      ::_exit(kCannotMount);
    try {
      body();
    } catch (const std::exception& problem) {
      ADD_FAILURE() << problem.what();
    }
    std::fflush(nullptr);
    ::_exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kCannotMount) return false;
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "see above; status " << status;
  return true;
}

}  // namespace gainstage::testing
