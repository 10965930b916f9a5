#include "dsp/pitch/temperament.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace gainstage::dsp {
namespace {

const Temperament& named(std::string_view id) {
  return *std::ranges::find(temperaments(), id, &Temperament::id);
}
double cents(double ratio) { return 1200.0 * std::log2(ratio); }

TEST(Temperament, NamesEveryKeyOfAPianoAtEveryReference) {
  for (const double reference : {380.0, 415.0, 440.0, 480.0})
    for (int midi = 12; midi < 108; ++midi)
      for (const double off : {-49.0, 0.0, 49.0}) {
        const NoteReading note =
            noteOf(reference * std::exp2((midi - 69) / 12.0 + off / 1200.0), reference, named("equal"), 0);
        EXPECT_EQ(note.midi, midi);
        EXPECT_NEAR(note.cents, off, 1e-6);
      }
}

TEST(Temperament, LeavesAAtTheReferenceWhateverTheRoot) {
  for (const Temperament& temperament : temperaments())
    for (int root = 0; root < 12; ++root)
      if (!temperament.byString) {
        EXPECT_NEAR(deviationCents(temperament, root, 69), 0.0, 1e-9) << temperament.id;
      }
}

/// The interval from one note up to another.
double interval(std::string_view id, int root, int from, int to) {
  return 100.0 * (to - from) + deviationCents(named(id), root, to) - deviationCents(named(id), root, from);
}

TEST(Temperament, HasTheIntervalsThatItsRuleSays) {
  for (int root = 0; root < 12; ++root) {
    const int low = 60 + root;
    EXPECT_NEAR(interval("just", root, low, low + 4), cents(5.0 / 4.0), 0.001);
    EXPECT_NEAR(interval("just", root, low, low + 7), cents(3.0 / 2.0), 0.001);
    EXPECT_NEAR(interval("just", root, low + 7, low + 11), cents(5.0 / 4.0), 0.001);
    EXPECT_NEAR(interval("just", root, low + 5, low + 9), cents(5.0 / 4.0), 0.001);
  }
  // Twelve fifths in C, from E flat up: eleven are alike, and the wolf has what is left.
  for (const auto& [id, fifth] : {std::pair{"pythagorean", cents(1.5)}, {"meantone", cents(5.0) / 4.0}}) {
    for (int n = 0; n < 11; ++n) EXPECT_NEAR(interval(id, 0, 3 + 7 * n, 10 + 7 * n), fifth, 0.002) << id;
    EXPECT_NEAR(interval(id, 0, 3 + 77, 10 + 77), 8400.0 - 11.0 * fifth, 0.02) << id;
  }
  const double comma = 12.0 * cents(1.5) - 8400.0;
  for (int n = 0; n < 12; ++n) {
    const int from = 7 * n, pitchClass = from % 12;
    const bool narrow = pitchClass == 0 || pitchClass == 7 || pitchClass == 2 || pitchClass == 11;
    EXPECT_NEAR(interval("werckmeister3", 0, from, from + 7), cents(1.5) - (narrow ? comma / 4.0 : 0.0),
                0.002);
  }
}

TEST(Temperament, SweetensAGuitarsOpenStringsAlone) {
  const double lowE = 440.0 * std::exp2(-29.0 / 12.0 - 12.0 / 1200.0);
  EXPECT_NEAR(noteOf(lowE, 440.0, named("guitar"), 0).cents, 0.0, 1e-9);
  EXPECT_EQ(deviationCents(named("guitar"), 0, 69), 0.0);
}

}  // namespace
}  // namespace gainstage::dsp
