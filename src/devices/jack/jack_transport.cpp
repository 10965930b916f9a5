#include "devices/jack/jack_transport.h"

namespace gainstage::devices::jack {

Transport fromJack(jack_transport_state_t state, const jack_position_t& position,
                   double sampleRate) noexcept {
  Transport transport;
  transport.rolling = state == JackTransportRolling || state == JackTransportLooping;
  if ((position.valid & JackPositionBBT) == 0 || position.beats_per_bar <= 0.0f ||
      position.beats_per_minute <= 0.0)
    return transport;
  transport.valid = true;
  transport.beatsPerMinute = position.beats_per_minute;
  transport.beatsPerBar = static_cast<double>(position.beats_per_bar);
  // Bars and beats count from 1. `bar_start_tick` would know changes of metre, but few masters fill it in.
  transport.beat = (position.bar - 1) * transport.beatsPerBar + (position.beat - 1);
  if (position.ticks_per_beat > 0.0) transport.beat += position.tick / position.ticks_per_beat;
  if ((position.valid & JackBBTFrameOffset) == 0) return transport;
  // The figures may belong to a frame before the callback; it lies so many frames back.
  const bool rolling = transport.rolling;
  transport.rolling = true;
  transport = later(transport, static_cast<FrameCount>(position.bbt_offset), sampleRate);
  transport.rolling = rolling;
  return transport;
}

Transport later(Transport transport, FrameCount frames, double sampleRate) noexcept {
  if (transport.valid && transport.rolling)
    transport.beat += frames * transport.beatsPerMinute / (60.0 * sampleRate);
  return transport;
}

}  // namespace gainstage::devices::jack
