#include "analog/gear/wireless.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "analog/gear/levels.h"

namespace gainstage::analog {

std::span<const WirelessCodec> wirelessCodecs() noexcept {
  // SBC, AAC and LDAC: one headset on one computer, the least in its low-latency mode, less what a wired
  // output took there.
  static constexpr std::string_view kMeasured =
      "mrintrepide, Bluetooth codec latency under PipeWire 0.3.59, 2022 (gist 700f7065)";
  static constexpr std::string_view kShure = "Stephens, Digital wireless latency explained, Shure 2016";
  static constexpr std::array<WirelessCodec, 8> kCodecs = {{
      {"analogue radio", 0.0, 0.0, kShure},
      {"digital microphone link", 2.9, 2.9, kShure},
      {"2.4 GHz link with a fixed buffer", 20.0, 64.0, "Architecta, WiSp 1.0 specification"},
      {"aptX Low Latency", 32.0, 40.0, "pali/libopenaptx, issue 1, 2018"},
      {"LC3", 72.5, 147.5,
       "Bluetooth SIG, Basic Audio Profile 1.0, settings 48_2_1 and 48_2_2: frame 10 ms, transport 20 and 95 "
       "ms, "
       "presentation 40 ms; LC3 1.0: look-ahead 2.5 ms"},
      {"SBC", 34.0, 158.0, kMeasured},
      {"AAC", 100.0, 234.0, kMeasured},
      {"LDAC", 154.0, 154.0, kMeasured},
  }};
  return kCodecs;
}

double pathLossDb(const RadioLink& link, double metres) noexcept {
  constexpr double kLight = 299792458.0;  // m/s
  return decibelsOf(4.0 * std::numbers::pi * link.carrierHz / kLight) +
         10.0 * link.pathExponent * std::log10(metres);
}

double packetLossShare(const RadioLink& link, double metres) noexcept {
  const double marginDb = link.transmitDbm - pathLossDb(link, metres) - link.sensitivityDbm;
  return -std::expm1(-std::pow(10.0, -marginDb / 10.0));
}

double meanTries(const RadioLink& link, double metres) noexcept {
  return 1.0 / (1.0 - packetLossShare(link, metres));
}

double meanDelayMs(const RadioLink& link, double metres) noexcept {
  return link.delayMs + (meanTries(link, metres) - 1.0) * link.retryMs;
}

double delayMsForAllBut(const RadioLink& link, double metres, double share) noexcept {
  const double loss = packetLossShare(link, metres);
  if (loss >= 1.0) return std::numeric_limits<double>::infinity();
  const double tries = std::ceil(std::log(share) / std::log(loss) - 1e-9);
  return link.delayMs + (std::max(tries, 1.0) - 1.0) * link.retryMs;
}

double dropoutShare(const RadioLink& link, double metres) noexcept {
  const double tries = 1.0 + std::floor(link.bufferMs / link.retryMs + 1e-9);
  return std::pow(packetLossShare(link, metres), tries);
}

double reachMetres(const RadioLink& link, double share) noexcept {
  double low = 0.01, high = 1000.0;
  if (dropoutShare(link, high) <= share) return high;
  while (high - low > 0.01) {
    const double middle = 0.5 * (low + high);
    (dropoutShare(link, middle) <= share ? low : high) = middle;
  }
  return low;
}

}  // namespace gainstage::analog
