#include "headphones/preset.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <complex>
#include <fmt/format.h>
#include <fstream>
#include <numbers>

#include "dsp/filters/k_weighting.h"
#include "dsp/spectrum.h"
#include "formats/file_error.h"
#include "headphones/eq_section.h"
#include "headphones/graphic_response.h"

namespace gainstage::headphones {
namespace {

constexpr int kResponseBins = 1 << 17;  // at least, of a response's transform: 0.4 Hz apart at 48 kHz
constexpr double kPeakFromHz = 10.0, kPeakToHz = 20000.0;
constexpr int kPeakPoints = 4000;

double decibels(double squared) { return 10.0 * std::log10(std::max(squared, 1e-20)); }

/// Sound files by their first bytes: RIFF and its kin, AIFF, FLAC, Ogg, CAF, AU, MP3.
bool beginsLikeAudio(const std::filesystem::path& file) {
  constexpr std::array<std::string_view, 10> kBeginnings{"RIFF", "RF64", "RIFX", "FORM", "fLaC",
                                                         "OggS", "caff", ".snd", "ID3",  "riff"};
  std::ifstream stream(file, std::ios::binary);
  std::array<char, 4> bytes{};
  stream.read(bytes.data(), bytes.size());
  const std::string_view beginning(bytes.data(), static_cast<std::size_t>(stream.gcount()));
  if (std::ranges::any_of(kBeginnings, [&](std::string_view known) { return beginning.starts_with(known); }))
    return true;
  return beginning.size() >= 2 && beginning[0] == '\xff' && (beginning[1] & '\xe0') == '\xe0' &&
         beginning[1] != '\xfe';  // MP3 without a tag; FF FE begins UTF-16 text
}

void addResponseGains(const formats::AudioData& response, std::span<const double> frequenciesHz,
                      std::span<double> gains) {
  const int size = std::max(
      kResponseBins, static_cast<int>(std::bit_ceil(2 * static_cast<std::size_t>(response.audio.frames()))));
  std::vector<double> power(static_cast<std::size_t>(size) / 2 + 1);
  for (int c = 0; c < response.audio.channels(); ++c) {
    const dsp::Spectrum spectrum = dsp::spectrumOf(response.audio.channel(c), size);
    for (std::size_t k = 0; k < power.size(); ++k) power[k] += std::norm(spectrum[k]);
  }
  // Of four, two lead to each side.
  const double sides = std::min(response.audio.channels(), 2);
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const double bin = std::min(frequenciesHz[i] / response.sampleRate * size, size / 2.0 - 1.0);
    const auto k = static_cast<std::size_t>(bin);
    const double share = bin - std::floor(bin);
    gains[i] += decibels(((1.0 - share) * power[k] + share * power[k + 1]) / sides);
  }
}

std::vector<double> gainsWithoutPreamp(const Preset& preset, std::span<const double> frequenciesHz) {
  std::vector<double> gains(frequenciesHz.size(), 0.0);
  const double rate = preset.eq.sampleRateHz;
  for (const formats::EqFilter& filter : preset.eq.filters) {
    const EqSection section = cookbookSection(filter, rate);
    for (std::size_t i = 0; i < gains.size(); ++i)
      gains[i] += decibels(section.squaredGain(warpedOf(std::min(frequenciesHz[i], 0.4999 * rate), rate)));
  }
  if (!preset.eq.graphic.empty())
    for (std::size_t i = 0; i < gains.size(); ++i)
      gains[i] += graphicGainDb(preset.eq.graphic, frequenciesHz[i]);
  if (preset.response) addResponseGains(*preset.response, frequenciesHz, gains);
  return gains;
}

double peakWithoutPreamp(const Preset& preset) {
  std::vector<double> frequencies = logFrequencies(kPeakFromHz, kPeakToHz, kPeakPoints);
  for (const formats::EqFilter& filter : preset.eq.filters)  // a narrow one may lie between two of them
    if (filter.frequencyHz < kPeakToHz) frequencies.push_back(filter.frequencyHz);
  return std::ranges::max(gainsWithoutPreamp(preset, frequencies));
}

void computePreamp(Preset& preset, std::string_view why) {
  const double peak = peakWithoutPreamp(preset);
  preset.preampDb = std::min(0.0, -std::ceil(10.0 * peak) / 10.0);
  preset.preampComputed = true;
  preset.remarks.push_back(
      fmt::format("{}: {:.1f} dB is used, which takes its highest gain ({:+.1f} dB) to {} dB.", why,
                  preset.preampDb, peak, preset.preampDb < 0.0 ? "0" : "no more than 0"));
}

Result<Preset> loadResponse(const std::filesystem::path& file) {
  auto audio = formats::readAudioFile(file, {.channels = 4});
  if (!audio) return audio.error();
  if (audio->audio.channels() == 3)
    return formats::fileError(file, "has 3 channels: an impulse response has 1, 2 or 4");
  if (audio->audio.frames() > kLongestResponseSeconds * audio->sampleRate)
    return formats::fileError(
        file, fmt::format("lasts {:.1f} s and a correction at most {:g} s: cut it off",
                          audio->audio.frames() / audio->sampleRate, kLongestResponseSeconds));
  Preset preset{.name = file.stem().string(), .response = std::move(*audio)};
  bool silent = true;
  for (int c = 0; c < preset.response->audio.channels(); ++c)
    for (const float sample : preset.response->audio.channel(c)) silent &= sample == 0.0f;
  if (silent) return formats::fileError(file, "is silent: choose another impulse response");
  computePreamp(preset, "An impulse response has no preamp");
  return preset;
}

/// |H|^2 of a section, from its states' equations: H(z) = direct + (c1 c2) (z - A)^-1 (b1 b2).
double squaredGain(const dsp::BiquadCoefficients& section, double frequencyHz, double rateHz) {
  const std::complex<double> z = std::polar(1.0, 2.0 * std::numbers::pi * frequencyHz / rateHz);
  const std::complex<double> first = z - section.decay, second = z - 1.0 + section.b2;
  const std::complex<double> determinant = first * second + section.b1 * section.b1;
  const std::complex<double> s1 = section.b1 * (second - section.b2) / determinant;
  const std::complex<double> s2 = (section.b1 * section.b1 + section.b2 * first) / determinant;
  return std::norm(section.direct + section.c1 * s1 + section.c2 * s2);
}

}  // namespace

Result<Preset> makePreset(formats::EqFile eq, std::string name) {
  Preset preset{.name = std::move(name), .eq = std::move(eq), .remarks = {}};
  preset.remarks = preset.eq.remarks;
  if (preset.eq.preampDb)
    preset.preampDb = *preset.eq.preampDb;
  else
    computePreamp(preset, "The file has no \"Preamp:\" line");
  return preset;
}

Result<Preset> loadPreset(const std::filesystem::path& file) {
  if (beginsLikeAudio(file)) return loadResponse(file);
  auto eq = formats::readEqFile(file);
  if (!eq) return eq.error();
  return makePreset(std::move(*eq), file.stem().string());
}

std::vector<double> gainsDb(const Preset& preset, std::span<const double> frequenciesHz) {
  std::vector<double> gains = gainsWithoutPreamp(preset, frequenciesHz);
  for (double& gain : gains) gain += preset.preampDb;
  return gains;
}

std::vector<double> logFrequencies(double lowestHz, double highestHz, int count) {
  std::vector<double> frequencies(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    frequencies[static_cast<std::size_t>(i)] = lowestHz * std::pow(highestHz / lowestHz, i / (count - 1.0));
  return frequencies;
}

double peakGainDb(const Preset& preset) { return peakWithoutPreamp(preset) + preset.preampDb; }

double loudnessChangeDb(const Preset& preset) {
  const std::vector<double> frequencies = logFrequencies(20.0, 20000.0, 1000);  // pink: each counts alike
  const std::vector<double> gains = gainsDb(preset, frequencies);
  constexpr double kRateHz = 48000.0;  // any would do
  const auto shelf = dsp::kWeightingShelf(kRateHz), highPass = dsp::kWeightingHighPass(kRateHz);
  double before = 0.0, after = 0.0;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    const double weight =
        squaredGain(shelf, frequencies[i], kRateHz) * squaredGain(highPass, frequencies[i], kRateHz);
    before += weight;
    after += weight * std::pow(10.0, gains[i] / 10.0);
  }
  return decibels(after / before);
}

}  // namespace gainstage::headphones
