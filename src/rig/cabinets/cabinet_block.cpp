#include <algorithm>
#include <array>
#include <atomic>
#include <fmt/format.h>

#include "dsp/convolver/convolver.h"
#include "dsp/convolver/convolver_response.h"
#include "dsp/filters/biquad_cascade.h"
#include "dsp/kernels.h"
#include "formats/file_error.h"
#include "rig/blocks.h"
#include "rig/cabinets/cabinet_parameters.h"
#include "rig/cabinets/cabinet_response.h"

namespace gainstage::rig {
namespace {

using namespace cabinets;

/// One of the two microphones.
struct Microphone {
  float cabinet = kOff;
  analog::CabinetSetup setup;
  bool minimumPhase = false, inverted = false;
  std::filesystem::path file;

  bool isOn() const noexcept { return cabinet != kOff; }
  bool lacksFile() const { return cabinet == kFile && file.empty(); }

  Result<CabinetResponse> make(double sampleRate, bool level, std::vector<std::string>& notes) const {
    CabinetResponse made{{1.0f}, 0, setup.distanceCm / 100.0};
    if (lacksFile()) {
      notes.emplace_back("a response is to come from a file, but none is chosen");
      return made;
    }
    if (cabinet == kFile) {
      auto read = readImpulseResponse(file);
      if (!read) return read.error();
      if (read->channels.channels() > 1)
        notes.push_back(
            fmt::format("of the channels of {} the first is used; a convolution block plays them all",
                        formats::quoted(file)));
      auto from = makeCabinetResponse(*read, setup, sampleRate);
      if (!from) return from.error();
      made = std::move(*from);
    } else {
      made = makeCabinetResponse(setup, sampleRate);
    }
    if (minimumPhase) makeMinimumPhase(made);
    if (level) makeLevel(made, sampleRate);
    return made;
  }
};

/// One or two microphones before one or two cabinets: built-in ones or files. Both go through one convolver,
/// and are mixed behind it, so that blend, polarity, cuts and level ramp; whatever shapes a response is
/// structural. A file that is not chosen leaves the sound as it is. Latency 0.
class CabinetBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kCabinetBlock; }

  Result<void> setFile(ParameterIndex index, const std::filesystem::path& path) override {
    microphones_[index / kPerMicrophone].file = path;
    return {};
  }

  Result<void> prepare(const StreamFormat& format, int channels) override {
    sampleRate_ = format.sampleRate;
    std::vector<CabinetResponse> responses;
    notes_.clear();
    for (const Microphone& each : microphones_) {
      if (!each.isOn()) continue;
      auto made = each.make(sampleRate_, levelled_, notes_);
      if (!made) return made.error();
      responses.push_back(std::move(*made));
    }
    if (responses.empty()) responses.push_back({{1.0f}});
    if (responses.size() == 2) align(responses[0], responses[1], sampleRate_);
    load(responses, channels);
    wet_ = AudioBuffer(channels * static_cast<int>(responses.size()), format.maxFrames);
    const FrameCount ramp = format.frames({static_cast<double>(kCabinetParameters[blend].rampMs)});
    for (LinearRamp& gain : gains_) gain.setLength(ramp);
    cuts_.prepare(format, {static_cast<double>(kCabinetParameters[lowCutHz].rampMs)});
    return {};
  }

  FrameTime tailFrames() const noexcept override { return tailFrames_ + cutRing_; }

  std::vector<std::string> notes() const override { return notes_; }

  void set(ParameterIndex index, float value) noexcept override {
    if (index < blend)
      setMicrophone(microphones_[index / kPerMicrophone], index % kPerMicrophone, value);
    else
      setMix(index, value);
    setGains();
  }

  void reset() noexcept override {
    convolver_.reset();
    cuts_.reset();
    for (LinearRamp& gain : gains_) gain.snapToTarget();
  }

  void process(AudioView io) noexcept override {
    const AudioView wet = wet_.view(io.frames());
    convolver_.process(io, wet);
    const std::array<LinearRamp, 2> start = gains_;
    for (int c = 0; c < io.channels(); ++c) {
      gains_ = start;
      std::size_t which = microphones_[0].isOn() ? 0 : 1;
      dsp::copyScaled(wet.channel(c), gains_[which], io.channel(c));
      if (wet.channels() > io.channels())
        dsp::addScaled(wet.channel(io.channels() + c), gains_[1], io.channel(c));
    }
    cuts_.process(io);
  }

 private:
  void load(const std::vector<CabinetResponse>& responses, int channels) {
    std::size_t longest = 0;
    for (const CabinetResponse& each : responses) longest = std::max(longest, each.taps.size());
    AudioBuffer taps(static_cast<int>(responses.size()), static_cast<FrameCount>(longest));
    dsp::Convolution convolution{channels, channels * taps.channels(), {}, {}};
    tailFrames_ = 0;
    for (int i = 0; i < taps.channels(); ++i) {
      std::ranges::copy(responses[static_cast<std::size_t>(i)].taps, taps.channel(i).begin());
      convolution.responses.push_back(taps.channel(i));
      for (int c = 0; c < channels; ++c) convolution.paths.push_back({c, i * channels + c, i});
      tailFrames_ = std::max(tailFrames_, dsp::framesUntilEnergyFallsTo(taps.channel(i), Decibels{-90.0}));
    }
    convolver_.prepare(convolution);
  }

  void setMicrophone(Microphone& each, int index, float value) noexcept {
    switch (index) {
      case cabinet:
        each.cabinet = value;
        if (value >= kFirstBuiltIn)
          each.setup.cabinet = static_cast<analog::CabinetKind>(static_cast<int>(value - kFirstBuiltIn));
        return;
      case microphone:
        each.setup.microphone = static_cast<analog::MicrophoneKind>(static_cast<int>(value));
        return;
      case distanceCm:
        each.setup.distanceCm = static_cast<double>(value);
        return;
      case angleDegrees:
        each.setup.angleDegrees = static_cast<double>(value);
        return;
      case minimumPhase:
        each.minimumPhase = value != 0.0f;
        return;
      case inverted:
        each.inverted = value != 0.0f;
        return;
      default:
        return;
    }
  }

  void setMix(ParameterIndex index, float value) noexcept {
    switch (index) {
      case blend:
        blend_ = value;
        return;
      case lowCutOn:
        lowCut_.on = value != 0.0f;
        break;
      case lowCutHz:
        lowCut_.frequency.value = static_cast<double>(value);
        break;
      case highCutOn:
        highCut_.on = value != 0.0f;
        break;
      case highCutHz:
        highCut_.frequency.value = static_cast<double>(value);
        break;
      case levelled:
        levelled_ = value != 0.0f;
        return;
      case levelDb:
        level_ = Decibels{static_cast<double>(value)}.linear();
        return;
      default:
        return;
    }
    setCuts();
  }

  void setGains() noexcept {
    const bool both = microphones_[0].isOn() && microphones_[1].isOn();
    const std::array<float, 2> shares{both ? 1.0f - blend_ : 1.0f, both ? blend_ : 1.0f};
    for (std::size_t i = 0; i < 2; ++i)
      gains_[i].setTarget(level_ * shares[i] * (microphones_[i].inverted ? -1.0f : 1.0f));
  }

  void setCuts() noexcept {
    constexpr double kButterworth = 0.70710678;
    const dsp::BiquadCoefficients none;
    const dsp::BiquadCoefficients low =
        lowCut_.on ? dsp::highPass(lowCut_.frequency, kButterworth, sampleRate_) : none;
    const dsp::BiquadCoefficients high =
        highCut_.on ? dsp::lowPass(highCut_.frequency, kButterworth, sampleRate_) : none;
    cuts_.setTarget(0, low);
    cuts_.setTarget(1, high);
    cutRing_ = dsp::ringFrames(low, {90.0}) + dsp::ringFrames(high, {90.0});
  }

  struct Cut {
    bool on = false;
    Hertz frequency{1000.0};
  };

  std::array<Microphone, 2> microphones_;
  bool levelled_ = true;
  double sampleRate_ = 48000.0;
  float blend_ = 0.5f, level_ = 1.0f;
  Cut lowCut_, highCut_;
  dsp::Convolver convolver_;
  AudioBuffer wet_;  // A's channels, then B's, of those that are on
  std::array<LinearRamp, 2> gains_{LinearRamp{1.0f}, LinearRamp{1.0f}};
  dsp::BiquadCascade<2> cuts_;
  FrameTime tailFrames_ = 0;
  std::atomic<FrameTime> cutRing_{0};
  std::vector<std::string> notes_;
};

}  // namespace

constinit const BlockDeclaration kCabinetBlock{
    "cabinet", "Cabinet", kCabinetParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<CabinetBlock>()); }};

}  // namespace gainstage::rig
