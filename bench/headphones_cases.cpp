#include <cmath>

#include "bench/bench.h"
#include "headphones/ceiling.h"
#include "headphones/compared_correction.h"
#include "headphones/correction.h"
#include "headphones/crossfeed.h"
#include "headphones/exposure.h"
#include "headphones/level_limiter.h"

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

/// With the plain signal beside it, matched in loudness: what an output runs.
std::unique_ptr<headphones::ComparedCorrection> compared() {
  const auto preset = headphones::makePreset(*formats::parseEqFile(kTenFilters, "bench"), "bench");
  auto compared = std::make_unique<headphones::ComparedCorrection>();
  compared->prepare({kSampleRate, 64}, 2);
  headphones::PreparedCorrection prepared{
      std::move(*headphones::CorrectionFilter::make(*preset, {kSampleRate, 64}, 2)),
      headphones::correctionLevels(*preset)};
  compared->install(prepared);
  compared->reset();
  return compared;
}

std::unique_ptr<headphones::Crossfeed> crossfeed() {
  auto crossfeed = std::make_unique<headphones::Crossfeed>();
  crossfeed->prepare({kSampleRate, 64});
  crossfeed->setOn(true);
  crossfeed->reset();
  return crossfeed;
}

/// The limit of the level, at work, and the count of dose behind it.
struct Hearing {
  headphones::LevelLimiter limiter;
  headphones::Exposure exposure;
  void reset() noexcept { limiter.reset(); }
  void process(AudioView io) noexcept {
    limiter.process(io);
    exposure.process(io);
  }
};
std::unique_ptr<Hearing> hearing() {
  auto hearing = std::make_unique<Hearing>();
  hearing->limiter.prepare({kSampleRate, 64});
  hearing->exposure.prepare({kSampleRate, 64});
  hearing->limiter.setFullScale(120.0);
  hearing->limiter.setLimitDba(70.0f);
  hearing->exposure.setFullScale(120.0);
  return hearing;
}

}  // namespace

std::vector<Case> headphonesCases() {
  return {
      // The test signal peaks at -12 dBFS: nothing to do, then always something.
      inPlace("headphones/ceiling", 64, 2, [] { return ceiling(-1.0f); }),
      inPlace("headphones/ceiling-at-work", 64, 2, [] { return ceiling(-24.0f); }),
      inPlace("headphones/correction-10-filters", 64, 2,
              [] { return correction(*formats::parseEqFile(kTenFilters, "bench")); }),
      inPlace("headphones/correction-compared", 64, 2, [] { return compared(); }),
      inPlace("headphones/crossfeed", 64, 2, [] { return crossfeed(); }),
      inPlace("headphones/level-limit-and-dose", 64, 2, [] { return hearing(); }),
      inPlace("headphones/correction-drawn-curve", 64, 2, [] { return correction(drawn()); }),
  };
}

}  // namespace gainstage::bench
