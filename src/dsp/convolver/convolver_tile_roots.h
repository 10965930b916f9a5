#pragma once

#include <array>
#include <cstddef>

namespace gainstage::dsp {

/// cos(2 pi k / 64) for k = 0..16, correctly rounded; a table because std::cos is no constant expression.
inline constexpr std::array<double, 17> kQuarterWave{1.0,
                                                     0.99518472667219693,
                                                     0.98078528040323043,
                                                     0.95694033573220882,
                                                     0.92387953251128674,
                                                     0.88192126434835505,
                                                     0.83146961230254524,
                                                     0.77301045336273699,
                                                     0.70710678118654757,
                                                     0.63439328416364549,
                                                     0.55557023301960229,
                                                     0.47139673682599781,
                                                     0.38268343236508984,
                                                     0.29028467725446233,
                                                     0.19509032201612833,
                                                     0.09801714032956077,
                                                     0.0};

/// cos(2 pi k / 64) for any k >= 0; the sine of k is the cosine of k + 48.
constexpr double cosineOf64(int k) noexcept {
  const int turn = k % 64;
  const int half = turn > 32 ? 64 - turn : turn;
  return half > 16 ? -kQuarterWave[static_cast<std::size_t>(32 - half)]
                   : kQuarterWave[static_cast<std::size_t>(half)];
}

/// Constants of a transform of 64 = 4 x 4 x 4 points, each as 16 cosines followed by 16 sines.
struct alignas(64) TileRoots {
  float outer[4][32];  ///< e^(2 pi i q n / 64), q = 0..3, n = 0..15
  float inner[4][32];  ///< e^(2 pi i q l / 16), q = 0..3, l = 0..3, four times over
};

constexpr TileRoots makeTileRoots() noexcept {
  TileRoots roots{};
  for (int q = 0; q < 4; ++q) {
    for (int n = 0; n < 16; ++n) {
      roots.outer[q][n] = static_cast<float>(cosineOf64(q * n));
      roots.outer[q][n + 16] = static_cast<float>(cosineOf64(q * n + 48));
      roots.inner[q][n] = static_cast<float>(cosineOf64(4 * q * (n % 4)));
      roots.inner[q][n + 16] = static_cast<float>(cosineOf64(4 * q * (n % 4) + 48));
    }
  }
  return roots;
}

inline constexpr TileRoots kTileRoots = makeTileRoots();

}  // namespace gainstage::dsp
