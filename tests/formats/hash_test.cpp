#include "formats/hash.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace gainstage::formats {
namespace {

std::string hashOf(std::string_view text, std::size_t piece) {
  Sha256 hash;
  for (std::size_t at = 0; at < text.size(); at += piece)
    hash.add(std::as_bytes(std::span(text.substr(at, piece))));
  return hash.finish();
}

// FIPS 180-4's examples: https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values
TEST(Sha256, GivesThePublishedValues) {
  EXPECT_EQ(hashOf("", 1), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hashOf("abc", 3), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hashOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 7),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256OfFile, HashesEveryByteOfALongFile) {
  const testing::TemporaryFolder folder;
  // FIPS 180-4's third example: a million times the letter a.
  testing::writeFile(folder / "a", std::string(1000000, 'a'));
  const auto hash = sha256OfFile(folder / "a");
  ASSERT_TRUE(hash);
  EXPECT_EQ(*hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_FALSE(sha256OfFile(folder / "none"));
}

}  // namespace
}  // namespace gainstage::formats
