#include "analog/cabinet/cabinet.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "analog/cabinet/enclosure.h"
#include "analog/cabinet/loudspeaker.h"
#include "analog/cabinet/microphone.h"
#include "dsp/spectrum.h"
#include "support/audio.h"

namespace gainstage::analog {
namespace {

using testing::decibels;

double gainDbAt(const std::vector<float>& response, double hz, double rate) {
  std::complex<double> sum = 0.0;
  const std::complex<double> turn = std::polar(1.0, -2.0 * std::numbers::pi * hz / rate);
  std::complex<double> phase = 1.0;
  for (const float tap : response) {
    sum += static_cast<double>(tap) * phase;
    phase *= turn;
  }
  return decibels(std::abs(sum));
}

constexpr std::array kCabinets{CabinetKind::open1x12, CabinetKind::open2x12, CabinetKind::closed4x12,
                               CabinetKind::bass8x10};
constexpr std::array kMicrophones{MicrophoneKind::dynamic, MicrophoneKind::ribbon, MicrophoneKind::condenser};

TEST(Loudspeaker, InAClosedBoxIsSmallsHighPass) {
  const Loudspeaker speaker{0.13, 75.0, 0.5, 60.0, {}, 1e6, 0.7};
  // Vas over the box is 3: the resonance and Q are twice those in free air, and the response there is Q.
  EXPECT_NEAR(decibels(coneMagnitude(speaker, 20.0, {150.0})), decibels(1.0), 0.001);
  EXPECT_NEAR(decibels(coneMagnitude(speaker, 0.0, {75.0})), decibels(0.5), 0.001);
  EXPECT_NEAR(decibels(coneMagnitude(speaker, 20.0, {15.0})), -40.0, 0.1);  // 12 dB an octave
  EXPECT_NEAR(decibels(coneMagnitude(speaker, 20.0, {3000.0})), 0.0, 0.05);
}

TEST(Cabinet, IsTheSameCurveAtEveryRate) {
  for (const CabinetKind cabinet : kCabinets) {
    const CabinetSetup setup{cabinet, MicrophoneKind::dynamic, 12.0, 20.0};
    const auto at48 = cabinetResponse(setup, 48000.0);
    for (const double rate : {44100.0, 96000.0, 192000.0}) {
      const auto other = cabinetResponse(setup, rate);
      EXPECT_NEAR(static_cast<double>(other.size()) / rate, 0.06, 1e-4);
      for (double hz = 60.0; hz < 10000.0; hz *= 1.19)
        EXPECT_NEAR(gainDbAt(other, hz, rate), gainDbAt(at48, hz, 48000.0), 0.3)
            << static_cast<int>(cabinet) << ", " << rate << ": " << hz << " Hz";
    }
  }
}

TEST(Cabinet, BeginsAtOnce) {
  // Its sound arrives within 0.25 ms of the first frame, and nothing of it stands at the end.
  for (const CabinetKind cabinet : kCabinets)
    for (const MicrophoneKind microphone : kMicrophones)
      for (const double distance : {2.0, 20.0, 200.0}) {
        const auto response = cabinetResponse({cabinet, microphone, distance, 0.0}, 48000.0);
        EXPECT_LT(dsp::excessDelayFrames(response), 12);
        EXPECT_LT(testing::peak(std::span(response).last(240)), 0.01 * testing::peak(response));
      }
}

TEST(Cabinet, GrowsSofterWithDistanceAsItsConeAndThenAsAPoint) {
  // Near: the piston's near field; from a metre on -6 dB for twice the distance, within what edges and floor
  // add.
  const auto levelDb = [](double distance) {
    return gainDbAt(
        cabinetResponse({CabinetKind::open1x12, MicrophoneKind::condenser, distance, 0.0}, 48000.0), 900.0,
        48000.0);
  };
  EXPECT_NEAR(levelDb(100.0) - levelDb(200.0), 6.0, 3.0);
  const double near = levelDb(2.0) - levelDb(4.0);
  EXPECT_GT(near, 0.5);
  EXPECT_LT(near, 2.5);
}

TEST(Cabinet, LosesHighsOffItsAxis) {
  const auto tilt = [](double degrees) {
    const auto response =
        cabinetResponse({CabinetKind::closed4x12, MicrophoneKind::condenser, 15.0, degrees}, 48000.0);
    double high = 0.0, low = 0.0;
    for (double hz = 2500.0; hz < 5000.0; hz *= 1.05) high += gainDbAt(response, hz, 48000.0) / 15.0;
    for (double hz = 150.0; hz < 300.0; hz *= 1.05) low += gainDbAt(response, hz, 48000.0) / 15.0;
    return high - low;
  };
  EXPECT_LT(tilt(30.0), tilt(0.0) - 0.5);
  EXPECT_LT(tilt(60.0), tilt(30.0) - 1.0);
}

TEST(Cabinet, OpenAtTheBackCancelsItsLowsFarAway) {
  const auto lowsDb = [](CabinetKind cabinet, double distance) {
    const auto response = cabinetResponse({cabinet, MicrophoneKind::condenser, distance, 0.0}, 48000.0);
    return gainDbAt(response, 90.0, 48000.0) - gainDbAt(response, 300.0, 48000.0);
  };
  EXPECT_LT(lowsDb(CabinetKind::open1x12, 150.0), lowsDb(CabinetKind::open1x12, 5.0) - 3.0);
  // What front and back leave at 1 m and beyond falls by 6 dB an octave: the path round is the dipole's
  // length.
  const Enclosure open = enclosureOf(CabinetKind::open1x12);
  const auto remains = [&](double hz) {
    const Point far{0.0, 0.0, 30.0};
    const double k = 2.0 * std::numbers::pi * hz / kSpeedOfSound;
    std::complex<double> sum = std::polar(1.0 / 30.0, -k * 30.0);
    for (const SoundPath& path : soundPaths(open, far))
      if (path.from[1] > -2.0 * open.height + 1e-6)
        sum += path.share * std::polar(1.0 / path.metres, -k * path.metres);
    return decibels(std::abs(sum));
  };
  EXPECT_NEAR(remains(80.0) - remains(40.0), 6.0, 1.0);
}

TEST(Cabinet, WithARibbonHasMoreProximityThanWithADynamic) {
  const auto bassDb = [](MicrophoneKind microphone) {
    const auto response = cabinetResponse({CabinetKind::closed4x12, microphone, 3.0, 0.0}, 48000.0);
    return gainDbAt(response, 120.0, 48000.0) - gainDbAt(response, 700.0, 48000.0);
  };
  // At the rim's 13 cm and 120 Hz, 1 / kr is 3.4: 11 dB for a figure of eight, 6 for a cardioid.
  EXPECT_NEAR(bassDb(MicrophoneKind::ribbon) - bassDb(MicrophoneKind::condenser), 5.0, 1.5);
  EXPECT_GT(bassDb(MicrophoneKind::condenser), bassDb(MicrophoneKind::dynamic) + 1.0);
}

TEST(MovedMicrophone, ChangesLevelAndProximityAsTheFieldOfAConeDoes) {
  constexpr double a = 0.13;
  const auto response = movedMicrophoneResponse(MicrophoneKind::ribbon, 3.0, 60.0, 48000.0);
  const auto expectedDb = [](double hz) {
    const auto fieldAt = [hz](double z) {
      const double k = 2.0 * std::numbers::pi * hz / kSpeedOfSound, rim = std::hypot(z, a);
      // On a piston's axis the pressure is e^(-jkz) - e^(-jk rim), its derivative along it gives the
      // velocity.
      return std::polar(1.0, -k * z) - z / rim * std::polar(1.0, -k * rim);
    };
    return decibels(std::abs(fieldAt(0.6)) / std::abs(fieldAt(0.03)));
  };
  for (const double hz : {80.0, 150.0, 300.0, 600.0})
    EXPECT_NEAR(gainDbAt(response, hz, 48000.0), expectedDb(hz), 0.5);
  const auto same = movedMicrophoneResponse(MicrophoneKind::dynamic, 3.0, 3.0, 48000.0);
  EXPECT_NEAR(same[0], 1.0f, 1e-3f);
}

}  // namespace
}  // namespace gainstage::analog
