#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <map>

#include "analog/cabinet/cabinet.h"
#include "dsp/spectrum.h"
#include "support/audio.h"
#include "support/recordings.h"

/// The built-in cabinets against responses of real ones.
namespace gainstage::analog {
namespace {

constexpr double kLowestHz = 80.0, kThirds = 20.0;  // to 6.3 kHz

/// Power in thirds of an octave, in dB over their mean.
std::vector<double> shapeOf(std::span<const float> response, double rate) {
  constexpr int kSize = 65536;
  const dsp::Spectrum spectrum = dsp::spectrumOf(response, kSize);
  std::vector<double> shape;
  double mean = 0.0;
  for (int third = 0; third < kThirds; ++third) {
    const double low = kLowestHz * std::exp2((third - 0.5) / 3.0), high = low * std::exp2(1.0 / 3.0);
    double power = 0.0;
    int count = 0;
    for (auto bin = static_cast<std::size_t>(std::ceil(low * kSize / rate));
         static_cast<double>(bin) * rate / kSize < high; ++bin, ++count)
      power += std::norm(spectrum[bin]);
    shape.push_back(10.0 * std::log10(power / count));
    mean += shape.back() / kThirds;
  }
  for (double& level : shape) level -= mean;
  return shape;
}

/// What lies between the lowest and highest of the measured guitar cabinets' shapes; empty without them. The
/// folder also holds a radio and two small loudspeakers.
std::pair<std::vector<double>, std::vector<double>> spread() {
  std::vector<double> lowest(static_cast<std::size_t>(kThirds), 1e9), highest(lowest.size(), -1e9);
  const auto recordings = testing::recordings();
  if (recordings.empty()) return {};
  const auto folder = recordings[0].parent_path().parent_path() / "ir";
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.find(" UK ") == std::string::npos && name.find(" US ") == std::string::npos) continue;
    const auto file = testing::readRecording(entry.path());
    const auto shape = shapeOf(file.audio[0], file.sampleRate);
    for (std::size_t i = 0; i < shape.size(); ++i) {
      lowest[i] = std::min(lowest[i], shape[i]);
      highest[i] = std::max(highest[i], shape[i]);
    }
    ++count;
  }
  EXPECT_GE(count, 14);
  return {lowest, highest};
}

TEST(CabinetShape, OfBuiltInGuitarCabinetsLiesWithin6DecibelsOfTheSpreadOfRealOnes) {
  const auto [lowest, highest] = spread();
  if (lowest.empty()) GTEST_SKIP() << "no ../shared/data";
  const std::map<CabinetKind, const char*> guitars{
      {CabinetKind::open1x12, "1x12"}, {CabinetKind::open2x12, "2x12"}, {CabinetKind::closed4x12, "4x12"}};
  double sum = 0.0;
  int count = 0;
  for (const auto& [cabinet, name] : guitars)
    for (const MicrophoneKind microphone :
         {MicrophoneKind::dynamic, MicrophoneKind::ribbon, MicrophoneKind::condenser})
      for (const double distance : {3.0, 6.0, 10.0})
        for (const double angle : {0.0, 30.0}) {
          const auto shape =
              shapeOf(cabinetResponse({cabinet, microphone, distance, angle}, 48000.0), 48000.0);
          for (std::size_t i = 0; i < shape.size(); ++i) {
            const double outside = std::max({0.0, lowest[i] - shape[i], shape[i] - highest[i]});
            EXPECT_LT(outside, 6.0) << name << ", microphone " << static_cast<int>(microphone) << " at "
                                    << distance << " cm, " << angle
                                    << " degrees: " << kLowestHz * std::exp2(static_cast<double>(i) / 3.0)
                                    << " Hz";
            sum += outside;
            ++count;
          }
        }
  EXPECT_LT(sum / count, 1.0);  // dB on average
}

}  // namespace
}  // namespace gainstage::analog
