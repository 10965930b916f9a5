#pragma once

#include <span>
#include <string_view>

/// Sound by radio: what its coding and its buffers cost, and what distance adds. The radio wave itself is
/// free: 3.3 ns a metre. [any thread]
namespace gainstage::analog {

/// A codec with the delay that was published for it, from one end of the link to the other: coding, packets,
/// the receiver's buffer.
struct WirelessCodec {
  std::string_view name;
  double leastMs, mostMs;
  std::string_view source;
};
std::span<const WirelessCodec> wirelessCodecs() noexcept;

/// A link that sends a packet again until it has come through, hopping to another frequency each time.
struct RadioLink {
  double delayMs = 150.0;    ///< close by: codec, packets and buffer
  double bufferMs = 100.0;   ///< of that, what may be spent on sending again
  double retryMs = 3.75;     ///< from one try to the next: a packet of 5 slots and its answer, 6 x 625 us
  double transmitDbm = 4.0;  ///< with antennas; 4 dBm is Bluetooth's class 2
  double sensitivityDbm =
      -80.0;  ///< the least power that is understood: with the body in the way, some 10 dB are lost
  double carrierHz = 2.44e9;
  double pathExponent =
      3.0;  ///< 2 in the open, 3 in furnished rooms (ITU-R P.1238-10, table 2: 28 to 30 dB a decade)
};

/// Loss in dB from antenna to antenna: 20 log10(4 pi d0 f / c) + 10 n log10(d / d0) with d0 = 1 m (Friis,
/// Proc. IRE 34, 1946, equation 1; Goldsmith, Wireless Communications, 2005, section 2.6). 40.2 dB at 1 m.
double pathLossDb(const RadioLink& link, double metres) noexcept;

/// Share of packets lost, each in a fade of its own: 1 - exp(-1 / margin) for reflections from all sides and
/// none direct (Rayleigh's; Goldsmith, section 6.3.1, outage), the margin being that of the mean power over
/// what is understood.
double packetLossShare(const RadioLink& link, double metres) noexcept;

/// Tries until a packet is through, on average: 1 / (1 - p), a geometric distribution's mean.
double meanTries(const RadioLink& link, double metres) noexcept;

/// Delay with the wait for packets that are sent again, in ms: the mean, and for all but `share` of packets.
/// No receiver waits longer than its buffer, so that is where a link without a fixed buffer would be:
/// infinitely far where nothing comes through.
double meanDelayMs(const RadioLink& link, double metres) noexcept;
double delayMsForAllBut(const RadioLink& link, double metres, double share = 1e-3) noexcept;

/// Share of packets that come too late for the buffer: what is heard as dropouts. p^(tries that fit into it).
double dropoutShare(const RadioLink& link, double metres) noexcept;

/// Distance up to which no more than `share` of packets drop out, m, to 1 cm; 1000 where it is farther.
double reachMetres(const RadioLink& link, double share = 1e-3) noexcept;

}  // namespace gainstage::analog
