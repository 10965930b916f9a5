#include "advise/catalogue.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "advise/declarations.h"
#include "support/files.h"

namespace gainstage::advise {
namespace {

constexpr std::array kKindsInOrder{Kind::headphones, Kind::interfaces, Kind::amplifiers, Kind::microphones,
                                   Kind::pickups};
constexpr std::string_view kHeader = "brand,model,figure,value,unit,at_ohm,at_hz,region,year,status,source\n";

std::string errorOf(Kind kind, std::string_view rows, std::string_view header = kHeader) {
  const auto products = parseCatalogue(kind, std::string(header) + std::string(rows), "mine.csv");
  EXPECT_FALSE(products.ok());
  return products ? "" : products.error().message;
}

TEST(Catalogue, HoldsAtLeastWhatItPromises) {
  const std::map<Kind, std::size_t> least{{Kind::headphones, 100},
                                          {Kind::interfaces, 30},
                                          {Kind::amplifiers, 30},
                                          {Kind::microphones, 35},
                                          {Kind::pickups, 15}};
  for (const auto& [kind, count] : least)
    EXPECT_GE(Catalogue::builtIn().products(kind).size(), count) << nameOf(kind);
}

TEST(Catalogue, SaysOfEveryFigureWhereItWasReadAndHowSureItIs) {
  for (const Kind kind : kKindsInOrder)
    for (const Product& product : Catalogue::builtIn().products(kind)) {
      EXPECT_FALSE(product.figures.empty()) << product.name();
      for (const Figure& figure : product.figures) {
        SCOPED_TRACE(
            fmt::format("{}: {} {}, line {}", product.name(), figure.id, figure.written, figure.line));
        EXPECT_GE(figure.source.size(), 8u);
        EXPECT_NE(figure.source.find_first_of(".,/ "), std::string::npos) << figure.source;
        if (figure.id != "price") continue;
        EXPECT_FALSE(figure.region.empty());
        EXPECT_TRUE(figure.unit == "USD" || figure.unit == "EUR" || figure.unit == "GBP") << figure.unit;
      }
    }
}

TEST(Catalogue, HasNoProductTwice) {
  for (const Kind kind : kKindsInOrder) {
    std::set<std::string> names;
    for (const Product& product : Catalogue::builtIn().products(kind)) {
      std::string name;
      for (const char c : product.name())
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '+')
          name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      EXPECT_TRUE(names.insert(name).second) << product.name();
    }
  }
}

/// Sensitivity in dB/V of every headphone figure: stated per mW and per V, by makers and by measurement, they
/// must tell of the same thing. A slip of a unit is 10 dB and more (15 dB at 32 ohm, 5 at 300).
TEST(Catalogue, DoesNotContradictItselfAboutSensitivity) {
  int compared = 0;
  for (const Product& product : Catalogue::builtIn().products(Kind::headphones)) {
    const auto* impedance = product.find("impedance");
    std::vector<double> perVolt;
    for (const Figure* figure : product.all("sensitivity"))
      if (figure->unit == "dB/V")
        perVolt.push_back(figure->low);
      else if (impedance)
        perVolt.push_back(figure->low + 10.0 * std::log10(1000.0 / impedance->low));
    if (perVolt.size() < 2) continue;
    const auto [least, most] = std::ranges::minmax(perVolt);
    EXPECT_LE(most - least, 10.0) << product.name();
    ++compared;
  }
  EXPECT_GE(compared, 25);
}

TEST(Catalogue, GivesEachPowerWithTheLoadItIsMeantFor) {
  int powers = 0;
  for (const Product& product : Catalogue::builtIn().products(Kind::amplifiers))
    for (const Figure& figure : product.figures)
      if (figure.id == "power" || figure.id == "powerBalanced") {
        EXPECT_TRUE(figure.atOhm) << product.name();
        ++powers;
      }
  EXPECT_GE(powers, 60);
}

TEST(Catalogue, FindsAProductAsPeopleWriteIt) {
  const Catalogue& catalogue = Catalogue::builtIn();
  for (const char* name : {"HD 600", "hd600", "Sennheiser HD-600", "sennheiser hd 600"}) {
    const Match match = catalogue.find(Kind::headphones, name);
    ASSERT_TRUE(match.product) << name;
    EXPECT_EQ(match.product->name(), "Sennheiser HD 600");
    EXPECT_TRUE(match.alternatives.empty());
  }
  const Match generations = catalogue.find(Kind::interfaces, "Scarlett 2i2");
  ASSERT_TRUE(generations.product);
  EXPECT_EQ(generations.product->model, "Scarlett 2i2 4th Gen");
  ASSERT_EQ(generations.alternatives.size(), 1u);
  EXPECT_EQ(generations.alternatives[0]->model, "Scarlett 2i2 3rd Gen");
}

TEST(Catalogue, OffersTheNearestOfANameItDoesNotKnow) {
  const Match typo = Catalogue::builtIn().find(Kind::headphones, "HD 6000");
  EXPECT_FALSE(typo.product);
  ASSERT_FALSE(typo.nearest.empty());
  EXPECT_NE(std::ranges::find(typo.nearest, "Sennheiser HD 600"), typo.nearest.end());
  const Match many = Catalogue::builtIn().find(Kind::headphones, "DT 770");
  EXPECT_FALSE(many.product);
  EXPECT_GE(many.nearest.size(), 2u);
  EXPECT_TRUE(Catalogue::builtIn().find(Kind::headphones, "zzzzqqqq").nearest.empty());
}

TEST(Catalogue, OffersTheNearestOfSeveralKindsAndWithoutAGeneration) {
  const Catalogue& catalogue = Catalogue::builtIn();
  constexpr std::array kOutputs{Kind::interfaces, Kind::amplifiers};
  const auto typo = catalogue.nearest(kOutputs, "Scarlet 4i4");
  ASSERT_FALSE(typo.empty());
  EXPECT_TRUE(typo[0].starts_with("Focusrite Scarlett 4i4")) << typo[0];
  const auto swapped = catalogue.nearest(kKindsInOrder, "Shure SM85");
  ASSERT_FALSE(swapped.empty());
  EXPECT_EQ(swapped[0], "Shure SM58") << "though headphones come first in the catalogue";
  EXPECT_TRUE(catalogue.nearest(kKindsInOrder, "zzzzqqqq").empty());
}

TEST(Catalogue, KeepsFiguresInOneUnitHoweverTheyAreWritten) {
  const auto products = parseCatalogue(Kind::microphones,
                                       std::string(kHeader) +
                                           "A,B,sensitivity,-40,dBV/Pa,,,,,maker,a page\n"
                                           "A,B,outputImpedance,<0.2,kohm,,,,,measured,a page\n"
                                           "A,B,selfNoise,4..7,dB(A),,,,,unverified,a page\n",
                                       "mine.csv");
  ASSERT_TRUE(products.ok()) << products.error().message;
  const auto& figures = products->at(0).figures;
  EXPECT_NEAR(figures[0].low, 10.0, 1e-9);
  EXPECT_EQ(figures[0].unit, "mV/Pa");
  EXPECT_TRUE(std::isinf(figures[1].low));
  EXPECT_EQ(figures[1].high, 200.0);
  EXPECT_EQ(figures[2].low, 4.0);
  EXPECT_EQ(figures[2].high, 7.0);
  EXPECT_EQ(figures[2].line, 4);
}

TEST(CatalogueErrors, NameTheLineAndWhatWasExpected) {
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,impedance,32,omh,,,,,maker,a page\n"),
            "mine.csv, line 2: \"omh\" is no unit of impedance: did you mean \"ohm\"?");
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,impedance,-32,ohm,,,,,maker,a page\n"),
            "mine.csv, line 2: -32 ohm is no plausible impedance (1 to 2500 ohm): look at its unit");
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,sensitivity,100,dB,,,,,maker,a page\n"),
            "mine.csv, line 2: \"dB\" is no unit of sensitivity: choose one of dB/mW, dB/V");
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,impedence,32,ohm,,,,,maker,a page\n"),
            "mine.csv, line 2: unknown figure \"impedence\" of headphones: did you mean \"impedance\"?");
  EXPECT_EQ(
      errorOf(Kind::headphones, "A,B,impedance,\"32,5\",ohm,,,,,maker,a page\n"),
      "mine.csv, line 2: \"32,5\" is no number: write 12, <0.2, >102 or 3..5, with a point and not a comma");
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,impedance,nan,ohm,,,,,maker,a page\n")
                .find("mine.csv, line 2: \"nan\" is no"),
            0u);
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,back,opne,,,,,,maker,a page\n"),
            "mine.csv, line 2: \"opne\" is no back: did you mean \"open\"?");
  EXPECT_EQ(errorOf(Kind::interfaces, "A,B,phantom,48,,,,,,maker,a page\n"),
            "mine.csv, line 2: \"48\" of phantom is neither yes nor no");
}

TEST(CatalogueErrors, InsistOnSourceStatusAndOnWhenAndWhereAPriceWas) {
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,impedance,32,ohm,,,,,maker,\n"),
            "mine.csv, line 2: the source is missing: say where the figure was read");
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,impedance,32,ohm,,,,,sure,a page\n"),
            "mine.csv, line 2: \"sure\" is no status: choose maker, measured or unverified");
  EXPECT_EQ(
      errorOf(Kind::headphones, "A,B,price,32,USD,,,,,unverified,a page\n"),
      "mine.csv, line 2: a price needs a region and a year: write \"unknown\" where they are not known");
  EXPECT_EQ(errorOf(Kind::headphones, "A,B,price,32,USD,,,EU,soon,unverified,a page\n"),
            "mine.csv, line 2: \"soon\" is no year, and not \"unknown\"");
  EXPECT_EQ(errorOf(Kind::headphones,
                    "A,B,impedance,32,ohm,,,,,maker,a page\nA,B,impedance,32,ohm,,,,,maker,a page\n"),
            "mine.csv, line 3: impedance of A B is there twice from the same source");
}

TEST(CatalogueErrors, NameColumnsThatAreUnknownOrMissing) {
  EXPECT_EQ(errorOf(Kind::headphones, "", "brand,model,figure,vale,status,source\n"),
            "mine.csv, line 1: unknown column \"vale\": did you mean \"value\"?");
  EXPECT_EQ(errorOf(Kind::headphones, "", "brand,model,figure,value,source\n"),
            "mine.csv, line 1: the column \"status\" is missing");
  EXPECT_EQ(errorOf(Kind::headphones, "", "brand;model;figure\n"),
            "mine.csv, line 1: unknown column \"brand;model;figure\": fields are separated by commas");
  EXPECT_NE(errorOf(Kind::headphones, "", "# nothing\n").find("mine.csv is empty"), std::string::npos);
}

TEST(OwnCatalogue, AddsAndReplacesProducts) {
  testing::TemporaryFolder folder;
  testing::writeFile(folder / "headphones.csv", std::string("brand,model,figure,value,unit,status,source\n") +
                                                    "Sennheiser,HD 600,impedance,310,ohm,measured,my meter\n"
                                                    "Own,One,impedance,64,ohm,maker,its box\n");
  const auto catalogue = Catalogue::withOwn(folder.path());
  ASSERT_TRUE(catalogue.ok()) << catalogue.error().message;
  EXPECT_EQ(catalogue->products(Kind::headphones).size(),
            Catalogue::builtIn().products(Kind::headphones).size() + 1);
  const Match match = catalogue->find(Kind::headphones, "HD 600");
  ASSERT_TRUE(match.product);
  EXPECT_TRUE(match.product->isOwn);
  EXPECT_EQ(match.product->number("impedance"), 310.0);
  EXPECT_TRUE(catalogue->find(Kind::headphones, "own one").product);
}

TEST(OwnCatalogue, IsRefusedWithItsPathAndLine) {
  testing::TemporaryFolder folder;
  testing::writeFile(folder / "pickups.csv", std::string(kHeader) + "A,B,inductance,-2,H,,,,,maker,a page\n");
  const auto catalogue = Catalogue::withOwn(folder.path());
  ASSERT_FALSE(catalogue.ok());
  EXPECT_EQ(catalogue.error().kind, ErrorKind::file);
  EXPECT_NE(catalogue.error().message.find("pickups.csv, line 2: -2 H is no plausible inductance"),
            std::string::npos)
      << catalogue.error().message;
  EXPECT_TRUE(Catalogue::withOwn(folder / "absent").ok());
}

}  // namespace
}  // namespace gainstage::advise
