#include "analog/pedals/fuzz.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gainstage::analog {
namespace {

constexpr double kThermalVolts = 0.025865;  // at 27 degrees C
constexpr double kCoilOhms = 8e3, kVolumePot = 500e3;
constexpr double kInputFarads = 2.2e-6, kFeedbackOhms = 100e3;
constexpr double kSupply = 9.0, kFirstOhms = 33e3, kFuzzPot = 1e3, kBypassFarads = 20e-6;
constexpr double kBiasLeast = 2e3, kBiasPot = 15.5e3, kTapOhms = 470.0;
constexpr double kOutFarads = 10e-9, kOutOhms = 500e3;
constexpr double kLeastShare = 1e-4;  // of a track, that remains at its end

constexpr double kLongest = 60.0;  // exponent, beyond which the exponential stays where it is: 1e26

/// e^x within 2e-9 of it, four at a time: 2^(whole part) x a polynomial of degree 7 of the rest.
void exponentials(std::array<double, 4>& x) noexcept {
  constexpr double kMagic = 6755399441055744.0;  // 1.5 x 2^52: adding it rounds to a whole number
  for (double& value : x) {
    const double bounded = value < kLongest ? (value > -kLongest ? value : -kLongest) : kLongest;
    const double shifted = bounded * 1.4426950408889634 + kMagic;
    const double whole = shifted - kMagic;
    const double r = bounded - whole * 0.6931471805599453;
    const double square = r * r;
    const double low = (1.0 + r) + square * (0.5 + r * (1.0 / 6.0));
    const double high = (1.0 / 24.0 + r * (1.0 / 120.0)) + square * (1.0 / 720.0 + r * (1.0 / 5040.0));
    const auto bits = std::bit_cast<std::uint64_t>(low + square * square * high);
    value = std::bit_cast<double>(bits + (std::bit_cast<std::uint64_t>(shifted) << 52));
  }
}

}  // namespace

Fuzz::Transistor Fuzz::transistor(Transistors kind, bool second) noexcept {
  // The pairs that builders look for: germanium of 70 and 120 as the AC128 or NKT275, silicon as the BC108.
  if (kind == Transistors::germanium) return {2e-6, second ? 120.0 : 70.0, 6.0};
  return {1.8e-14, second ? 300.0 : 200.0, 8.0};
}

Fuzz::Fuzz(Transistors kind, double sampleRate)
    : first_(transistor(kind, false)),
      second_(transistor(kind, true)),
      junctionVolts_(kThermalVolts * std::log(kThermalVolts / (1.414 * first_.saturation * 1e3))) {
  input_.set(kInputFarads, 0.0, sampleRate);
  bypass_.set(kBypassFarads, sampleRate);
  out_.set(kOutFarads, kOutOhms, sampleRate);
  setKnobs({});
  reset();
}

void Fuzz::setKnobs(const Knobs& knobs) noexcept {
  const double volume = std::max(knobs.guitarVolume, kLeastShare), fuzz = std::max(knobs.fuzz, kLeastShare);
  const double upper = kCoilOhms + (1.0 - volume) * kVolumePot, lower = volume * kVolumePot;
  wiperShare_ = lower / (upper + lower);
  wiperOhms_ = upper * wiperShare_;
  bypassOhms_ = 1.0 / (bypass_.siemens + 1.0 / (fuzz * kFuzzPot));
  aboveOhms_ = (1.0 - fuzz) * kFuzzPot;
  collectorSiemens_ = 1.0 / (kBiasLeast + knobs.bias * kBiasPot + kTapOhms);
}

/// One step towards where all currents balance. Returns how far it took a junction that conducts, in volts:
/// of what goes straight nothing is missing after a step, however far it went.
double Fuzz::newton(const Around& around, Nodes& nodes) const noexcept {
  const double be1 = nodes[base], bc1 = nodes[base] - nodes[collector];
  const double be2 = nodes[collector] - nodes[emitter], bc2 = nodes[collector] - nodes[output];
  constexpr double kPerVolt = 1.0 / kThermalVolts;
  std::array<double, 4> e{be1 * kPerVolt, bc1 * kPerVolt, be2 * kPerVolt, bc2 * kPerVolt};
  exponentials(e);

  const double f1 = first_.saturation * e[0], r1 = first_.saturation * e[1];
  const double f2 = second_.saturation * e[2], r2 = second_.saturation * e[3];
  const double bf1 = 1.0 / first_.forward, br1 = 1.0 / first_.reverse;
  const double bf2 = 1.0 / second_.forward, br2 = 1.0 / second_.reverse;
  const double ib1 = bf1 * f1 + br1 * r1 - first_.saturation * (bf1 + br1);
  const double ic1 = f1 - r1 - br1 * r1 + first_.saturation * br1;
  const double ib2 = bf2 * f2 + br2 * r2 - second_.saturation * (bf2 + br2);
  const double ic2 = f2 - r2 - br2 * r2 + second_.saturation * br2;
  // Siemens: of base and of collector, by the forward and by the reverse junction.
  const double gf1 = f1 * kPerVolt, gr1 = r1 * kPerVolt, gf2 = f2 * kPerVolt, gr2 = r2 * kPerVolt;
  const double cr1 = -gr1 * (1.0 + br1), cr2 = -gr2 * (1.0 + br2);
  const double bF1 = bf1 * gf1, bR1 = br1 * gr1, bF2 = bf2 * gf2, bR2 = br2 * gr2;

  constexpr double kFeedback = 1.0 / kFeedbackOhms, kFirst = 1.0 / kFirstOhms;
  const double y0 = (nodes[base] - around.baseVolts) * around.baseSiemens +
                    (nodes[base] - nodes[emitter]) * kFeedback + ib1;
  const double y1 = (nodes[collector] - kSupply) * kFirst + ic1 + ib2;
  const double y2 = (nodes[emitter] - around.emitterVolts) * around.emitterSiemens +
                    (nodes[emitter] - nodes[base]) * kFeedback - ib2 - ic2;
  const double y3 = (nodes[output] - kSupply) * collectorSiemens_ + ic2;

  // Eliminated by hand, output first, then base: (collector, emitter) remain.
  const double out = 1.0 / (collectorSiemens_ - cr2),
               bas = 1.0 / (around.baseSiemens + kFeedback + bF1 + bR1);
  const double outByC = -(gf2 + cr2) * out, outByE = gf2 * out, outFree = -y3 * out;
  const double basByC = bR1 * bas, basByE = kFeedback * bas, basFree = -y0 * bas;
  const double cBas = gf1 + cr1;
  const double eOut = bR2 + cr2;
  const double cc = kFirst - cr1 + bF2 + bR2 - bR2 * outByC + cBas * basByC;
  const double ce = -bF2 - bR2 * outByE + cBas * basByE;
  const double cy = -y1 + bR2 * outFree - cBas * basFree;
  const double ec = -(bF2 + bR2 + gf2 + cr2) + eOut * outByC - kFeedback * basByC;
  const double ee = around.emitterSiemens + kFeedback + bF2 + gf2 + eOut * outByE - kFeedback * basByE;
  const double ey = -y2 - eOut * outFree + kFeedback * basFree;
  const double scale = 1.0 / (cc * ee - ce * ec);
  const double dc = (cy * ee - ce * ey) * scale, de = (cc * ey - cy * ec) * scale;
  const double dOut = outByC * dc + outByE * de + outFree, dBase = basByC * dc + basByE * de + basFree;

  // No junction may leap into conduction (Nagel 1975, "SPICE2", the limit of its junctions): a step that
  // would take an emitter's there is shortened, and collectors stop below their bases.
  double part = 1.0;
  const auto shorten = [&](double was, double way) {
    if (way <= 2.0 * kThermalVolts || was + way <= junctionVolts_) return;
    const double from = std::max(was, junctionVolts_);
    const double to = from + kThermalVolts * std::log1p((was + way - from) / kThermalVolts);
    part = std::min(part, std::max((to - was) / way, 0.05));
  };
  shorten(be1, dBase);
  shorten(be2, dc - de);
  constexpr double kReach = 3.0 * kThermalVolts;
  nodes[base] += part * dBase;
  nodes[collector] =
      std::max(nodes[collector] + part * dc, nodes[base] - std::max(bc1, junctionVolts_) - kReach);
  nodes[emitter] += part * de;
  nodes[output] =
      std::max(nodes[output] + part * dOut, nodes[collector] - std::max(bc2, junctionVolts_) - kReach);

  if (part < 1.0) return 1.0;
  // Collectors' junctions carry nothing before they are within 8 thermal voltages of where they run away.
  const double closed = junctionVolts_ - 8.0 * kThermalVolts;
  double far = std::max(std::abs(dBase), std::abs(dc - de));
  if (std::max(bc1, bc1 + dBase - dc) > closed) far = std::max(far, std::abs(dBase - dc));
  if (std::max(bc2, bc2 + dc - dOut) > closed) far = std::max(far, std::abs(dc - dOut));
  return far;
}

bool Fuzz::converge(const Around& around, Nodes& nodes) const noexcept {
  constexpr int kMostSteps = 12;
  // Newton squares what is missing, over the thermal voltage: 4 mV leave 0.3 mV, where it moves that fast.
  constexpr double kEnough = 4e-3;
  constexpr double kBeyond = 100.0;  // volts: where exponentials have been cut off
  for (int i = 0; i < kMostSteps; ++i)
    if (newton(around, nodes) < kEnough)
      return std::abs(nodes[output]) < kBeyond && std::abs(nodes[base]) < kBeyond;
  return false;
}

/// From the nodes at the sources `from` to those at `to`: from where the last step would lead if no junction
/// moved much, else in one go, or in ever smaller ones.
void Fuzz::solve(const Around& from, const Around& to, Nodes& nodes) const noexcept {
  const Nodes start = nodes;
  // Volts of a junction. Farther, a step's continuation leads astray more often than it saves one of
  // Newton's.
  constexpr double kGentle = 0.02;
  Nodes way;
  for (std::size_t i = 0; i < way.size(); ++i) way[i] = start[i] - before_[i];
  if (std::abs(way[base]) < kGentle && std::abs(way[collector] - way[emitter]) < kGentle) {
    for (std::size_t i = 0; i < way.size(); ++i) nodes[i] += way[i];
    if (converge(to, nodes)) return;
  }
  for (int parts = 1; parts <= 64; parts *= 4) {
    nodes = start;
    bool found = true;
    for (int k = 1; found && k <= parts; ++k) {
      const double t = static_cast<double>(k) / parts;
      Around between = to;
      between.baseVolts = from.baseVolts + t * (to.baseVolts - from.baseVolts);
      between.emitterVolts = from.emitterVolts + t * (to.emitterVolts - from.emitterVolts);
      found = converge(between, nodes);
    }
    if (found) return;
  }
  nodes = start;
}

void Fuzz::reset() noexcept {
  // Nothing flows through capacitors, and the whole fuzz's track is under the emitter.
  around_ = {1e-12, 0.0, 1.0 / kFuzzPot, 0.0};
  nodes_ = {0.6, 1.2, 0.6, 4.0};
  if (first_.saturation > 1e-9) nodes_ = {0.1, 0.5, 0.4, 4.0};
  for (int i = 0; i < 200; ++i)
    if (newton(around_, nodes_) < 1e-12) break;
  input_.reset(-nodes_[base]);
  bypass_.reset(nodes_[emitter] * (1.0 - aboveOhms_ / kFuzzPot));
  out_.reset(0.0);
  before_ = nodes_;
  around_ = {1.0 / (wiperOhms_ + input_.ohms), nodes_[base], 1.0 / (aboveOhms_ + bypassOhms_),
             bypassOhms_ * bypass_.source};
  late_ = 0.5 * nodes_[output];
  const double rest = kTapOhms * (kSupply - nodes_[output]) * collectorSiemens_;
  out_.reset(-rest);
}

/// Of the output between two places of the last step, adding to what is known. Where it goes far, it is
/// looked up half-way, at sources between those of both ends: the circuit's memory is slow, and its parts
/// without memory follow at once. Where it is not on the straight line there, or could hide between (a whole
/// swing in one step), either half is looked at likewise. What goes through the three places is a parabola.
void Fuzz::addMoments(const Around& now, const Nodes& from, const Nodes& to, double begin, double length,
                      int depth, Moments& sum) const noexcept {
  constexpr double kFar = 0.02, kSwing = 2.0;  // volts
  constexpr double kStraight = 1e-3;           // volts beside the line, times the share of a step
  const double first = from[output], last = to[output];
  double middle = 0.5 * (first + last);
  if (depth > 0 && std::abs(last - first) > kFar) {
    const double t = begin + 0.5 * length;
    Around between = now;
    between.baseVolts = around_.baseVolts + t * (now.baseVolts - around_.baseVolts);
    between.emitterVolts = around_.emitterVolts + t * (now.emitterVolts - around_.emitterVolts);
    Nodes there;
    for (std::size_t i = 0; i < there.size(); ++i) there[i] = 0.5 * (from[i] + to[i]);
    if (!converge(between, there)) there = to;
    const bool swings = length == 1.0 && std::abs(last - first) > kSwing;
    if (swings || std::abs(there[output] - middle) * length > kStraight) {
      addMoments(now, from, there, begin, 0.5 * length, depth - 1, sum);
      addMoments(now, there, to, t, 0.5 * length, depth - 1, sum);
      return;
    }
    middle = there[output];
  }
  const double mean = (first + 4.0 * middle + last) / 6.0;
  sum.mean += length * mean;
  sum.late += length * (begin * mean + length * (2.0 * middle + last) / 6.0);
}

void Fuzz::process(std::span<double> io) noexcept {
  const double baseSiemens = 1.0 / (wiperOhms_ + input_.ohms),
               emitterSiemens = 1.0 / (aboveOhms_ + bypassOhms_);
  for (double& sample : io) {
    const Around now{baseSiemens, wiperShare_ * sample - input_.source, emitterSiemens,
                     bypassOhms_ * bypass_.source};
    Nodes next = nodes_;
    solve(around_, now, next);

    const double amperes = (now.baseVolts - next[base]) * baseSiemens;
    input_.charge(amperes);
    const double under = (next[emitter] - now.emitterVolts) * emitterSiemens;
    bypass_.charge(bypassOhms_ * (under + bypass_.source));

    // Under a triangle over two steps: what edges would alias falls as that of two antiderivatives.
    Moments moment{0.0, 0.0};
    constexpr int kDepth = 6;  // 1/64 of a step
    addMoments(now, nodes_, next, 0.0, 1.0, kDepth, moment);
    const double smooth = late_ + moment.mean - moment.late;
    late_ = moment.late;
    const double tap = -kTapOhms * (kSupply - smooth) * collectorSiemens_;
    const double heard = out_.siemens * (tap - out_.source);
    out_.charge(heard);
    sample = heard * kOutOhms;
    before_ = nodes_;
    nodes_ = next;
    around_ = now;
  }
}

}  // namespace gainstage::analog
