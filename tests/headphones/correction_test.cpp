#include <cstring>
#include <limits>
#include <numbers>

#include "headphones/correction_render.h"
#include "headphones/graphic_response.h"
#include "support/steps.h"

namespace gainstage::headphones {
namespace {

using testing::Mono;
using testing::Signal;

constexpr StreamFormat kFormat{48000.0, 1024};

/// Bass up, treble down: what a change from or to would step with.
const Preset& firstPreset() {
  static const Preset preset = presetOf(
      "Preamp: -6 dB\nFilter 1: ON LSC Fc 105 Hz Gain 6 dB Q 0.7\nFilter 2: ON PK Fc 3000 Hz Gain -4 dB Q 2\n"
      "Filter 3: ON HSC Fc 9000 Hz Gain -5 dB Q 0.7\n");
  return preset;
}
const Preset& secondPreset() {
  static const Preset preset = presetOf("Preamp: -1 dB\nFilter 1: ON PK Fc 200 Hz Gain -6 dB Q 1\n");
  return preset;
}
/// The second half by convolution.
const Preset& drawnPreset() {
  static const Preset preset = presetOf(
      "Preamp: -3 dB\nFilter 1: ON PK Fc 200 Hz Gain -6 dB Q 1\nGraphicEQ: 20 3; 200 0; 2000 -2; 9000 3; "
      "20000 0\n");
  return preset;
}

Signal tones(FrameCount frames) {
  Signal signal{testing::sine(110.0, kFormat.sampleRate, frames, 0.5f),
                testing::sine(997.0, kFormat.sampleRate, frames, 0.5f)};
  const Mono high = testing::sine(5000.0, kFormat.sampleRate, frames, 0.02f);
  for (Mono& channel : signal)
    for (std::size_t n = 0; n < channel.size(); ++n) channel[n] += high[n];
  return signal;
}

bool sameBits(const Signal& a, const Signal& b) {
  return std::ranges::equal(a, b, [](const Mono& x, const Mono& y) {
    return x.size() == y.size() && std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0;
  });
}

/// Something that happens to a correction at a frame.
struct Event {
  FrameCount frame;
  std::function<void(Correction&)> act;
};

Signal render(Correction& correction, Signal signal, std::span<const FrameCount> blocks,
              const std::vector<Event>& events = {}) {
  FrameCount at = 0;
  testing::renderInPlace(signal, blocks, [&](AudioView io) {
    for (FrameCount done = 0; done < io.frames();) {
      FrameCount until = io.frames();
      for (const Event& event : events) {
        if (event.frame == at + done) event.act(correction);
        if (event.frame > at + done) until = std::min(until, event.frame - at);
      }
      correction.process(io.frameRange(done, until - done));
      done = until;
    }
    at += io.frames();
  });
  return signal;
}

TEST(Correction, IsBitExactWithoutAFilterAndSwitchedOff) {
  Signal in = tones(9600);
  in[0][7] = -0.0f;
  in[1][9] = std::numeric_limits<float>::infinity();
  Correction none;
  none.prepare(kFormat, 2);
  EXPECT_TRUE(none.isIdle());
  EXPECT_TRUE(sameBits(render(none, in, testing::splits(9600, 256)), in));
  const auto off = playing(firstPreset(), kFormat, 2);
  off->setOn(false);
  off->reset();
  EXPECT_TRUE(off->isIdle());
  EXPECT_TRUE(sameBits(render(*off, in, testing::splits(9600, 256)), in));
}

TEST(Correction, IsNotLate) {
  const auto correction = playing(firstPreset(), kFormat, 1);
  const Signal out = render(*correction, {testing::impulse(64)}, testing::splits(64, 64));
  EXPECT_GT(out[0][0], 0.1f);
  EXPECT_EQ(Correction::latencyFrames(), 0);
}

TEST(Correction, SoundsTheSameHoweverTheStreamIsSplit) {
  for (const Preset* preset : {&firstPreset(), &drawnPreset()})
    for (const int channels : {1, 2}) {
      Signal in = tones(40000);
      in.resize(static_cast<std::size_t>(channels));
      for (Mono& channel : in)
        std::fill(channel.begin() + 9000, channel.begin() + 30000, 0.0f);  // sleeps there
      const auto rendered = [&](std::span<const FrameCount> blocks) {
        const auto correction = playing(*preset, kFormat, channels);
        auto next = filterOf(secondPreset(), kFormat, channels);
        const std::vector<Event> events{{700, [&](Correction& c) { c.install(std::move(next)); }},
                                        {5000, [](Correction& c) { c.setOn(false); }},
                                        {5100, [](Correction& c) { c.setOn(true); }}};
        Signal out = render(*correction, in, blocks, events);
        while (correction->takeRetired()) {
        }
        return out;
      };
      const Signal whole = rendered(testing::splits(40000, 1024));
      EXPECT_TRUE(sameBits(rendered(testing::splits(40000, 1)), whole));
      EXPECT_TRUE(sameBits(rendered(testing::splits(40000, 300, 7)), whole));
    }
}

TEST(Correction, ReplacesItsFilterAndSwitchesWithoutAStep) {
  const FrameCount settled = kFormat.frames(Milliseconds{300.0}), moving = kFormat.frames(Milliseconds{70.0});
  const auto correction = playing(firstPreset(), kFormat, 2);
  auto second = filterOf(secondPreset(), kFormat, 2), drawn = filterOf(drawnPreset(), kFormat, 2);
  const std::vector<Event> events{{settled, [&](Correction& c) { c.install(std::move(second)); }},
                                  {2 * settled, [](Correction& c) { c.setOn(false); }},
                                  {3 * settled, [](Correction& c) { c.setOn(true); }},
                                  {4 * settled, [&](Correction& c) { c.install(std::move(drawn)); }},
                                  {5 * settled, [](Correction& c) { c.install(nullptr); }}};
  const Signal in = tones(6 * settled),
               out = render(*correction, in, testing::splits(6 * settled, 1024, 3), events);
  std::vector<testing::Transition> transitions;
  for (FrameCount k = 1; k <= 5; ++k) transitions.push_back({k * settled, k * settled + moving});
  for (const Mono& channel : out) EXPECT_TRUE(testing::makesNoStep(channel, transitions));
  EXPECT_TRUE(std::equal(out[0].end() - 1000, out[0].end(), in[0].end() - 1000))
      << "without a filter: as it came";
  EXPECT_TRUE(correction->isIdle());
}

TEST(Correction, GivesBackEveryFilterThatItWasGiven) {
  const auto correction = playing(firstPreset(), kFormat, 1);
  std::vector<std::unique_ptr<CorrectionFilter>> filters;
  for (int i = 0; i < 10; ++i) filters.push_back(filterOf(secondPreset(), kFormat, 1));
  Signal io{testing::noise(20000)};
  std::size_t next = 0;
  testing::renderInPlace(io, testing::splits(20000, 500), [&](AudioView block) {
    if (next < filters.size()) {
      correction->install(std::move(filters[next]));
      ++next;
    }
    correction->process(block);
  });
  int retired = 0;
  while (correction->takeRetired()) ++retired;
  EXPECT_EQ(retired, 10) << "the first and nine of ten";
}

TEST(Correction, EndsWithWhatWasAskedForLast) {
  auto correction = playing(firstPreset(), kFormat, 1);
  auto a = filterOf(drawnPreset(), kFormat, 1), b = filterOf(secondPreset(), kFormat, 1);
  const std::vector<Event> events{{100, [&](Correction& c) { c.install(std::move(a)); }},
                                  {200, [](Correction& c) { c.setOn(false); }},
                                  {300, [&](Correction& c) { c.install(std::move(b)); }},
                                  {400, [](Correction& c) { c.setOn(true); }}};
  const Signal in{testing::noise(48000)};
  const Signal out = render(*correction, in, testing::splits(48000, 64), events);
  const auto direct = playing(secondPreset(), kFormat, 1);
  const Signal wanted = render(*direct, in, testing::splits(48000, 64));
  EXPECT_LT(testing::largestDifference(std::span(out[0]).last(10000), std::span(wanted[0]).last(10000)),
            1e-5);
}

TEST(Correction, RecoversFromWhatIsNotFinite) {
  for (const Preset* preset : {&firstPreset(), &drawnPreset()}) {
    Signal in = tones(48000);
    const float infinity = std::numeric_limits<float>::infinity();
    const std::array odd{std::nanf(""), infinity, -infinity, 3e38f, -1e30f};
    for (std::size_t k = 0; k < odd.size(); ++k) in[k % 2][1000 + 37 * k] = odd[k];
    const auto correction = playing(*preset, kFormat, 2);
    const Signal out = render(*correction, in, testing::splits(48000, 64));
    for (const Mono& channel : out) {
      EXPECT_TRUE(testing::allFinite(channel));
      EXPECT_LT(testing::peak(channel), 2.0);
    }
  }
}

TEST(Correction, FallsAsleepInSilenceAndWakesAsIfItWereNew) {
  const auto filter = filterOf(drawnPreset(), kFormat, 1);
  const auto ring = static_cast<FrameCount>(filter->ringFrames());
  const FrameCount frames = 2 * ring;
  Mono in = testing::noise(frames);
  std::fill(in.begin() + 500, in.end() - 2000, 0.0f);
  const auto correction = playing(drawnPreset(), kFormat, 1);
  const Signal out = render(*correction, {in}, testing::splits(frames, 64));
  for (FrameCount n = 500 + ring; n < frames - 2000; ++n)
    ASSERT_EQ(out[0][static_cast<std::size_t>(n)], 0.0f) << n;
  const auto fresh = playing(drawnPreset(), kFormat, 1);
  const Signal wanted = render(*fresh, {Mono(in.end() - 2000, in.end())}, testing::splits(2000, 64));
  EXPECT_TRUE(sameBits({Mono(out[0].end() - 2000, out[0].end())}, wanted));
}

TEST(Correction, FollowsADrawnCurveBetweenItsPoints) {
  const std::vector<formats::EqPoint> points{{20, 5},    {100, 2},  {300, -3},  {1000, 0},
                                             {3000, -6}, {6000, 4}, {20000, -2}};
  std::string text = "Preamp: -5 dB\nGraphicEQ: ";
  for (const auto& point : points)
    text += std::to_string(point.frequencyHz) + " " + std::to_string(point.gainDb) + "; ";
  // Straight lines over the logarithm, worked out here.
  const auto wanted = [&](double hertz) {
    std::size_t k = 1;
    while (k + 1 < points.size() && points[k].frequencyHz < hertz) ++k;
    const auto &a = points[k - 1], &b = points[k];
    return -5.0 + a.gainDb +
           (b.gainDb - a.gainDb) * std::log2(hertz / a.frequencyHz) /
               std::log2(b.frequencyHz / a.frequencyHz);
  };
  for (const double rate : {44100.0, 48000.0, 96000.0}) {
    const Deviation found = deviation(presetOf(text), rate, wanted);
    EXPECT_LT(found.worstDb, 0.05) << rate << " Hz, at " << found.atHz << " Hz";
  }
}

TEST(Correction, PlaysAnImpulseResponseAsItIs) {
  Preset preset{.name = "response"};
  preset.response.emplace();
  preset.response->audio = AudioBuffer(4, 3000);
  preset.response->sampleRate = 48000.0;
  for (int c = 0; c < 4; ++c)
    std::ranges::copy(testing::noise(3000, 0.02f, static_cast<unsigned>(c + 1)),
                      preset.response->audio.channel(c).begin());
  const auto correction = playing(preset, kFormat, 2);
  // Left at frame 0, right at frame 5000: each side hears its own two responses.
  const Signal out = render(*correction, {testing::impulse(9000, 0), testing::impulse(9000, 5000)},
                            testing::splits(9000, 128));
  for (std::size_t side = 0; side < 2; ++side)
    for (std::size_t n = 0; n < 3000; ++n) {
      ASSERT_NEAR(out[side][n], preset.response->audio.channel(static_cast<int>(side))[n], 1e-6);
      ASSERT_NEAR(out[side][5000 + n], preset.response->audio.channel(static_cast<int>(2 + side))[n], 1e-6);
    }
}

TEST(Correction, KeepsAnImpulseResponsesCurveAtAnotherRate) {
  Preset preset{.name = "response"};
  preset.response.emplace();
  preset.response->sampleRate = 44100.0;
  preset.response->audio = AudioBuffer(1, 8192);
  std::ranges::copy(
      graphicResponse(std::vector<formats::EqPoint>{{50, 4}, {500, 0}, {5000, -6}, {15000, 2}}, 44100.0),
      preset.response->audio.channel(0).begin());
  const auto wanted = [&](double hertz) { return gainsDb(preset, std::array{hertz})[0]; };
  for (const double rate : {44100.0, 48000.0, 96000.0})
    EXPECT_LT(deviation(preset, rate, wanted).worstDb, 0.06) << rate;
}

}  // namespace
}  // namespace gainstage::headphones
