#include <array>

#include "dsp/dynamics/compressor.h"
#include "rig/blocks.h"
#include "rig/parameters.h"

namespace gainstage::rig {
namespace {

enum Index : ParameterIndex {
  thresholdDb,
  ratioToOne,
  kneeDb,
  attackMs,
  releaseMs,
  makeUpDb,
  sidechainHighpassOn,
  sidechainHighpassHz
};

constexpr std::array kParameters{
    decibels("thresholdDb", "Threshold", -60.0f, 0.0f, -24.0f),
    ratio("ratio", "Ratio", 1.0f, 20.0f, 3.0f, Scale::logarithmic),
    decibels("kneeDb", "Knee", 0.0f, 24.0f, 6.0f),
    milliseconds("attackMs", "Attack", 0.1f, 200.0f, 10.0f),
    milliseconds("releaseMs", "Release", 5.0f, 2000.0f, 150.0f),
    levelDecibels("makeUpDb", "Make-up gain", 0.0f, 24.0f, 0.0f),
    toggle("sidechainHighpassOn", "Deaf to lows", false),
    hertz("sidechainHighpassHz", "Deaf below", 20.0f, 500.0f, 100.0f),
};

class CompressorBlock final : public Block {
 public:
  const BlockDeclaration& declaration() const noexcept override { return kCompressorBlock; }
  Result<void> prepare(const StreamFormat& format, int) override {
    compressor_.prepare(format);
    return {};
  }
  void set(ParameterIndex index, float value) noexcept override {
    switch (index) {
      case thresholdDb:
        return compressor_.setThreshold({value});
      case ratioToOne:
        return compressor_.setRatio(value);
      case kneeDb:
        return compressor_.setKnee({value});
      case attackMs:
        return compressor_.setAttack({value});
      case releaseMs:
        return compressor_.setRelease({value});
      case makeUpDb:
        return compressor_.setMakeUp({value});
      case sidechainHighpassOn:
        return compressor_.setSidechainHighPassOn(value != 0.0f);
      case sidechainHighpassHz:
        return compressor_.setSidechainHighPass({value});
      default:
        return;
    }
  }
  void reset() noexcept override { compressor_.reset(); }
  void process(AudioView io) noexcept override { compressor_.process(io); }

 private:
  dsp::Compressor compressor_;
};

}  // namespace

constinit const BlockDeclaration kCompressorBlock{
    "compressor", "Compressor", kParameters,
    [] { return std::unique_ptr<Block>(std::make_unique<CompressorBlock>()); }};

}  // namespace gainstage::rig
