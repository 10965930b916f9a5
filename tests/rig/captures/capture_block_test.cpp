#include <cmath>
#include <gtest/gtest.h>

#include "rig/test_blocks.h"
#include "rig/test_captures.h"
#include "support/recordings.h"
#include "support/steps.h"

namespace gainstage::rig {
namespace {

using testing::decibels;
using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 1024};
using Values = std::initializer_list<std::pair<std::string_view, float>>;

class CaptureBlock : public ::testing::Test {
 protected:
  std::string write(const std::string& text, const std::string& name = "amp.nam") {
    return testing::writeFile(folder_ / name, text).string();
  }
  static BlockState with(const std::string& file, Values values = {}) {
    BlockState state = stateOf("capture", values);
    state.files[indexIn("capture", "file")] = file;
    return state;
  }
  static std::unique_ptr<Rig> rigOf(const BlockState& state, std::optional<double> fullScaleDbu = {},
                                    double rate = 48000.0) {
    auto rig = Rig::build(RigState{{state}}, {rate, 1024}, 1, {}, fullScaleDbu);
    EXPECT_TRUE(rig->problems().empty());
    return rig;
  }
  /// Gain at 1 kHz, in dB.
  static double gainDb(Rig& rig) {
    Signal io{testing::sine(1000.0, 48000.0, 24000, 0.1f), testing::silence(24000)};
    testing::renderInPlace(io, testing::splits(24000, 64), [&](AudioView view) { rig.process(view); });
    return decibels(testing::amplitudeAt(std::span(io[0]).last(12000), 1000.0, 48000.0) / 0.1);
  }
  static std::vector<std::string> notesOf(const Rig& rig) {
    std::vector<std::string> notes;
    for (const BlockMessage& note : rig.notes()) notes.push_back(note.message);
    return notes;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(CaptureBlock, PlaysItsFileOnEachChannelWithoutTheConstantThatSilenceGives) {
  const std::string file = write(linearCapture({0.5, 0.25, -0.5}, 0.125));
  const Mono left = testing::noise(5000, 0.5f, 1), right = testing::noise(5000, 0.5f, 2);
  const auto filtered = [](const Mono& in) {
    Mono out(in.size());
    for (std::size_t n = 0; n < in.size(); ++n)
      out[n] = 0.5f * in[n] + (n > 0 ? 0.25f * in[n - 1] : 0.0f) - (n > 1 ? 0.5f * in[n - 2] : 0.0f);
    return out;
  };
  LoneBlock mono(with(file, {{"calibrate", 0.0f}}), kFormat, 1);
  EXPECT_LT(testing::largestDifference(mono.render({left}, 64)[0], filtered(left)), 2e-7);
  LoneBlock stereo(with(file, {{"calibrate", 0.0f}}), kFormat, 2);
  const Signal out = stereo.render({left, right}, 64);
  EXPECT_LT(testing::largestDifference(out[0], filtered(left)), 2e-7);
  EXPECT_LT(testing::largestDifference(out[1], filtered(right)), 2e-7);
}

TEST_F(CaptureBlock, WithoutAFileItLeavesTheSoundAsItIs) {
  const Mono in = testing::noise(5000);
  EXPECT_EQ(LoneBlock(stateOf("capture"), kFormat, 1).render({in}, 64)[0], in);
}

TEST_F(CaptureBlock, LevelsItsInputByTheStripsFullScaleAndItsOutputByItsLoudness) {
  const std::string file = write(linearCapture({1.0}, 0.0, {.loudness = "-12.5", .inputLevelDbu = "18.3"}));
  const auto levelled = rigOf(with(file), 12.0);
  EXPECT_NEAR(gainDb(*levelled), (12.0 - 18.3) + (-18.0 + 12.5), 0.001);
  EXPECT_TRUE(levelled->notes().empty());
  const auto asItIs = rigOf(with(file, {{"calibrate", 0.0f}}), 12.0);
  EXPECT_NEAR(gainDb(*asItIs), 0.0, 0.001);
  EXPECT_TRUE(asItIs->notes().empty());
  EXPECT_NEAR(gainDb(*rigOf(with(file, {{"inputDb", 6.0f}, {"outputDb", -3.0f}}), 12.0)),
              6.0 - 3.0 + (12.0 - 18.3) + (-18.0 + 12.5), 0.001);
}

TEST_F(CaptureBlock, SaysWhatItCannotLevelAndLeavesThatAsItIs) {
  const auto withoutScale =
      rigOf(with(write(linearCapture({1.0}, 0.0, {.loudness = "-12.5", .inputLevelDbu = "18.3"}))));
  EXPECT_NEAR(gainDb(*withoutScale), -18.0 + 12.5, 0.001);
  ASSERT_EQ(notesOf(*withoutScale).size(), 1u);
  EXPECT_NE(notesOf(*withoutScale)[0].find("fullScaleDbu"), std::string::npos);

  const auto silent = rigOf(with(write(linearCapture({1.0}, 0.0), "plain.nam")), 12.0);
  EXPECT_NEAR(gainDb(*silent), 0.0, 0.001);
  ASSERT_EQ(notesOf(*silent).size(), 2u);
  for (const std::string& note : notesOf(*silent))
    EXPECT_NE(note.find("\"plain.nam\" does not say"), std::string::npos) << note;
}

TEST_F(CaptureBlock, ComesLateByWhatItsConverterNeedsAndNothingMore) {
  const std::string at48 = write(linearCapture({1.0}, 0.0)),
                    at44 = write(linearCapture({1.0}, 0.0, {.sampleRate = "44100"}), "b.nam");
  EXPECT_EQ(rigOf(with(at48), {}, 48000.0)->latencyFrames(), 0);
  EXPECT_EQ(rigOf(with(at48), {}, 96000.0)->latencyFrames(), 0);
  const auto late = rigOf(with(at44, {{"calibrate", 0.0f}}), {}, 48000.0);
  EXPECT_GT(late->latencyFrames(), 0);
  EXPECT_LE(late->latencyFrames(), 48);
  Signal io{testing::impulse(2000, 100), testing::silence(2000)};
  testing::renderInPlace(io, testing::splits(2000, 64), [&](AudioView view) { late->process(view); });
  EXPECT_EQ(std::ranges::max_element(io[0]) - io[0].begin(), 100 + late->latencyFrames());
}

TEST_F(CaptureBlock, ChangesItsSizeWithoutAStepAndIsExactlyTheOtherAfterwards) {
  // Looks back 3,000 frames: one that has not listened is wrong by much.
  std::vector<double> longTaps(3000, 0.0);
  longTaps.front() = 0.3;
  longTaps.back() = 0.6;
  const std::string small = linearCapture({0.8}, 0.25), large = linearCapture(longTaps, -0.1);
  const std::string file = write(slimmableCapture({{0.3, small}, {1.0, large}}));
  const Mono tone = testing::sine(220.0, 48000.0, 48000, 0.5f);
  const auto index = indexIn("capture", "size");
  const auto render = [&](float size, const std::vector<Change>& changes) {
    LoneBlock block(with(file, {{"size", size}, {"calibrate", 0.0f}}), kFormat, 1);
    return block.render({tone}, 64, 0, changes)[0];
  };
  const Mono onlySmall = render(0.0f, {}), onlyLarge = render(1.0f, {});
  const Mono changed = render(0.0f, {{10000, index, 1.0f}, {30000, index, 0.29f}});
  // Long responses are played by transforms, whose rounding depends on when they began.
  const auto same = [](const Mono& a, const Mono& b, std::size_t from, std::size_t to) {
    return testing::largestDifference(std::span(a).subspan(from, to - from),
                                      std::span(b).subspan(from, to - from)) < 1e-6;
  };
  // Heard once it has listened for the 3,000 frames, then faded over 25 ms (1,200 frames).
  EXPECT_TRUE(same(changed, onlySmall, 0, 13000));
  EXPECT_TRUE(same(changed, onlyLarge, 14201, 30000));
  EXPECT_TRUE(same(changed, onlySmall, 31205, 48000));
  EXPECT_TRUE(testing::makesNoStep(std::span(changed).subspan(5000), {{8000, 9201}, {25000, 26205}}));
}

// Every feature of real files; Linear ones above are simple enough to compute by hand.
TEST_F(CaptureBlock, WithARealCaptureAChangedSizeIsBitForBitWhatItWouldHaveBeen) {
  const auto recordings = testing::recordings();
  if (recordings.empty()) GTEST_SKIP() << "no ../shared/data";
  const auto captures = recordings[0].parent_path().parent_path() / "captures";
  const Mono guitar = testing::readRecording(captures / "reference" / "guitar48.wav").audio[0];
  const Mono in(guitar.begin(), guitar.begin() + 48000);
  for (const char* file : {"nam-core/A2.nam", "nam-core/slimmable_wavenet.nam"})
    for (const double rate : {44100.0, 48000.0, 96000.0}) {
      SCOPED_TRACE(std::string(file) + " at " + std::to_string(rate));
      const StreamFormat format{rate, 1024};
      const auto render = [&](float size, const std::vector<Change>& changes) {
        LoneBlock block(with((captures / file).string(), {{"size", size}, {"calibrate", 0.0f}}), format, 1);
        return block.render({in}, 64, 0, changes)[0];
      };
      const Mono small = render(0.0f, {}), large = render(1.0f, {});
      const Mono changed = render(0.0f, {{5001, indexIn("capture", "size"), 1.0f}});
      // The longest looks back 6,347 frames of 48 kHz; the fade is over 1,200 later.
      const auto over = static_cast<std::ptrdiff_t>(5001.0 + 8000.0 * std::max(rate / 48000.0, 1.0) + 2000.0);
      EXPECT_TRUE(std::equal(changed.begin(), changed.begin() + 5000, small.begin()));
      EXPECT_TRUE(std::equal(changed.begin() + over, changed.end(), large.begin() + over));
      EXPECT_FALSE(std::equal(small.begin() + over, small.end(), large.begin() + over));
    }
}

TEST_F(CaptureBlock, TakesTheLastSizeThatWasAskedForHoweverQuickly) {
  const std::string file = write(slimmableCapture({{0.2, linearCapture({0.2, 0.0}, 0.0)},
                                                   {0.5, linearCapture({0.5, 0.0}, 0.0)},
                                                   {1.0, linearCapture({1.0, 0.0}, 0.0)}}));
  const auto index = indexIn("capture", "size");
  LoneBlock block(with(file, {{"calibrate", 0.0f}}), kFormat, 1);
  std::vector<Change> changes;
  for (FrameCount at = 100; at < 4000; at += 37)
    changes.push_back({at, index, static_cast<float>(at % 3) * 0.4f});
  changes.push_back({4000, index, 0.3f});
  const Mono out = block.render({testing::sine(220.0, 48000.0, 12000, 0.5f)}, 64, 0, changes)[0];
  EXPECT_NEAR(testing::amplitudeAt(std::span(out).last(4800), 220.0, 48000.0), 0.25, 1e-4);
  EXPECT_LT(testing::largestStep(out), 1.5 * 0.5 * 2.0 * 3.1416 * 220.0 / 48000.0);
}

TEST_F(CaptureBlock, AFileThatCannotBeUsedMutesItAndIsNamed) {
  for (const std::string& file :
       {(folder_ / "absent.nam").string(), write("{}", "empty.nam"), write("not json", "text.nam")}) {
    const auto rig = Rig::build(RigState{{with(file)}}, kFormat, 1, {});
    ASSERT_EQ(rig->problems().size(), 1u);
    EXPECT_NE(rig->problems()[0].message.find(std::filesystem::path(file).filename().string()),
              std::string::npos);
    EXPECT_EQ(rig->problems()[0].message.find('\n'), std::string::npos);
  }
}

TEST_F(CaptureBlock, RingsForAsLongAsItsNetworkLooksBack) {
  const std::string file = write(linearCapture(std::vector<double>(700, 0.01), 0.0));
  EXPECT_NEAR(static_cast<double>(rigOf(with(file))->tailFrames()), 700.0, 1.0);
  EXPECT_NEAR(static_cast<double>(rigOf(with(file), {}, 96000.0)->tailFrames()), 1400.0, 2.0);
}

}  // namespace
}  // namespace gainstage::rig
