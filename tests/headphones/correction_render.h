#pragma once

#include <functional>
#include <gtest/gtest.h>

#include "dsp/spectrum.h"
#include "headphones/correction.h"
#include "support/audio.h"

namespace gainstage::headphones {

inline Preset presetOf(const std::string& text) {
  auto eq = formats::parseEqFile(text, "test");
  if (!eq) ADD_FAILURE() << eq.error().message;
  return *makePreset(std::move(*eq), "test");
}

inline std::unique_ptr<CorrectionFilter> filterOf(const Preset& preset, const StreamFormat& format,
                                                  int channels) {
  auto filter = CorrectionFilter::make(preset, format, channels);
  if (!filter) ADD_FAILURE() << filter.error().message;
  return std::move(*filter);
}

/// A correction that plays the preset from its first frame on.
inline std::unique_ptr<Correction> playing(const Preset& preset, const StreamFormat& format, int channels) {
  auto correction = std::make_unique<Correction>();
  correction->prepare(format, channels);
  correction->install(filterOf(preset, format, channels));
  correction->reset();
  return correction;
}

/// The largest difference in dB, at 1,000 frequencies from 20 Hz to 18 kHz, between what an impulse becomes
/// and what `wantedDb` says; and where.
struct Deviation {
  double worstDb = 0.0, atHz = 0.0;
};
inline Deviation deviation(const Preset& preset, double rate, const std::function<double(double)>& wantedDb,
                           double highestHz = 18000.0) {
  const int size = rate > 50000.0 ? 1 << 18 : 1 << 17;
  testing::Signal io{testing::impulse(size)};
  const auto correction = playing(preset, {rate, 512}, 1);
  testing::renderInPlace(io, testing::splits(size, 512),
                         [&](AudioView block) { correction->process(block); });
  const dsp::Spectrum spectrum = dsp::spectrumOf(io[0], size);
  Deviation found;
  for (int i = 0; i < 1000; ++i) {
    const auto bin = static_cast<std::size_t>(20.0 * std::pow(highestHz / 20.0, i / 999.0) * size / rate);
    const double frequency = static_cast<double>(bin) * rate / size;
    const double error = std::abs(20.0 * std::log10(std::abs(spectrum[bin])) - wantedDb(frequency));
    if (!(error <= found.worstDb)) found = {error, frequency};
  }
  return found;
}

}  // namespace gainstage::headphones
