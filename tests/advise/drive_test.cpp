#include "advise/drive.h"

#include <array>
#include <cmath>
#include <gtest/gtest.h>

namespace gainstage::advise {
namespace {

constexpr std::string_view kHeader = "brand,model,figure,value,unit,at_ohm,at_hz,status,source\n";

Product productOf(Kind kind, std::string_view rows) {
  const auto products = parseCatalogue(kind, std::string(kHeader) + std::string(rows), "rows.csv");
  EXPECT_TRUE(products.ok()) << products.error().message;
  return products->front();
}

/// 50 mW into 32 ohm (1.265 V, 39.5 mA) and 10 mW into 300 ohm (1.732 V, 5.77 mA), 2 ohm, 110 dB.
Product interface() {
  return productOf(
      Kind::interfaces,
      "A,One,headphonePower,50,mW,32,,maker,a page\nA,One,headphonePower,10,mW,300,,maker,a page\n"
      "A,One,headphoneImpedance,2,ohm,,,measured,a page\nA,One,headphoneDynamicRange,110,dB(A),,,maker,a "
      "page\n");
}

Product headphone(double ohm, double dbPerV) {
  return productOf(Kind::headphones, "A,Two,impedance," + std::to_string(ohm) +
                                         ",ohm,,,maker,a page\nA,Two,sensitivity," + std::to_string(dbPerV) +
                                         ",dB/V,,,maker,a page\n");
}

TEST(OutputModel, GivesIntoAStatedLoadWhatIsStated) {
  const Product unit = interface();
  const OutputModel output = modelOfOutput(unit, Catalogue::builtIn());
  for (const auto& [ohm, volts] : {std::pair{32.0, 1.2649}, {300.0, 1.7321}}) {
    const Estimate across = output.voltsInto(ohm);
    EXPECT_NEAR(across.low, volts, 1e-3) << ohm;
    EXPECT_NEAR(across.high, volts, 1e-3) << ohm;
    EXPECT_TRUE(across.reason.empty()) << across.reason;
  }
}

TEST(OutputModel, StaysBetweenWhatTwoStatedLoadsAllow) {
  const Product unit = interface();
  const OutputModel output = modelOfOutput(unit, Catalogue::builtIn());
  const Estimate between = output.voltsInto(100.0);  // 5.77 mA to 39.5 mA, 1.265 V to 1.732 V
  EXPECT_NEAR(between.low, 1.2649, 1e-3);
  EXPECT_NEAR(between.high, 1.7321, 1e-3);
  EXPECT_FALSE(between.reason.empty());
  const Estimate below = output.voltsInto(16.0);  // 39.5 mA at least, 1.265 V at most
  EXPECT_NEAR(below.low, 0.0395 * 16.0, 1e-3);
  EXPECT_LE(below.high, 1.2649 + 1e-3);
}

/// Real amplifiers of any voltage and current limit and output impedance, rated at two loads: at every other
/// load what they give lies in the range.
TEST(OutputModel, HoldsWhatAnyLimitedAmplifierGives) {
  for (const double open : {1.0, 2.5, 6.0})
    for (const double milliampere : {15.0, 40.0, 80.0})
      for (const double ro : {0.1, 10.0, 60.0}) {
        const auto volts = [&](double ohm) {
          return std::min(open * ohm / (ohm + ro), 1e-3 * milliampere * ohm);
        };
        std::string rows;
        for (const double ohm : {32.0, 250.0})
          rows += "A,B,headphonePower," + std::to_string(1e3 * volts(ohm) * volts(ohm) / ohm) + ",mW," +
                  std::to_string(ohm) + ",,maker,a page\n";
        const Product unit = productOf(Kind::interfaces, rows);
        const OutputModel output = modelOfOutput(unit, Catalogue::builtIn());
        for (const double ohm : {16.0, 24.0, 32.0, 47.0, 80.0, 120.0, 250.0, 300.0, 600.0}) {
          const Estimate across = output.voltsInto(ohm);
          EXPECT_GE(volts(ohm), across.low * 0.999)
              << open << " V, " << milliampere << " mA, " << ro << ", " << ohm << " ohm";
          EXPECT_LE(volts(ohm), across.high * 1.001)
              << open << " V, " << milliampere << " mA, " << ro << ", " << ohm << " ohm";
        }
      }
}

TEST(Drive, AddsUpAsByHand) {
  const Product phones = headphone(32.0, 110.0), unit = interface();
  const Drive drive =
      driveOf(modelOfOutput(unit, Catalogue::builtIn()), modelOf(phones, Catalogue::builtIn()));
  EXPECT_NEAR(drive.peakSpl.low, 110.0 + 20.0 * std::log10(1.2649) + 3.0103, 0.01);
  EXPECT_NEAR(drive.peakSpl.high, drive.peakSpl.low, 0.01);
  EXPECT_NEAR(drive.milliwatts.low, 50.0, 0.01);
  EXPECT_NEAR(drive.damping.low, 16.0, 1e-6);
  // 1.732 V / 10^(110 / 20) is 5.48 uV of noise, of which 32 of 34 ohm reach the headphones.
  EXPECT_NEAR(drive.hiss.low, 110.0 + 20.0 * std::log10(5.477e-6 * 32.0 / 34.0), 0.05);
  // An impedance of four times 32 ohm would gain 20 log10((128 / 130) / (32 / 34)).
  EXPECT_NEAR(drive.response.high, 0.392, 0.005);
  EXPECT_EQ(drive.response.low, 0.0);
}

TEST(Drive, SpansMakersAndMeasuredSensitivity) {
  const Product phones =
      productOf(Kind::headphones,
                "A,B,impedance,50,ohm,,,maker,a page\nA,B,sensitivity,100,dB/mW,,,maker,a page\n"
                "A,B,sensitivity,108,dB/V,,,measured,a page\n");
  const HeadphoneModel model = modelOf(phones, Catalogue::builtIn());
  EXPECT_NEAR(model.sensitivity.low, 108.0, 1e-9);
  EXPECT_NEAR(model.sensitivity.high, 100.0 + 13.0103, 1e-3);  // 1 V into 50 ohm is 20 mW
  EXPECT_NE(model.sensitivity.reason.find("maker"), std::string::npos);
}

TEST(Drive, StaysFiniteWhereFiguresAreBounds) {
  const Product phones =
      productOf(Kind::headphones,
                "A,B,impedance,<64,ohm,,,maker,a page\nA,B,sensitivity,>100,dB/mW,,,maker,a page\n"
                "A,B,impedance,80..90,ohm,,100,measured,a page\n");
  const Product unit =
      productOf(Kind::amplifiers,
                "A,C,power,>20,mW,32,,maker,a page\nA,C,outputImpedance,<2,ohm,,,maker,a page\n"
                "A,C,snr,>100,dB,,,maker,a page\n");
  const Drive drive =
      driveOf(modelOfOutput(unit, Catalogue::builtIn()), modelOf(phones, Catalogue::builtIn()));
  for (const Estimate* each :
       {&drive.peakSpl, &drive.volts, &drive.milliwatts, &drive.neededVolts, &drive.response, &drive.hiss}) {
    EXPECT_TRUE(std::isfinite(each->low) && std::isfinite(each->high)) << each->unit;
    EXPECT_LE(each->low, each->high);
  }
}

TEST(Drive, MakesARangeAndASentenceOfWhatNobodyStates) {
  const Product bare = productOf(Kind::interfaces, "A,B,micInputs,2,,,,maker,a page\n");
  const Product phones = headphone(64.0, 105.0);
  const Drive drive =
      driveOf(modelOfOutput(bare, Catalogue::builtIn()), modelOf(phones, Catalogue::builtIn()));
  EXPECT_GT(drive.peakSpl.high - drive.peakSpl.low, 10.0);
  EXPECT_NE(drive.peakSpl.reason.find("nobody states its power"), std::string::npos);
  EXPECT_NE(drive.hiss.reason.find("nobody states its noise"), std::string::npos);
  EXPECT_NE(drive.response.reason.find("nobody states its output impedance"), std::string::npos);
}

}  // namespace
}  // namespace gainstage::advise
