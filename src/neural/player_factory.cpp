#include "neural/player_factory.h"

#include <cmath>

#include "neural/interleaved_player.h"
#include "neural/resampled_player.h"

namespace gainstage::neural {
namespace {

// 8 x 48 = 384 kHz. Beyond that the many networks would cost more than the filters are untrue.
constexpr int kMostInterleaved = 8;

}  // namespace

Result<PlayerFactory> PlayerFactory::create(double captureRate, double sessionRate) {
  PlayerFactory factory;
  factory.captureRate_ = captureRate;
  factory.sessionRate_ = sessionRate;
  const double ratio = sessionRate / captureRate;
  if (ratio == std::round(ratio) && ratio >= 1.0 && ratio <= kMostInterleaved) {
    factory.interleaved_ = static_cast<int>(ratio);
    return factory;
  }
  auto tables = dsp::RateTable::makeBothWays(sessionRate, captureRate);
  if (!tables) return tables.error();
  factory.interleaved_ = 0;
  factory.down_ = std::move(tables->there);
  factory.up_ = std::move(tables->back);
  factory.latency_ = ResampledPlayer::latencyFrames(*factory.down_, *factory.up_);
  return factory;
}

std::unique_ptr<Player> PlayerFactory::make(const std::shared_ptr<const Program>& program) const {
  if (interleaved_ == 1) return program->makePlayer();
  if (interleaved_ > 1) return std::make_unique<InterleavedPlayer>(*program, interleaved_);
  return std::make_unique<ResampledPlayer>(*program, down_, up_, latency_);
}

FrameTime PlayerFactory::memoryFrames(FrameCount captureFrames) const noexcept {
  const double frames = std::ceil(captureFrames * sessionRate_ / captureRate_);
  return static_cast<FrameTime>(frames) + 2 * latency_;
}

}  // namespace gainstage::neural
