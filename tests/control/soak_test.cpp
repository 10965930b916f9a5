#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <malloc.h>
#include <random>

#include "console/default_session.h"
#include "console/path.h"
#include "control/engine.h"
#include "devices/virtual/virtual_device.h"

namespace gainstage {
namespace {

constexpr double kRate = 48000.0;
constexpr FrameTime kWindow = 480;  // 10 ms
constexpr FrameTime kBetweenChanges = 48000;

/// Minutes of steady tones, with something changed at random every second: the change is made here, between
/// two callbacks, so that the run is the same every time.
class Meddler final : public devices::OutputSink {
 public:
  Meddler(control::Engine& engine, unsigned seed) : engine_(engine), random_(seed) {}

  void formatChanged(const devices::DeviceFormat& format) override {
    steps_.resize(static_cast<std::size_t>(format.outputs));
    last_.resize(static_cast<std::size_t>(format.outputs), 0.0f);
  }

  bool write(ConstAudioView outputs, FrameTime frame) noexcept override {
    for (int c = 0; c < outputs.channels(); ++c) {
      auto& windows = steps_[static_cast<std::size_t>(c)];
      float& last = last_[static_cast<std::size_t>(c)];
      FrameTime at = frame;
      for (const float sample : outputs.channel(c)) {
        const auto window = static_cast<std::size_t>(at++ / kWindow);
        if (window >= windows.size()) windows.resize(window + 1, 0.0f);
        windows[window] = std::max(windows[window], std::abs(sample - last));
        notFinite_ += std::isfinite(sample) ? 0 : 1;
        last = sample;
      }
    }
    frames_ = frame + outputs.frames();
    while (nextChange_ <= frames_ + kBetweenChanges / 2) {
      change(nextChange_);
      nextChange_ += kBetweenChanges;
    }
    return true;
  }

  /// Every step around a change against the steps of what was settled before and after it.
  void expectNoStepLargerThanTheSignalsOwn() const {
    const auto largest = [&](const std::vector<float>& windows, FrameTime from, FrameTime to) {
      float most = 0.0f;
      for (FrameTime w = from / kWindow;
           w < std::min<FrameTime>(to / kWindow, static_cast<FrameTime>(windows.size())); ++w)
        most = std::max(most, windows[static_cast<std::size_t>(w)]);
      return most;
    };
    constexpr FrameTime kSettling = 19200;  // 400 ms
    for (std::size_t c = 0; c < steps_.size(); ++c)
      for (const auto& [frame, what] : changes_) {
        const float during = largest(steps_[c], frame, frame + kSettling);
        const float own = std::max(largest(steps_[c], frame - 9600, frame),
                                   largest(steps_[c], frame + kSettling, frame + kBetweenChanges));
        EXPECT_LE(during, 1.5f * own + 1e-4f) << "output " << c << " at frame " << frame << ": " << what;
      }
  }

  FrameTime frames() const { return frames_; }
  int notFinite() const { return notFinite_; }
  std::size_t changes() const { return changes_.size(); }

 private:
  float uniform(float low, float high) { return std::uniform_real_distribution<float>(low, high)(random_); }
  std::size_t pick(std::size_t count) {
    return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
  }

  void change(FrameTime frame) {
    engine_.service();
    console::Session next = engine_.session();
    std::string what;
    switch (pick(8)) {
      case 0:
        what = changeRig(next);
        break;
      case 1:
        what = changeStrips(next);
        break;
      case 2:
        if (!history_.empty()) {
          next = history_[pick(history_.size())];
          what = "an old session";
          break;
        }
        [[fallthrough]];
      default:
        what = changeValue(next);
    }
    if (!engine_.apply(next, frame)) return;
    if (changes_.size() % 20 == 0) history_.push_back(next);
    changes_.emplace_back(frame, what);
  }

  std::string changeValue(console::Session& next) {
    const auto paths = console::listPaths(next);
    while (true) {
      const std::string& path = paths[pick(paths.size())];
      const auto ref = console::resolve(next, path);
      // Clicks are steps of their own, and a file is not a number.
      if (!ref || path.starts_with("metronome") || path.find("mix/metronome") != std::string::npos ||
          ref->parameter->type == ParameterType::file)
        continue;
      const Parameter& parameter = *ref->parameter;
      const bool isLevel = parameter.hazard == Hazard::level;
      const float value = uniform(isLevel ? std::max(parameter.minimum, -40.0f) : parameter.minimum,
                                  isLevel ? std::min(parameter.maximum, 3.0f) : parameter.maximum);
      console::set(next, *ref, value);
      return path + " = " + std::to_string(value);
    }
  }

  std::string changeRig(console::Session& next) {
    if (next.strips.empty()) return "nothing";
    auto& strip = next.strips[pick(next.strips.size())];
    auto& blocks = strip.rig.blocks;
    if (!blocks.empty() && pick(3) == 0) {
      blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(pick(blocks.size())));
      return "a block less in " + strip.id;
    }
    if (blocks.size() >= 6) blocks.clear();
    const auto declarations = rig::blockDeclarations();
    const auto& declaration = *declarations[pick(declarations.size())];
    // An impulse response needs a file, and none is here.
    if (indexOf(declaration.parameters, "file")) return "nothing";
    // A valve amplifier driven hard gives more from its first note on until its bias has moved: a step of its
    // own.
    if (indexOf(declaration.parameters, "inputDb")) return "nothing";
    blocks.push_back(rig::makeBlockState(declaration, "b" + std::to_string(++ids_)));
    return "a " + std::string(declaration.type) + " more in " + strip.id;
  }

  std::string changeStrips(console::Session& next) {
    if (next.strips.size() > 3) {
      const std::string id = next.strips.back().id;
      next.strips.pop_back();
      for (auto& output : next.outputs)
        std::erase_if(output.mix, [&](const console::SendState& send) { return send.source == id; });
      return id + " gone";
    }
    console::StripState strip;
    strip.id = strip.name = "new" + std::to_string(++ids_);
    strip.inputs = {1 + static_cast<int>(pick(6))};
    for (auto& output : next.outputs) {
      console::SendState send{.kind = console::SourceKind::direct, .source = strip.id};
      send.values[0] = -6.0f;
      output.mix.push_back(send);
    }
    next.strips.push_back(strip);
    return strip.id + " new";
  }

  control::Engine& engine_;
  std::mt19937 random_;
  std::vector<std::vector<float>> steps_;  // largest of each window, for each channel
  std::vector<float> last_;
  std::vector<std::pair<FrameTime, std::string>> changes_;
  std::vector<console::Session> history_;
  FrameTime nextChange_ = kBetweenChanges;
  FrameTime frames_ = 0;
  int notFinite_ = 0;
  int ids_ = 0;
};

TEST(Soak, TenMinutesOfRandomChangesNeitherStepNorLeakNorLoseAFrame) {
#ifdef GAINSTAGE_SANITIZED
  constexpr double kSeconds = 30.0;  // ten minutes take too long under a sanitizer
#else
  constexpr double kSeconds = 600.0;
#endif
  devices::VirtualConfig config;
  config.inputs.clear();
  for (int i = 0; i < 6; ++i)
    config.inputs.push_back(devices::ToneInput{.frequencyHz = 70.0 + 43.0 * i, .levelDbfs = -30.0});
  config.freeRunning = true;
  config.outputs = 4;
  config.blockSeed = 7;  // blocks of any length up to 64

  control::EngineOptions options{.inputsAreLive = false, .fadeIn = false};
  options.session =
      console::defaultSession({.inputs = 6, .outputs = 4, .outputKind = console::OutputKind::headphones});
  control::Engine engine(options);
  auto meddler = std::make_shared<Meddler>(engine, 2026);
  devices::VirtualDevice device(config, "virtual", meddler);
  ASSERT_TRUE(
      device.open({.freeRunning = true, .frameLimit = static_cast<FrameTime>(kSeconds * kRate)}, engine));

  ASSERT_TRUE(device.start());
  while (engine.frame() < static_cast<FrameTime>(kSeconds * kRate / 6.0))
    device.waitUntilEnded(Milliseconds{50.0});
  const auto early = mallinfo2().uordblks;
  while (!device.waitUntilEnded(Milliseconds{100.0})) {
  }
  const auto late = mallinfo2().uordblks;
  device.stop();
  engine.service();

  EXPECT_EQ(meddler->frames(), static_cast<FrameTime>(kSeconds * kRate));
  EXPECT_EQ(engine.report().frames, static_cast<FrameTime>(kSeconds * kRate));
  EXPECT_EQ(engine.report().lostFrames, 0);
  EXPECT_EQ(meddler->notFinite(), 0);
  EXPECT_EQ(engine.report().bypassedBlocks, 0);
  EXPECT_GE(meddler->changes(), static_cast<std::size_t>(kSeconds) - 2);
  meddler->expectNoStepLargerThanTheSignalsOwn();
#ifndef GAINSTAGE_SANITIZED
  // What is kept for the checks above grows by 20 kB a second of audio; rigs that ring take a few MB for a
  // while.
  EXPECT_LT(static_cast<double>(late) - static_cast<double>(early), 24e6);
#else
  (void)early, (void)late;
#endif
}

}  // namespace
}  // namespace gainstage
