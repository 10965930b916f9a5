#include "dsp/fft.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "support/audio.h"

namespace gainstage::dsp {
namespace {

TEST(RealFft, GivesTheSumsThatDefineASpectrum) {
  for (const int size : {2, 8, 30, 256}) {
    RealFft fft(size);
    const testing::Mono frames = testing::noise(size, 1.0f, 3);
    std::ranges::copy(frames, fft.input().begin());
    {
      RealtimeScope realtime;
      fft.transform();
    }
    ASSERT_EQ(fft.output().size(), static_cast<std::size_t>(size / 2 + 1));
    for (int bin = 0; bin < fft.bins(); ++bin) {
      std::complex<double> sum = 0.0;
      for (int n = 0; n < size; ++n)
        sum += static_cast<double>(frames[static_cast<std::size_t>(n)]) *
               std::polar(1.0, -2.0 * std::numbers::pi * bin * n / size);
      EXPECT_LT(std::abs(sum - std::complex<double>(fft.output()[static_cast<std::size_t>(bin)])), 1e-5);
    }
    EXPECT_TRUE(std::ranges::equal(fft.input(), frames));
  }
}

TEST(RealFft, TwoOfTheSameSizeGiveTheSameBits) {
  RealFft first(1024), second(1024);
  for (RealFft* fft : {&first, &second}) {
    std::ranges::copy(testing::noise(1024), fft->input().begin());
    fft->transform();
  }
  EXPECT_TRUE(std::ranges::equal(first.output(), second.output()));
}

}  // namespace
}  // namespace gainstage::dsp
