#include <gtest/gtest.h>

#include "neural/programs.h"
#include "support/audio.h"

namespace gainstage::neural {
namespace {

using testing::Mono;
using testing::Signal;

TEST(LinearCapture, IsTheSumOfProductsPlusItsBias) {
  for (const FrameCount taps : {1, 64, 3000}) {
    const Linear network{.response = testing::noise(taps, 0.3f, 2), .bias = 0.125f};
    const auto program = makeLinearProgram(network);
    EXPECT_EQ(program->cost().receptiveFieldFrames, taps);
    EXPECT_EQ(program->cost().multiplyAdds, taps);
    const Mono in = testing::noise(6000, 0.5f, 3);
    Signal out{in};
    const auto player = program->makePlayer();
    testing::renderInPlace(out, testing::splits(6000, 100, 4),
                           [&](AudioView io) { player->process(io, io); });
    double error = 0.0, energy = 0.0;
    for (std::size_t n = 0; n < in.size(); ++n) {
      double wanted = 0.125;
      for (std::size_t k = 0; k < network.response.size() && k <= n; ++k)
        wanted += static_cast<double>(network.response[k]) * static_cast<double>(in[n - k]);
      error += (static_cast<double>(out[0][n]) - wanted) * (static_cast<double>(out[0][n]) - wanted);
      energy += wanted * wanted;
    }
    EXPECT_LT(testing::decibels(std::sqrt(error / energy)), -120.0) << taps;
    {
      RealtimeScope realtime;
      player->settle();
    }
    Signal again{in};
    testing::renderInPlace(again, testing::splits(6000, 64), [&](AudioView io) { player->process(io, io); });
    EXPECT_EQ(again, out);
  }
}

}  // namespace
}  // namespace gainstage::neural
