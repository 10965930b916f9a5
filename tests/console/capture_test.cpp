#include <gtest/gtest.h>

#include "console/desk.h"
#include "rig/test_captures.h"
#include "support/steps.h"

/// A strip with a capture: what the console has to add to the block.
namespace gainstage::testing {
namespace {

using console::FaultKind;

class CaptureInAStrip : public ::testing::Test {
 protected:
  console::Session session(const std::string& text, std::optional<double> fullScaleDbu) {
    const auto file = writeFile(folder_ / ("amp" + std::to_string(++files_) + ".nam"), text);
    console::StripState guitar = strip("gtr", {1});
    guitar.fullScaleDbu = fullScaleDbu;
    guitar.rig.blocks.push_back(block("capture", "amp"));
    guitar.rig.blocks[0].files[0] = file.string();
    console::Session session;
    session.strips.push_back(guitar);
    session.outputs.push_back(headphones("a", {1, 2}, {send(console::SourceKind::wet, "gtr")}));
    return session;
  }

  TemporaryFolder folder_;
  int files_ = 0;
};

const std::string kCapture = rig::linearCapture({1.0}, 0.2, {.loudness = "-18", .inputLevelDbu = "12"});

double levelDb(const Signal& out, std::size_t from) {
  return decibels(amplitudeAt(std::span(out[0]).subspan(from, 9600), 500.0, 48000.0) / 0.1);
}

TEST_F(CaptureInAStrip, IsLevelledAnewWithoutAStepWhenTheStripsFullScaleBecomesAnother) {
  console::Session plain = session(kCapture, 12.0);
  Desk desk(plain);
  const Mono tone = sine(500.0, 48000.0, 48000, 0.1f);
  const auto part = [&](std::size_t from, std::size_t to) {
    return desk.render({Mono(tone.begin() + static_cast<std::ptrdiff_t>(from),
                             tone.begin() + static_cast<std::ptrdiff_t>(to))},
                       2, splits(static_cast<FrameCount>(to - from), 64));
  };
  Signal out = part(0, 24000);
  console::Session other = plain;
  other.strips[0].fullScaleDbu = 18.0;
  EXPECT_TRUE(desk.console().apply(other));
  const Signal after = part(24000, 48000);
  out[0].insert(out[0].end(), after[0].begin(), after[0].end());
  EXPECT_NEAR(levelDb(out, 12000), 0.0, 0.01);
  EXPECT_NEAR(levelDb(out, 36000), 6.0, 0.01);
  EXPECT_TRUE(makesNoStep(std::span(out[0]).subspan(9600), {{14400, 14400 + 3000}}));
}

TEST_F(CaptureInAStrip, TellsWhatItCannotLevelWithoutCallingItAFault) {
  Desk desk(session(kCapture, std::nullopt));
  const auto faults = desk.console().takeFaults();
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].kind, FaultKind::blockNote);
  EXPECT_EQ(faults[0].where, "strips/gtr/rig/amp");
}

TEST_F(CaptureInAStrip, FallsAsleepAndWakesWithoutAStepThoughSilenceGivesAConstant) {
  Desk desk(session(kCapture, 12.0));
  Mono in = sine(500.0, 48000.0, 4800, 0.1f);
  for (std::size_t n = 4300; n < 4800; ++n) in[n] *= static_cast<float>(4800 - n) / 500.0f;
  in.resize(120000, 0.0f);
  const Signal out = desk.render({in}, 2, splits(120000, 64));
  EXPECT_GT(peak(std::span(out[0]).first(4800)), 0.09);
  EXPECT_EQ(peak(std::span(out[0]).subspan(5000)), 0.0);
}

}  // namespace
}  // namespace gainstage::testing
