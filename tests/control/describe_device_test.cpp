#include "control/describe_device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "devices/virtual/virtual_config_json.h"
#include "formats/json_text.h"
#include "support/files.h"

namespace gainstage::control {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(DescribeDevice, WritesEveryInterfaceOfTheCatalogueAsAVirtualOne) {
  const testing::TemporaryFolder folder;
  const advise::Catalogue& catalogue = advise::Catalogue::builtIn();
  int described = 0;
  for (const advise::Product& product : catalogue.products(advise::Kind::interfaces)) {
    SCOPED_TRACE(product.name());
    const auto file = describeDevice(catalogue, {.interfaceName = product.name()});
    ASSERT_TRUE(file.ok()) << file.error().message;
    const auto config = devices::readVirtualConfig(
        testing::writeFile(folder / "device.json", formats::readableText(file->document)));
    ASSERT_TRUE(config.ok()) << config.error().message;
    EXPECT_EQ(config->inputStages.size(), 2u);
    ++described;
  }
  EXPECT_GT(described, 30);
}

TEST(DescribeDevice, TakesFiguresFromTheCatalogueAndTellsWhichItLacks) {
  const advise::Catalogue& catalogue = advise::Catalogue::builtIn();
  const auto file = describeDevice(
      catalogue,
      {.interfaceName = "Scarlett 2i2 3rd Gen", .microphone = "SM58", .headphones = "DT 990 Pro 250"});
  ASSERT_TRUE(file.ok()) << file.error().message;
  const testing::TemporaryFolder folder;
  const auto config = devices::readVirtualConfig(
      testing::writeFile(folder / "device.json", formats::readableText(file->document)));
  ASSERT_TRUE(config.ok()) << config.error().message;
  const advise::Product& unit = *catalogue.find(advise::Kind::interfaces, "Scarlett 2i2 3rd Gen").product;
  const auto& design = config->inputStages[1]->design;
  EXPECT_EQ(*design.input.einDbu, *unit.number("ein"));
  EXPECT_EQ(design.input.maxGainDb, *unit.number("preampGain"));
  EXPECT_EQ(design.input.impedanceOhm, *unit.number("micImpedance"));
  EXPECT_EQ(*design.converter.dynamicRangeDba, *unit.number("inputDynamicRange"));
  const auto& microphone = std::get<analog::MicrophonePlugged>(design.plugged).microphone;
  EXPECT_EQ(microphone.principle, analog::MicrophonePrinciple::dynamic);
  EXPECT_FALSE(microphone.needsPhantom);
  EXPECT_EQ(config->outputStages[0].design.headphone.impedance.nominalOhm, 250.0);
  EXPECT_THAT(file->notes, Contains(HasSubstr("largest level of")).Times(2)) << "which it has not";
  EXPECT_THAT(file->notes, Contains(HasSubstr("is assumed")));
}

TEST(DescribeDevice, TakesTheImpedanceCurveOfHeadphonesWhereItIsKnown) {
  const advise::Catalogue& catalogue = advise::Catalogue::builtIn();
  const auto file = describeDevice(catalogue, {.interfaceName = "MOTU M2", .headphones = "HD 660S"});
  ASSERT_TRUE(file.ok()) << file.error().message;
  const testing::TemporaryFolder folder;
  const auto config = devices::readVirtualConfig(
      testing::writeFile(folder / "device.json", formats::readableText(file->document)));
  ASSERT_TRUE(config.ok()) << config.error().message;
  const auto& impedance = config->outputStages[0].design.headphone.impedance;
  EXPECT_NEAR(impedance.magnitudeAt(100.0), 360.0, 1e-6);
  EXPECT_NEAR(impedance.magnitudeAt(1000.0), 170.0, 1e-6);
}

TEST(DescribeDevice, SaysWhichOfSeveralGenerationsItTakes) {
  const auto file = describeDevice(advise::Catalogue::builtIn(), {.interfaceName = "Scarlett 2i2"});
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_THAT(file->notes, Contains(HasSubstr("there is also the Focusrite Scarlett 2i2 3rd Gen")));
}

TEST(DescribeDevice, RefusesANameThatIsNotThereWithTheNearest) {
  const advise::Catalogue& catalogue = advise::Catalogue::builtIn();
  const auto file = describeDevice(catalogue, {.interfaceName = "Focusrite Scarlet 2i2 3rd Gen"});
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().kind, ErrorKind::usage);
  EXPECT_THAT(file.error().message, HasSubstr("Scarlett 2i2"));
  EXPECT_FALSE(describeDevice(catalogue, {.interfaceName = "Scarlett 2i2", .headphones = "xyzzy"}).ok());
}

}  // namespace
}  // namespace gainstage::control
