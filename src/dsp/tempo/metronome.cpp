#include "dsp/tempo/metronome.h"

#include <cmath>
#include <numbers>

namespace gainstage::dsp {
namespace {

constexpr double kDecaySeconds = 0.010;
// The envelope's height where the sine first peaks after the swell is over.
constexpr float kSwellLoss = 0.88f;

}  // namespace

void Ping::prepare(const StreamFormat& format) noexcept {
  sampleRate_ = format.sampleRate;
  length_ = format.frames(80_ms);
  attack_ = format.frames(1_ms);
  bridge_.setLength(format.frames(2_ms));
  silence();
}

void Ping::silence() noexcept {
  left_ = 0;
  last_ = 0.0f;
  bridge_.reset();
}

void Ping::strike(double frequencyHz, float peak) noexcept {
  if (isSounding()) bridge_.bridge(last_, 0.0f);
  left_ = length_;
  turn_ = std::polar(std::exp(-1.0 / (kDecaySeconds * sampleRate_)),
                     2.0 * std::numbers::pi * frequencyHz / sampleRate_);
  phasor_ = peak / kSwellLoss;
}

void Ping::add(std::span<float> samples) noexcept {
  for (std::size_t i = 0; i < samples.size() && isSounding(); ++i) {
    last_ = 0.0f;
    if (left_ > 0) {
      phasor_ *= turn_;
      const float swell =
          std::min(static_cast<float>(length_ - left_ + 1) / static_cast<float>(attack_), 1.0f);
      const float ending = std::min(4.0f * static_cast<float>(left_) / static_cast<float>(length_), 1.0f);
      last_ = static_cast<float>(phasor_.imag()) * smoothStep(swell) * ending;
      --left_;
    }
    bridge_.process({&last_, 1});
    samples[i] += last_;
  }
}

void Metronome::prepare(const StreamFormat& format) noexcept {
  clock_.prepare(format.sampleRate);
  ping_.prepare(format);
  fade_.prepare(format, 1_ms, 5_ms);
}

void Metronome::setOn(bool on) noexcept {
  if (on == fade_.isOpening()) return;
  if (!on) return fade_.setOpen(false);
  restart();
  if (fade_.isClosed()) {
    ping_.silence();
    fade_.snapTo(true);
  } else {
    fade_.setOpen(true);
  }
}

void Metronome::follow(double beat, double beatsPerMinute, bool rolling) noexcept {
  clock_.follow(beat, beatsPerMinute);
  running_ = rolling;
}

void Metronome::restart() noexcept {
  clock_.restart();
  running_ = true;
}

void Metronome::reset() noexcept {
  restart();
  ping_.silence();
  fade_.snapTo(fade_.isOpening());
}

void Metronome::process(std::span<float> out) noexcept {
  std::ranges::fill(out, 0.0f);
  if (isSilent()) return;
  for (std::size_t at = 0; at < out.size();) {
    auto frames = static_cast<FrameTime>(out.size() - at);
    if (running_) {
      if (clock_.framesToNextBeat() == 0) {
        const auto bar = static_cast<std::int64_t>(beatsPerBar_);
        const bool accented = (clock_.nextBeat() % bar + bar) % bar == 0;
        const Decibels peak{kPeakDbfs + (accented ? accentDb_ : 0.0f)};
        ping_.strike(accented ? kAccentHz : kBeatHz, peak.linear());
        clock_.takeBeat();
      }
      frames = std::min(frames, clock_.framesToNextBeat());
      clock_.advance(static_cast<FrameCount>(frames));
    }
    ping_.add(out.subspan(at, static_cast<std::size_t>(frames)));
    at += static_cast<std::size_t>(frames);
  }
  float* const row = out.data();
  fade_.process({&row, 1, static_cast<FrameCount>(out.size())});
}

}  // namespace gainstage::dsp
