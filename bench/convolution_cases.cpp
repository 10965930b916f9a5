#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "bench/bench.h"
#include "dsp/convolver/convolver.h"

namespace gainstage::bench {
namespace {

struct Shape {
  const char* name;
  int channels;
  std::vector<dsp::ConvolutionPath> paths;
};

/// Noise that decays by 60 dB.
AudioBuffer response(FrameCount taps) {
  AudioBuffer samples = testSignal(1, taps);
  for (FrameCount k = 0; k < taps; ++k)
    samples.channel(0)[static_cast<std::size_t>(k)] *=
        std::pow(10.0f, -3.0f * static_cast<float>(k) / static_cast<float>(taps));
  return samples;
}

/// A convolution in full swing: every pass begins with the past that the one before began with.
class Convolving : public Work {
 public:
  Convolving(const Shape& shape, FrameCount taps, FrameCount frames)
      : signal_(testSignal(shape.channels, kSignalFrames)), io_(shape.channels, frames), taps_(taps) {
    const AudioBuffer samples = response(taps);
    dsp::Convolution convolution{shape.channels, shape.channels, {}, shape.paths};
    for (const dsp::ConvolutionPath& path : shape.paths) {
      const auto count = static_cast<std::size_t>(path.response) + 1;
      while (convolution.responses.size() < count) convolution.responses.push_back(samples.channel(0));
    }
    convolver_.prepare(convolution);
  }

  void rewind() noexcept override {
    convolver_.reset();
    at_ = 0;
    for (FrameCount done = 0; done < taps_ + largestBlock(); done += io_.frames()) {
      feed(0);
      run();
    }
  }
  void feed(int) noexcept override {
    copy(std::as_const(signal_).view().frameRange(at_, io_.frames()), io_.view());
    at_ = (at_ + io_.frames()) % (kSignalFrames - io_.frames());
  }
  void run() noexcept override { convolver_.process(io_.view(), io_.view()); }

 private:
  static constexpr FrameCount kSignalFrames = 50000;

  FrameCount largestBlock() const noexcept {
    return convolver_.layout().empty() ? 0 : convolver_.layout().back().frames;
  }

  AudioBuffer signal_;
  AudioBuffer io_;
  dsp::Convolver convolver_;
  FrameCount taps_;
  FrameCount at_ = 0;
};

}  // namespace

std::vector<Case> convolutionCases() {
  std::vector<Case> cases;
  const auto add = [&](const Shape& shape, FrameCount taps, FrameCount frames) {
    cases.push_back({.name = fmt::format("dsp/convolution{}-{}/{}", shape.name, taps, frames),
                     .frames = frames,
                     .prepare = [=]() -> std::unique_ptr<Work> {
                       return std::make_unique<Convolving>(shape, taps, frames);
                     }});
  };
  const Shape mono{"", 1, {{0, 0, 0}}};
  const Shape stereo{"-stereo", 2, {{0, 0, 0}, {1, 1, 1}}};
  const Shape trueStereo{"-true-stereo", 2, {{0, 0, 0}, {0, 1, 1}, {1, 0, 2}, {1, 1, 3}}};
  for (const FrameCount taps : {2048, 8192, 48000, 192000})
    for (const FrameCount frames : {16, 64, 96, 256}) add(mono, taps, frames);
  for (const Shape& shape : {stereo, trueStereo})
    for (const FrameCount taps : {2048, 192000}) add(shape, taps, 64);
  return cases;
}

}  // namespace gainstage::bench
