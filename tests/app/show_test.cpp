#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <numbers>

#include "app/program.h"
#include "app/sessions.h"
#include "support/recordings.h"

/// A recording through strip, rig and two mixes, and the takes measured.
namespace gainstage::testing {
namespace {

constexpr double kRate = 48000.0;
constexpr float kMinus120 = 1e-6f;
constexpr FrameCount kPluckAt = 12345;

/// Silence, then a tone that dies away, as a string would.
Signal pluck() {
  Mono samples = silence(48000);
  for (std::size_t n = kPluckAt; n < samples.size(); ++n) {
    const double t = static_cast<double>(n - kPluckAt) / kRate;
    samples[n] = static_cast<float>(0.6 * std::exp(-4.0 * t) * std::cos(2.0 * std::numbers::pi * 196.0 * t));
  }
  return {samples};
}

/// A short cabinet in stereo: its first tap is its largest.
Signal cabinet(double sampleRate) {
  Signal response{noise(1500, 1.0f, 7), noise(1500, 1.0f, 8)};
  for (Mono& channel : response) {
    for (std::size_t n = 0; n < channel.size(); ++n)
      channel[n] *= 0.2f * static_cast<float>(std::exp(-static_cast<double>(n) / (0.004 * sampleRate)));
    channel[0] = 0.9f;
  }
  return response;
}

double gain(double decibels) { return std::pow(10.0, decibels / 20.0); }

/// Constant power, 0 dB in the middle: left and right for a pan of -1..1.
std::pair<double, double> panned(double pan) {
  const double angle = (pan + 1.0) * std::numbers::pi / 4.0;
  return {std::numbers::sqrt2 * std::cos(angle), std::numbers::sqrt2 * std::sin(angle)};
}

double largestDifferenceFrom(const Mono& heard, const auto& expectedAt) {
  double most = 0.0;
  for (std::size_t n = 0; n < heard.size(); ++n)
    most = std::max(most, std::abs(static_cast<double>(heard[n]) - expectedAt(n)));
  return most;
}

/// Runs the recording through twoMixes() with a cabinet, and measures every file of the take.
Take expectTakesAsTheSessionSays(const Workplace& place, const std::filesystem::path& recording) {
  const Recording input = readRecording(recording);
  place.writeWav("ir.wav", cabinet(input.sampleRate), input.sampleRate);
  place.write("show.json", twoMixes(rigWithCabinet()));
  const Outcome outcome =
      place.run({"run", "show.json", "--device", "file:" + recording.string(), "--take", "takes", "--json"});
  EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "");
  const auto summary = formats::Json::parse(outcome.out);
  EXPECT_EQ(summary.at("frames"), input.audio[0].size());

  Take take = onlyTakeIn(place / "takes");
  const Signal dry = take.stream("dry", "gtr"), wet = take.stream("wet", "gtr");
  const Signal a = take.stream("output", "a"), b = take.stream("output", "b");
  EXPECT_EQ(dry, Signal{input.audio[0]});
  EXPECT_EQ(wet.size(), 2u);
  EXPECT_GT(peak(wet[0]), 0.01f);
  EXPECT_GT(largestDifference(wet[0], wet[1]), 0.001);

  const auto [aLeft, aRight] = panned(-0.5);
  const auto [bLeft, bRight] = panned(0.25);
  const double aGain = gain(-12.0 - 3.0), bDirect = gain(-9.0 - 6.0), bWet = gain(-9.0 - 20.0);
  EXPECT_LT(largestDifferenceFrom(a[0], [&](auto n) { return aGain * aLeft * wet[0][n]; }), kMinus120);
  EXPECT_LT(largestDifferenceFrom(a[1], [&](auto n) { return aGain * aRight * wet[1][n]; }), kMinus120);
  const auto bAt = [&](double pan, std::size_t c) {
    return [&, pan, c](auto n) { return bDirect * pan * dry[0][n] + bWet * wet[c][n]; };
  };
  EXPECT_LT(largestDifferenceFrom(b[0], bAt(bLeft, 0)), kMinus120);
  EXPECT_LT(largestDifferenceFrom(b[1], bAt(bRight, 1)), kMinus120);
  for (const Signal& output : {a, b})
    for (const Mono& channel : output) {
      EXPECT_GT(decibels(peak(channel)), -60.0);
      EXPECT_LT(decibels(peak(channel)), -1.0) << "the ceiling would bend the comparison";
    }
  return take;
}

TEST(Show, ARecordingIsHeardInTwoMixesAsTheSessionSays) {
  if (recordings().empty()) GTEST_SKIP() << "../shared/data/audio is absent";
  for (const auto& recording : recordings()) {
    if (recording.stem() != "guit_em9" && recording.stem() != "bass_woodsy_c") continue;
    SCOPED_TRACE(recording.stem().string());
    const Workplace place;
    expectTakesAsTheSessionSays(place, recording);
  }
}

TEST(Show, AGeneratedFileIsHeardInTwoMixesAsTheSessionSaysAndWetBeginsOnTheFrameOfDry) {
  const Workplace place;
  const Take take = expectTakesAsTheSessionSays(place, place.writeWav("pluck.wav", pluck(), kRate));
  const auto firstSound = [](const Mono& samples) {
    return std::ranges::find_if(samples, [](float x) { return std::abs(x) > 1e-5f; }) - samples.begin();
  };
  for (const Signal& stream : {take.stream("dry", "gtr"), take.stream("wet", "gtr"),
                               take.stream("output", "a"), take.stream("output", "b")})
    for (const Mono& channel : stream) EXPECT_EQ(firstSound(channel), kPluckAt);
}

TEST(Show, TheTakeIsFoundAndVerified) {
  const Workplace place;
  const Take take = expectTakesAsTheSessionSays(place, place.writeWav("pluck.wav", pluck(), kRate));
  const auto listed = formats::Json::parse(place.run({"takes", "takes", "--json"}).out).at("takes");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("condition"), "complete");
  const Outcome verified = place.run({"takes", "verify", take.folder.string()});
  EXPECT_EQ(verified.exitCode, 0) << verified.out << verified.err;
  EXPECT_NE(verified.out.find("is whole"), std::string::npos);
}

/// The output take of a run and the render of the same file, for every block size.
class RunAndRender {
 public:
  RunAndRender(const std::string& session, const Signal& input) {
    place_.writeWav("ir.wav", cabinet(kRate), kRate);
    place_.writeWav("in.wav", input, kRate);
    place_.write("song.json", session);
  }

  Signal run(const std::string& block) {
    const Outcome outcome = place_.run({"run", "song.json", "--device", "file:in.wav", "--free-running",
                                        "--block", block, "--take", "t" + block});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    return onlyTakeIn(place_ / ("t" + block)).stream("output", "b");
  }
  Signal render(const std::string& block) {
    const std::string name = "r" + block + ".wav";
    const Outcome outcome = place_.run(
        {"render", "in.wav", "-o", name, "--session", "song.json", "--output", "b", "--block", block});
    EXPECT_EQ(outcome.exitCode, 0) << outcome.err;
    return readWav(place_ / name);
  }

 private:
  Workplace place_;
};

const char* const kBlocks[] = {"1", "7", "64", "96", "1024"};

TEST(RenderAndRun, AreTheSameBitsInEveryBlockSizeWhereProcessingIsPerSample) {
  RunAndRender pair(twoMixes(rigPerSample()), pluck());
  const Signal first = pair.render("64");
  ASSERT_GT(peak(first[0]), 0.01);
  for (const char* block : kBlocks) {
    SCOPED_TRACE(block);
    EXPECT_EQ(pair.run(block), first);
    EXPECT_EQ(pair.render(block), first);
  }
}

TEST(RenderAndRun, AreTheSameBitsBehindAConvolutionAndWithinMinus120DbfsBetweenBlockSizes) {
  RunAndRender pair(twoMixes(rigWithCabinet()), pluck());
  const Signal first = pair.render("64");
  ASSERT_GT(peak(first[0]), 0.01);
  for (const char* block : kBlocks) {
    SCOPED_TRACE(block);
    const Signal run = pair.run(block);
    EXPECT_EQ(run, pair.render(block));
    ASSERT_EQ(run.size(), first.size());
    for (std::size_t c = 0; c < run.size(); ++c) EXPECT_LT(largestDifference(run[c], first[c]), kMinus120);
  }
}

}  // namespace
}  // namespace gainstage::testing
