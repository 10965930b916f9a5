#include "bench/bench.h"
#include "headphones/ceiling.h"

namespace gainstage::bench {
namespace {

std::unique_ptr<headphones::Ceiling> ceiling(float ceilingDbfs) {
  auto ceiling = std::make_unique<headphones::Ceiling>();
  ceiling->prepare({kSampleRate, 64});
  ceiling->setCeilingDbfs(ceilingDbfs);
  ceiling->reset();
  return ceiling;
}

}  // namespace

std::vector<Case> headphonesCases() {
  return {
      // The test signal peaks at -12 dBFS: nothing to do, then always something.
      inPlace("headphones/ceiling", 64, 2, [] { return ceiling(-1.0f); }),
      inPlace("headphones/ceiling-at-work", 64, 2, [] { return ceiling(-24.0f); }),
  };
}

}  // namespace gainstage::bench
