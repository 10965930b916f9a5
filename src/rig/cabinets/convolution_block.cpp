#include <algorithm>
#include <array>
#include <optional>

#include "dsp/convolver/convolver.h"
#include "dsp/kernels.h"
#include "rig/blocks.h"
#include "rig/cabinets/impulse_response.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex { file, levelled, levelDb, mix };

constexpr std::array kParameters{
    Parameter{.id = "file",
              .name = "Impulse response",
              .unit = "",
              .type = ParameterType::file,
              .structural = true},
    // Cabinets' responses are stored anywhere within 20 dB of each other, peaks at full scale or not:
    // levelled, one can be tried after another without a jump.
    structural(toggle("levelled", "Level the response", true)),
    levelDecibels("levelDb", "Level", -60.0f, 24.0f, 0.0f),
    ratio("mix", "Mix", 0.0f, 1.0f, 1.0f),
};

ImpulseResponse unitImpulse(double sampleRate) {
  ImpulseResponse response{{}, AudioBuffer(1, 1), sampleRate};
  response.channels.channel(0)[0] = 1.0f;
  return response;
}

/// Convolution with a file's impulse response: a cabinet, a room. Without a file it leaves the sound as it
/// is. `levelDb` is of the response; `mix` goes from the sound as it came in to the response alone. Latency
/// 0.
class ConvolutionBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kConvolutionBlock; }

  Result<void> setFile(ParameterIndex, const std::filesystem::path& path) override {
    auto read = readImpulseResponse(path);
    if (!read) return read.error();
    response_ = std::move(*read);
    return {};
  }

  int outputChannels(int channels) const noexcept override {
    return response_ ? outputsOf(*response_, channels) : channels;
  }

  Result<void> prepare(const StreamFormat& format, int channels) override {
    const ImpulseResponse none = unitImpulse(format.sampleRate);
    auto ready = makeReady(response_ ? *response_ : none, channels, format.sampleRate, levelled_);
    if (!ready) return ready.error();
    convolver_.prepare(ready->convolution());
    tailFrames_ = ready->tailFrames();
    inputs_ = channels;
    wet_ = AudioBuffer(ready->outputs, format.maxFrames);
    for (LinearRamp* gain : {&dryGain_, &wetGain_})
      gain->setLength(format.frames({static_cast<double>(kParameters[mix].rampMs)}));
    return {};
  }

  FrameTime tailFrames() const noexcept override { return tailFrames_; }

  void set(ParameterIndex index, float value) noexcept override {
    if (index == levelled) levelled_ = value != 0.0f;
    if (index == levelDb) level_ = Decibels{static_cast<double>(value)}.linear();
    if (index == mix) mix_ = value;
    dryGain_.setTarget(1.0f - mix_);
    wetGain_.setTarget(mix_ * level_);
  }

  void reset() noexcept override {
    convolver_.reset();
    dryGain_.snapToTarget();
    wetGain_.snapToTarget();
  }

  void process(AudioView io) noexcept override {
    const AudioView wet = wet_.view(io.frames());
    convolver_.process(io.channelRange(0, inputs_), wet);
    const LinearRamp dryStart = dryGain_, wetStart = wetGain_;
    // Downwards, since one channel that comes in is the dry part of both.
    for (int c = io.channels() - 1; c >= 0; --c) {
      dryGain_ = dryStart;
      wetGain_ = wetStart;
      if (dryGain_.isSettled() && dryGain_.target() == 0.0f) {
        dsp::copyScaled(wet.channel(c), wetGain_, io.channel(c));
        continue;
      }
      dsp::copyScaled(io.channel(std::min(c, inputs_ - 1)), dryGain_, io.channel(c));
      dsp::addScaled(wet.channel(c), wetGain_, io.channel(c));
    }
  }

 private:
  std::optional<ImpulseResponse> response_;
  dsp::Convolver convolver_;
  AudioBuffer wet_;
  int inputs_ = 1;
  FrameTime tailFrames_ = 0;
  bool levelled_ = true;
  float level_ = 1.0f, mix_ = 1.0f;
  LinearRamp dryGain_{0.0f}, wetGain_{1.0f};
};

}  // namespace

constinit const BlockDeclaration kConvolutionBlock{
    "convolution", "Convolution", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<ConvolutionBlock>()); }};

}  // namespace gainstage::rig
