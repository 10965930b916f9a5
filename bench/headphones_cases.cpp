#include <cmath>

#include "bench/bench.h"
#include "headphones/ceiling.h"
#include "headphones/correction.h"

namespace gainstage::bench {
namespace {

std::unique_ptr<headphones::Ceiling> ceiling(float ceilingDbfs) {
  auto ceiling = std::make_unique<headphones::Ceiling>();
  ceiling->prepare({kSampleRate, 64});
  ceiling->setCeilingDbfs(ceilingDbfs);
  ceiling->reset();
  return ceiling;
}

/// Ten filters as AutoEq makes them: most of them need two sections where the rate is not 44.1 kHz.
constexpr const char* kTenFilters =
    "Preamp: -6.2 dB\nFilter 1: ON LSC Fc 105 Hz Gain 5.5 dB Q 0.70\nFilter 2: ON PK Fc 62 Hz Gain -3.1 dB Q "
    "0.55\n"
    "Filter 3: ON PK Fc 190 Hz Gain -2.4 dB Q 0.8\nFilter 4: ON PK Fc 780 Hz Gain 1.9 dB Q 1.4\n"
    "Filter 5: ON PK Fc 1850 Hz Gain -2.2 dB Q 2.1\nFilter 6: ON PK Fc 3120 Hz Gain 4.5 dB Q 2.6\n"
    "Filter 7: ON PK Fc 5480 Hz Gain -5.7 dB Q 4.2\nFilter 8: ON PK Fc 6890 Hz Gain 3.3 dB Q 5\n"
    "Filter 9: ON PK Fc 8350 Hz Gain -4.7 dB Q 2.2\nFilter 10: ON HSC Fc 10000 Hz Gain -5.5 dB Q 0.70\n";
/// A curve as AutoEq draws it, by 127 points.
formats::EqFile drawn() {
  formats::EqFile eq{.preampDb = -6.0};
  for (int i = 0; i < 127; ++i) eq.graphic.push_back({20.0 * std::exp2(i / 12.7), 5.0 * std::sin(0.3 * i)});
  return eq;
}

std::unique_ptr<headphones::Correction> correction(const formats::EqFile& eq) {
  const auto preset = headphones::makePreset(eq, "bench");
  auto correction = std::make_unique<headphones::Correction>();
  correction->prepare({kSampleRate, 64}, 2);
  correction->install(std::move(*headphones::CorrectionFilter::make(*preset, {kSampleRate, 64}, 2)));
  correction->reset();
  return correction;
}

}  // namespace

std::vector<Case> headphonesCases() {
  return {
      // The test signal peaks at -12 dBFS: nothing to do, then always something.
      inPlace("headphones/ceiling", 64, 2, [] { return ceiling(-1.0f); }),
      inPlace("headphones/ceiling-at-work", 64, 2, [] { return ceiling(-24.0f); }),
      inPlace("headphones/correction-10-filters", 64, 2,
              [] { return correction(*formats::parseEqFile(kTenFilters, "bench")); }),
      inPlace("headphones/correction-drawn-curve", 64, 2, [] { return correction(drawn()); }),
  };
}

}  // namespace gainstage::bench
