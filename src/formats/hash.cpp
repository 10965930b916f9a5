#include "formats/hash.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <new>
#include <openssl/evp.h>
#include <vector>

#include "formats/file_descriptor.h"
#include "formats/file_error.h"

namespace gainstage::formats {

struct Sha256::State {
  State() : context(EVP_MD_CTX_new()) {
    if (!context || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  EVP_MD_CTX* context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Sha256::finish() {
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(state_->context, digest.data(), nullptr);
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

bool isSha256(std::string_view text) noexcept {
  const auto isDigit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == 64 && std::ranges::all_of(text, isDigit);
}

Result<std::string> sha256OfFile(const std::filesystem::path& path) {
  auto file = openForReading(path);
  if (!file) return file.error();
  Sha256 hash;
  std::vector<std::byte> chunk(1 << 18);
  for (std::int64_t at = 0;;) {
    const std::int64_t got = file->descriptor.readAt(at, chunk);
    if (got < 0) return systemError(path, errno);
    if (got == 0) return hash.finish();
    hash.add(std::span(chunk).first(static_cast<std::size_t>(got)));
    at += got;
  }
}

}  // namespace gainstage::formats
