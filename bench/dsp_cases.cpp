#include <array>

#include "bench/bench.h"
#include "dsp/dynamics/compressor.h"
#include "dsp/dynamics/gate.h"
#include "dsp/filters/highpass.h"
#include "dsp/filters/parametric_eq.h"
#include "dsp/kernels.h"
#include "dsp/looper/looper.h"
#include "dsp/meters/loudness.h"
#include "dsp/meters/meter.h"
#include "dsp/resampling/oversampler.h"
#include "dsp/resampling/rate_converter.h"

namespace gainstage::bench {
namespace {

constexpr StreamFormat kFormat{kSampleRate, 64};

std::unique_ptr<dsp::HighPass> highPass(dsp::Slope slope) {
  auto filter = std::make_unique<dsp::HighPass>();
  filter->prepare(kFormat);
  filter->setOn(true);
  filter->setSlope(slope);
  filter->reset();
  return filter;
}

std::unique_ptr<dsp::Gate> gate() {
  auto gate = std::make_unique<dsp::Gate>();
  gate->prepare(kFormat);
  gate->setThreshold({-30.0});
  gate->setAttack({1.0});
  gate->setHold({20.0});
  gate->setRelease({100.0});
  return gate;
}

std::unique_ptr<dsp::Compressor> compressor(bool sidechain = false) {
  auto compressor = std::make_unique<dsp::Compressor>();
  compressor->prepare(kFormat);
  compressor->setThreshold({-30.0});
  compressor->setRatio(4.0f);
  compressor->setKnee({6.0});
  compressor->setAttack({5.0});
  compressor->setRelease({100.0});
  compressor->setMakeUp({6.0});
  compressor->setSidechainHighPassOn(sidechain);
  compressor->reset();
  return compressor;
}

/// Two seconds that go round; an overdub copies what it changes in its first pass.
class Looping {
 public:
  explicit Looping(bool overdubs) : overdubs_(overdubs), looper_(kFormat) { reset(); }

  void reset() {
    looper_.act(dsp::LoopAction::clear);
    AudioBuffer audio(2, kFormat.maxFrames);
    const auto play = [&](int blocks) {
      for (int block = 0; block < blocks; ++block) {
        for (int c = 0; c < 2; ++c)
          std::ranges::fill(audio.channel(c), 0.01f * static_cast<float>(block % 10));
        looper_.process(audio.view());
      }
    };
    play(10);
    looper_.service();
    looper_.act(dsp::LoopAction::record);
    play(1500);
    looper_.act(overdubs_ ? dsp::LoopAction::overdub : dsp::LoopAction::play);
  }
  void process(AudioView io) noexcept { looper_.process(io); }

 private:
  bool overdubs_;
  dsp::Looper looper_;
};

std::unique_ptr<dsp::ParametricEq> equaliser() {
  using Type = dsp::EqBand::Type;
  auto eq = std::make_unique<dsp::ParametricEq>();
  eq->prepare(kFormat);
  const Type types[] = {Type::lowShelf, Type::bell, Type::bell, Type::bell, Type::bell, Type::highShelf};
  for (int i = 0; i < dsp::ParametricEq::kBands; ++i)
    eq->setBand(i, {.type = types[i], .frequency = {60.0 * (1 << i)}, .gain = {i % 2 ? 3.0 : -3.0}});
  eq->reset();
  return eq;
}

// All six bands on their way, all the time.
class MovingEqualiser {
 public:
  void reset() noexcept { eq_->reset(); }
  void process(AudioView io) noexcept {
    for (int i = 0; i < dsp::ParametricEq::kBands; ++i) {
      dsp::EqBand band = eq_->band(i);
      band.gain.value = -band.gain.value;
      eq_->setBand(i, band);
    }
    eq_->process(io);
  }

 private:
  std::unique_ptr<dsp::ParametricEq> eq_ = equaliser();
};

class Metering {
 public:
  Metering() { meter_.prepare(kFormat); }
  void reset() noexcept { meter_.reset(); }
  void process(AudioView io) noexcept { meter_.process(io.channel(0)); }

 private:
  dsp::Meter meter_;
};

class LoudnessMetering {
 public:
  LoudnessMetering() { loudness_.prepare(kFormat, 2); }
  void reset() noexcept { loudness_.reset(); }
  void process(AudioView io) noexcept { loudness_.process(io); }

 private:
  dsp::Loudness loudness_;
};

/// What a console does for one strip, without its mixes.
class Strip {
 public:
  Strip() {
    for (dsp::Meter* meter : {&before_, &after_}) meter->prepare(kFormat);
  }
  void reset() noexcept {
    highPass_->reset();
    gate_->reset();
    eq_->reset();
    compressor_->reset();
    before_.reset();
    after_.reset();
  }
  void process(AudioView io) noexcept {
    highPass_->process(io);
    before_.process(io.channel(0));
    gate_->process(io);
    eq_->process(io);
    compressor_->process(io);
    after_.process(io.channel(0));
  }

 private:
  std::unique_ptr<dsp::HighPass> highPass_ = highPass(dsp::Slope::dB12);
  std::unique_ptr<dsp::Gate> gate_ = gate();
  std::unique_ptr<dsp::ParametricEq> eq_ = equaliser();
  std::unique_ptr<dsp::Compressor> compressor_ = compressor();
  dsp::Meter before_, after_;
};

/// One send of one channel into two, at rest or moving.
class Send {
 public:
  explicit Send(bool moving) : moving_(moving), mix_(2, kFormat.maxFrames) {
    for (LinearRamp* ramp : {&left_, &right_}) ramp->setLength(960);
  }
  void reset() noexcept {
    left_.snapTo(0.5f);
    right_.snapTo(0.7f);
    mix_.view().clear();
  }
  void process(AudioView io) noexcept {
    if (moving_ && left_.isSettled()) {
      left_.setTarget(1.2f - left_.target());
      right_.setTarget(1.2f - right_.target());
    }
    dsp::addStereo(io, left_, right_, mix_.view());
  }

 private:
  bool moving_;
  AudioBuffer mix_;
  LinearRamp left_{0.5f}, right_{0.7f};
};

/// To another rate and back, as around a capture: a call gives a frame more or less than its share there, and
/// one of 64 in the end.
class ThereAndBack {
 public:
  ThereAndBack(double from, double to) {
    const auto tables = dsp::RateTable::makeBothWays(from, to);
    there_.prepare(tables->there, kFrames);
    back_.prepare(tables->back, kMost, kFrames);
  }
  void reset() noexcept {
    there_.reset(0);
    back_.reset(0);
  }
  void process(AudioView io) noexcept {
    const std::span<float> middle(middle_);
    const auto made = static_cast<std::size_t>(there_.process(io.channel(0), middle));
    back_.process(middle.first(made), io.channel(0));
  }

 private:
  static constexpr FrameCount kFrames = 64, kMost = 160;
  dsp::RateConverter there_, back_;
  std::array<float, kMost> middle_{};
};

/// Up, and down again.
class Oversampling {
 public:
  Oversampling(int factor, dsp::Oversampler::Phase phase)
      : high_(static_cast<std::size_t>(kFormat.maxFrames * factor)) {
    oversampler_.prepare(factor, phase);
  }
  void reset() noexcept { oversampler_.reset(); }
  void process(AudioView io) noexcept {
    oversampler_.up(io.channel(0), high_);
    oversampler_.down(high_, io.channel(0));
  }

 private:
  dsp::Oversampler oversampler_;
  std::vector<double> high_;
};

Case oversampling(const std::string& name, int factor, dsp::Oversampler::Phase phase) {
  return inPlace("dsp/oversample-" + name, 64, 1,
                 [=] { return std::make_unique<Oversampling>(factor, phase); });
}

}  // namespace

std::vector<Case> dspCases() {
  return {
      inPlace("dsp/highpass-12", 64, 1, [] { return highPass(dsp::Slope::dB12); }),
      inPlace("dsp/highpass-24", 64, 1, [] { return highPass(dsp::Slope::dB24); }),
      inPlace("dsp/highpass-24-stereo", 64, 2, [] { return highPass(dsp::Slope::dB24); }),
      inPlace("dsp/looper-playing", 64, 2, [] { return std::make_unique<Looping>(false); }),
      inPlace("dsp/looper-overdubbing", 64, 2, [] { return std::make_unique<Looping>(true); }),
      inPlace("dsp/gate", 64, 1, gate),
      inPlace("dsp/compressor", 64, 1, [] { return compressor(); }),
      inPlace("dsp/compressor-stereo", 64, 2, [] { return compressor(); }),
      inPlace("dsp/compressor-sidechain", 64, 1, [] { return compressor(true); }),
      inPlace("dsp/eq-6", 64, 1, equaliser),
      inPlace("dsp/eq-6-stereo", 64, 2, equaliser),
      inPlace("dsp/eq-6-moving", 64, 1, [] { return std::make_unique<MovingEqualiser>(); }),
      inPlace("dsp/meter", 64, 1, [] { return std::make_unique<Metering>(); }),
      inPlace("dsp/loudness-stereo", 64, 2, [] { return std::make_unique<LoudnessMetering>(); }),
      inPlace("dsp/rate-44100-48000-44100", 64, 1,
              [] { return std::make_unique<ThereAndBack>(44100.0, 48000.0); }),
      inPlace("dsp/rate-96000-44100-96000", 64, 1,
              [] { return std::make_unique<ThereAndBack>(96000.0, 44100.0); }),
      oversampling("4", 4, dsp::Oversampler::Phase::minimum),
      oversampling("8", 8, dsp::Oversampler::Phase::minimum),
      oversampling("16", 16, dsp::Oversampler::Phase::minimum),
      oversampling("8-linear", 8, dsp::Oversampler::Phase::linear),
      inPlace("dsp/send", 64, 1, [] { return std::make_unique<Send>(false); }),
      inPlace("dsp/send-moving", 64, 1, [] { return std::make_unique<Send>(true); }),
      inPlace("dsp/strip", 64, 1, [] { return std::make_unique<Strip>(); }),
  };
}

}  // namespace gainstage::bench
