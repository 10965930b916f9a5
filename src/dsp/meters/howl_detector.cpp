#include "dsp/meters/howl_detector.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

constexpr double kSpectrumSeconds = 0.0427;  // 2,048 frames at 48 kHz, to the nearest power of two elsewhere
constexpr int kTurns = 16;

constexpr double kLowestHz = 80.0;
constexpr double kHighestShare = 0.4;     // of the rate
constexpr double kSoftest = 1e-7;         // power of the softest tone that counts: -70 dBFS
constexpr float kCandidateShare = 0.05f;  // of the strongest bin: others that far below are not the howl

// Power ratios that a pure tone has. A guitar's or a voice's strongest partial has others within 5..25 dB.
constexpr double kToNeighbours = 6.0;     // 15 dB, the mean of bins 5..12 away
constexpr double kToHarmonics = 200.0;    // 23 dB
constexpr double kToSubharmonics = 20.0;  // 13 dB: what else sounds may lie there
constexpr double kToTotal = 0.4;          // -4 dB

constexpr double kSameTone = 2.0;  // bins that a tone may move in a hop

constexpr int kHalfWidth = 4;

constexpr float kFallDb = 20.0f;
constexpr double kHoldSeconds = 4.0;

float decibels(double power) { return static_cast<float>(10.0 * std::log10(power + 1e-20)); }

}  // namespace

void HowlDetector::prepare(const StreamFormat& format, int turn) {
  const int size = 1 << std::lround(std::log2(kSpectrumSeconds * format.sampleRate));
  fft_.emplace(size);
  window_.resize(static_cast<std::size_t>(size));
  // Hann, scaled so that a full-scale sine's bins have a power of 1 together: its middle bin has (size /
  // 4)^2, those beside it a quarter of that.
  const double scale = 1.0 / (0.25 * size * std::sqrt(1.5));
  for (int n = 0; n < size; ++n)
    window_[static_cast<std::size_t>(n)] =
        static_cast<float>(scale * (0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / size)));
  frames_.assign(static_cast<std::size_t>(size), 0.0f);
  powers_.assign(static_cast<std::size_t>(fft_->bins()), 0.0f);
  hopSeconds_ = 0.5 * size / format.sampleRate;
  binHz_ = format.sampleRate / size;
  lowestBin_ = std::max(3, static_cast<int>(std::ceil(kLowestHz / binHz_)));
  highestBin_ = static_cast<int>(kHighestShare * size);
  turnFrames_ = turn % kTurns * size / 2 / kTurns;
  reset();
}

void HowlDetector::reset() noexcept {
  std::ranges::fill(frames_, 0.0f);
  filled_ = static_cast<int>(frames_.size()) / 2 + turnFrames_;
  for (ToneTrack& track : tracks_) track.drop();
  howling_ = false;
}

void HowlDetector::process(std::span<const float> frames) noexcept {
  while (!frames.empty()) {
    const std::size_t count = std::min(frames.size(), frames_.size() - static_cast<std::size_t>(filled_));
    std::ranges::copy(frames.first(count), frames_.begin() + filled_);
    frames = frames.subspan(count);
    filled_ += static_cast<int>(count);
    if (filled_ == static_cast<int>(frames_.size())) {
      analyse();
      filled_ /= 2;
      std::copy(frames_.begin() + filled_, frames_.end(), frames_.begin());
    }
  }
}

void HowlDetector::analyse() noexcept {
  const std::span<float> in = fft_->input();
  for (std::size_t n = 0; n < in.size(); ++n) in[n] = frames_[n] * window_[n];
  fft_->transform();
  measurePowers();
  std::array<Tone, kTones> tones;
  const int count = findTones(tones);
  follow(std::span(tones).first(static_cast<std::size_t>(count)));
  watchHowl();
}

void HowlDetector::measurePowers() noexcept {
  constexpr std::size_t lanes = 8;  // sums side by side, which the compiler makes vectors of
  const std::span<const std::complex<float>> spectrum = fft_->output();
  float sums[lanes] = {};
  for (std::size_t bin = 0; bin + lanes <= powers_.size(); bin += lanes)
    for (std::size_t i = 0; i < lanes; ++i) {
      const float re = spectrum[bin + i].real(), im = spectrum[bin + i].imag();
      powers_[bin + i] = re * re + im * im;
      sums[i] += powers_[bin + i];
    }
  totalPower_ = 0.0;
  for (const float sum : sums) totalPower_ += static_cast<double>(sum);
}

int HowlDetector::findTones(std::span<Tone> tones) const noexcept {
  const auto powers = std::span(powers_);
  const float strongest = *std::ranges::max_element(powers.subspan(
      static_cast<std::size_t>(lowestBin_), static_cast<std::size_t>(highestBin_ - lowestBin_)));
  if (!(strongest > 0.5 * kSoftest)) return 0;
  const float least = strongest * kCandidateShare;
  int count = 0;
  for (int bin = lowestBin_; bin < highestBin_; ++bin) {
    const auto at = static_cast<std::size_t>(bin);
    if (powers[at] < least || powers[at] < powers[at - 1] || powers[at] <= powers[at + 1]) continue;
    const Tone tone = toneAt(bin);
    bool hidden = false;
    for (int i = 0; i < count; ++i)
      hidden |= std::abs(tones[static_cast<std::size_t>(i)].bin - tone.bin) < 5.0 &&
                tones[static_cast<std::size_t>(i)].levelDb >= tone.levelDb;
    if (hidden) continue;
    int place = count;
    while (place > 0 && tones[static_cast<std::size_t>(place - 1)].levelDb < tone.levelDb) --place;
    if (place == kTones) continue;
    for (int i = std::min(count, kTones - 1); i > place; --i)
      tones[static_cast<std::size_t>(i)] = tones[static_cast<std::size_t>(i - 1)];
    tones[static_cast<std::size_t>(place)] = tone;
    count = std::min(count + 1, kTones);
  }
  return count;
}

double HowlDetector::lobe(double bin) const noexcept {
  const int middle = static_cast<int>(std::lround(bin));
  double sum = 0.0;
  for (int i = std::max(1, middle - 2); i <= middle + 2 && i < static_cast<int>(powers_.size()); ++i)
    sum += static_cast<double>(powers_[static_cast<std::size_t>(i)]);
  return sum;
}

Tone HowlDetector::toneAt(int bin) const noexcept {
  const auto power = [&](int at) {
    return at > 0 && at < static_cast<int>(powers_.size())
               ? static_cast<double>(powers_[static_cast<std::size_t>(at)])
               : 0.0;
  };
  // A parabola through the decibels of the three strongest bins.
  const double left = static_cast<double>(decibels(power(bin - 1))),
               middle = static_cast<double>(decibels(power(bin))),
               right = static_cast<double>(decibels(power(bin + 1)));
  const double curve = left - 2.0 * middle + right;
  const double exact = bin + (curve < 0.0 ? 0.5 * (left - right) / curve : 0.0);
  const double own = lobe(bin);
  double wide = 0.0;
  for (int away = -kHalfWidth; away <= kHalfWidth; ++away) wide += power(bin + away);
  double neighbours = 0.0;
  for (int away = 5; away <= 12; ++away) neighbours += power(bin - away) + power(bin + away);
  neighbours /= 16.0;
  const bool pure = own >= kSoftest && wide >= kToTotal * totalPower_ && own >= kToNeighbours * neighbours &&
                    own >= kToHarmonics * lobe(2.0 * exact) && own >= kToHarmonics * lobe(3.0 * exact) &&
                    own >= kToSubharmonics * lobe(0.5 * exact) && own >= kToSubharmonics * lobe(1.5 * exact);
  return {exact, static_cast<float>(wide), pure};
}

void HowlDetector::follow(std::span<const Tone> tones) noexcept {
  std::array<bool, kTones> taken{};
  for (ToneTrack& track : tracks_) {
    if (track.isFree()) continue;
    std::size_t nearest = tones.size();
    for (std::size_t i = 0; i < tones.size(); ++i)
      if (!taken[i] && std::abs(tones[i].bin - track.bin()) <= kSameTone &&
          (nearest == tones.size() ||
           std::abs(tones[i].bin - track.bin()) < std::abs(tones[nearest].bin - track.bin())))
        nearest = i;
    if (nearest == tones.size()) {
      track.drop();
      continue;
    }
    taken[nearest] = true;
    track.add(tones[nearest]);
  }
  for (std::size_t i = 0; i < tones.size(); ++i) {
    if (taken[i]) continue;
    const auto free = std::ranges::find_if(tracks_, &ToneTrack::isFree);
    if (free != tracks_.end()) free->add(tones[i]);
  }
}

void HowlDetector::watchHowl() noexcept {
  for (const ToneTrack& track : tracks_) {
    if (track.isFree() || !track.risesSteadily(hopSeconds_)) continue;
    howling_ = true;
    frequencyHz_ = static_cast<float>(track.bin() * binHz_);
    howlDb_ = track.levelDb();
    quietSeconds_ = 0.0;
  }
  if (!howling_) return;
  const float level = decibels(lobe(static_cast<double>(frequencyHz_) / binHz_));
  howlDb_ = std::max(howlDb_, level);
  quietSeconds_ = level > howlDb_ - kFallDb ? 0.0 : quietSeconds_ + hopSeconds_;
  if (quietSeconds_ >= kHoldSeconds) howling_ = false;
}

}  // namespace gainstage::dsp
