#include "dsp/dynamics/compressor.h"

namespace gainstage::dsp {

void Compressor::prepare(const StreamFormat& format) noexcept {
  sampleRate_ = format.sampleRate;
  for (LinearRamp* ramp : {&thresholdDb_, &slope_, &kneeDb_, &makeUpGain_})
    ramp->setLength(format.frames({20.0}));
  sidechain_.prepare(format);
  reset();
}

void Compressor::reset() noexcept {
  for (LinearRamp* ramp : {&thresholdDb_, &slope_, &kneeDb_, &makeUpGain_}) ramp->snapToTarget();
  sidechain_.reset();
  reductionDb_ = 0.0f;
}

void Compressor::process(AudioView io) noexcept {
  constexpr auto kMost = static_cast<FrameCount>(kDynamicsFrames);
  for (FrameCount done = 0; done < io.frames(); done += kMost)
    processChunk(io.frameRange(done, std::min(kMost, io.frames() - done)));
}

void Compressor::detect(AudioView io, DynamicsChunk& key) noexcept {
  const auto frames = static_cast<std::size_t>(io.frames());
  if (sidechain_.isBypassed()) {
    linkChannels(io.channel(0).data(), io.channel(io.channels() - 1).data(), frames, key);
    return;
  }
  std::array<float, kDynamicsFrames> first, second;
  float* const rows[] = {first.data(), second.data()};
  const AudioView heard(rows, io.channels(), io.frames());
  copy(io, heard);
  sidechain_.process(heard);
  linkChannels(first.data(), rows[io.channels() - 1], frames, key);
}

void Compressor::smooth(const DynamicsChunk& attack, const DynamicsChunk& release, std::size_t frames,
                        DynamicsChunk& reductionDb) noexcept {
  // Eq. 16 takes one coefficient for a rise and the other for a fall. Where attack is the quicker, the right
  // one of the two results is always the larger (for a rise, quicker is higher; for a fall, slower is
  // higher), where it is the slower, the smaller: no branch, and the two are computed side by side.
  float y = reductionDb_;
  if (attack_ <= release_) {
    for (std::size_t n = 0; n < frames; ++n)
      reductionDb.values[n] = y = std::max(attack_ * y + attack.values[n], release_ * y + release.values[n]);
  } else {
    for (std::size_t n = 0; n < frames; ++n)
      reductionDb.values[n] = y = std::min(attack_ * y + attack.values[n], release_ * y + release.values[n]);
  }
  reductionDb_ = y;
}

void Compressor::processChunk(AudioView io) noexcept {
  const auto frames = static_cast<std::size_t>(io.frames());
  CompressorChunk law;
  thresholdDb_.fill({law.thresholdDb.data(), frames});
  slope_.fill({law.slope.data(), frames});
  kneeDb_.fill({law.kneeDb.data(), frames});
  makeUpGain_.fill({law.makeUpGain.data(), frames});

  DynamicsChunk key, attack, release, reductionDb, gain;
  detect(io, key);
  reductionOf(key, law, 1.0f - attack_, 1.0f - release_, frames, attack, release);
  smooth(attack, release, frames, reductionDb);
  gainsOf(reductionDb, law.makeUpGain, frames, gain);
  for (int c = 0; c < io.channels(); ++c) multiply(gain, io.channel(c).data(), frames);
}

}  // namespace gainstage::dsp
