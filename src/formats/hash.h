#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"

namespace gainstage::formats {

/// SHA-256 (FIPS 180-4) by OpenSSL: it is in Debian, maintained, and uses the processor's SHA instructions;
/// and whoever gets a session can check its files with sha256sum. A shorter or faster hash would save nothing
/// that anyone notices beside reading the file.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::span<const std::byte> bytes);  // [control]
  /// 64 hexadecimal digits, lower case. The last call. [control]
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// 64 digits from 0-9 and a-f. [any thread]
bool isSha256(std::string_view text) noexcept;

/// Hash of a regular file's content. [control]
Result<std::string> sha256OfFile(const std::filesystem::path& path);

}  // namespace gainstage::formats
