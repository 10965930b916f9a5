#pragma once

#include <cmath>

/// What sound does to hearing over time, by the two figures that are in use. Levels are A-weighted, dB SPL.
/// They were made for levels at the place of the head without a listener; a headphone's is that at the ear,
/// some dB more for the same risk, so that these doses err on the careful side. [any thread]
namespace gainstage::headphones {

/// NIOSH (publication 98-126, 1998, section 1.1): 85 dBA for 8 h a day, half the time for every 3 dB more.
/// Levels below 80 dBA do not count.
inline constexpr double kNioshCriterionDba = 85.0;
inline constexpr double kNioshHours = 8.0;
inline constexpr double kNioshExchangeDb = 3.0;
inline constexpr double kNioshThresholdDba = 80.0;

/// WHO and ITU-T H.870 (2018, 7.1, mode 1 for adults): 80 dBA for 40 h in seven days, by energy: 1.6 Pa^2 h.
inline constexpr double kWhoDba = 80.0;
inline constexpr double kWhoHours = 40.0;

/// Seconds a day until the whole of NIOSH's dose.
inline double nioshAllowedSeconds(double levelDba) noexcept {
  return 3600.0 * kNioshHours / std::exp2((levelDba - kNioshCriterionDba) / kNioshExchangeDb);
}
/// Share of a day's dose that so much of a steady level makes; 1 is all of it.
inline double nioshDose(double levelDba, double seconds) noexcept {
  return levelDba < kNioshThresholdDba ? 0.0 : seconds / nioshAllowedSeconds(levelDba);
}
/// Share of seven days' dose.
inline double whoDose(double levelDba, double seconds) noexcept {
  return seconds / (3600.0 * kWhoHours) * std::pow(10.0, (levelDba - kWhoDba) / 10.0);
}

/// What somebody has heard.
struct Dose {
  double seconds = 0.0;  ///< that the level was known
  double niosh = 0.0;    ///< share of a day's
  double who = 0.0;      ///< share of seven days'

  Dose& operator+=(const Dose& other) noexcept {
    seconds += other.seconds;
    niosh += other.niosh;
    who += other.who;
    return *this;
  }
  friend Dose operator-(const Dose& a, const Dose& b) noexcept {
    return {a.seconds - b.seconds, a.niosh - b.niosh, a.who - b.who};
  }
  bool operator==(const Dose&) const = default;
};

}  // namespace gainstage::headphones
