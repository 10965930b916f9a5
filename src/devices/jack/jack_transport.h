#pragma once

#include <jack/transport.h>

#include "devices/device.h"

namespace gainstage::devices::jack {

/// JACK's position at the first frame of a callback, in beats since the start of the song; valid only where a
/// timebase master gives bars and beats. Its metre counts as that of the whole song. [any thread]
Transport fromJack(jack_transport_state_t state, const jack_position_t& position, double sampleRate) noexcept;

/// The same, `frames` later. [any thread]
Transport later(Transport transport, FrameCount frames, double sampleRate) noexcept;

}  // namespace gainstage::devices::jack
