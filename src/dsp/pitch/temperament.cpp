#include "dsp/pitch/temperament.h"

#include <algorithm>
#include <cstddef>

namespace gainstage::dsp {
namespace {

// In cents above the root, each by its own rule:
// just: 1, 16/15, 9/8, 6/5, 5/4, 4/3, 45/32, 3/2, 8/5, 5/3, 9/5, 15/8;
// pythagorean and meantone: fifths of 701.955 and of 696.578 (a quarter of 5/1) from three below the root to
// eight above; Werckmeister's third of 1691: C-G, G-D, D-A and B-F# narrower by a quarter of the Pythagorean
// comma of 23.460, the others pure (Barbour 1951, "Tuning and Temperament", table 137).
constexpr std::array kTemperaments{
    Temperament{"equal",
                "Equal",
                {0.0, 100.0, 200.0, 300.0, 400.0, 500.0, 600.0, 700.0, 800.0, 900.0, 1000.0, 1100.0}},
    Temperament{"just",
                "Just",
                {0.0, 111.731, 203.910, 315.641, 386.314, 498.045, 590.224, 701.955, 813.686, 884.359,
                 1017.596, 1088.269}},
    Temperament{"pythagorean",
                "Pythagorean",
                {0.0, 113.685, 203.910, 294.135, 407.820, 498.045, 611.730, 701.955, 815.640, 905.865,
                 996.090, 1109.775}},
    Temperament{"meantone",
                "Quarter-comma meantone",
                {0.0, 76.049, 193.157, 310.265, 386.314, 503.422, 579.471, 696.578, 772.627, 889.735,
                 1006.843, 1082.892}},
    Temperament{"werckmeister3",
                "Werckmeister III",
                {0.0, 90.225, 192.180, 294.135, 390.225, 498.045, 588.270, 696.090, 792.180, 888.270, 996.090,
                 1092.180}},
    // James Taylor's, as he tells them in his lesson on tuning (2011): low E to high E.
    Temperament{"guitar", "Guitar, sweetened", {-12.0, -10.0, -8.0, -4.0, -6.0, -3.0}, true},
};
constexpr std::array kOpenStrings{40, 45, 50, 55, 59, 64};

constexpr int kA = 9;

}  // namespace

std::span<const Temperament> temperaments() noexcept { return kTemperaments; }

double deviationCents(const Temperament& temperament, int root, int midi) noexcept {
  if (temperament.byString) {
    const auto found = std::ranges::find(kOpenStrings, midi);
    return found == kOpenStrings.end()
               ? 0.0
               : temperament.cents[static_cast<std::size_t>(found - kOpenStrings.begin())];
  }
  const auto deviation = [&](int note) {
    const int above = ((note - root) % 12 + 12) % 12;
    return temperament.cents[static_cast<std::size_t>(above)] - 100.0 * above;
  };
  return deviation(midi) - deviation(kA);
}

NoteReading noteOf(double hz, double referenceHz, const Temperament& temperament, int root) noexcept {
  const double cents = 1200.0 * std::log2(hz / referenceHz);
  const int middle = 69 + static_cast<int>(std::lround(cents / 100.0));
  NoteReading best{.midi = middle, .cents = 1e9};
  for (int midi = middle - 1; midi <= middle + 1; ++midi) {
    const double off = cents - 100.0 * (midi - 69) - deviationCents(temperament, root, midi);
    if (std::abs(off) < std::abs(best.cents)) best = {midi, off};
  }
  return best;
}

}  // namespace gainstage::dsp
