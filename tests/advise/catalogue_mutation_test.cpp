#include <cstdint>
#include <gtest/gtest.h>
#include <random>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace gainstage::advise {
namespace {

TEST(CatalogueMutations, NeitherCrashNorPassWithoutASource) {
  const std::string good =
      "\x01"
      "brand,model,figure,value,unit,at_ohm,at_hz,region,year,status,source\n"
      "A,\"B, two\",headphonePower,60..70,mW,32,,,,maker,a page\n"
      "A,C,micDistortion,<0.0012,%,,,,,measured,\"a \"\"page\"\"\"\n"
      "A,C,price,99.5,EUR,,,EU,2025,unverified,a page\n"
      "A,C,phantom,yes,,,,,,maker,a page\n";
  std::mt19937 random(7);
  const std::string pool = ",\"\n\r;#<>.-+eE0123456789 abcyn\x80\xff\xc3";
  for (int round = 0; round < 5000; ++round) {
    std::string text = good;
    for (auto edits = 1 + random() % 6; edits > 0; --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 4) {
        case 0:
          text[at] = pool[random() % pool.size()];
          break;
        case 1:
          text.insert(at, 1, pool[random() % pool.size()]);
          break;
        case 2:
          text.erase(at, 1 + random() % 9);
          break;
        default:
          text.insert(at, text.substr(random() % text.size(), random() % 30));
      }
      if (text.empty()) text = good;
    }
    // It aborts where a row was taken that should not be.
    ASSERT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()), 0);
  }
}

}  // namespace
}  // namespace gainstage::advise
