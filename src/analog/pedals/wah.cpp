#include "analog/pedals/wah.h"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

namespace gainstage::analog {
namespace {

constexpr double kThermalVolts = 0.025865, kSaturation = 1e-14, kBeta = 500.0;
constexpr double kSupply = 9.0, kCollectorOhms = 22e3, kEmitterOhms = 390.0, kBaseOhms = 1.5e3;
constexpr double kFeedbackOhms = 470e3, kGroundOhms = 82e3, kSecondBaseOhms = 470e3,
                 kSecondEmitterOhms = 10e3;
constexpr double kPot = 100e3, kLeastShare = 1e-4;

double junction(double amperes) { return kThermalVolts * std::log(amperes / kSaturation); }

/// Of both transistors' collectors, at rest.
struct Currents {
  double first, second;
};

Currents restingCurrents() {
  double low = 1e-6, high = kSupply / kCollectorOhms;
  Currents found{};
  for (int i = 0; i < 60; ++i) {
    found.first = 0.5 * (low + high);
    const double base = found.first / kBeta;
    const double bias = kEmitterOhms * (found.first + base) + junction(found.first) + kBaseOhms * base;
    const double feedback = bias / kGroundOhms + base;
    const double collector = bias + kFeedbackOhms * feedback;
    found.second = 1e-4;
    for (int k = 0; k < 30; ++k)
      found.second = std::max((collector - junction(found.second)) /
                                  (kSecondEmitterOhms * (1.0 + 1.0 / kBeta) + kSecondBaseOhms / kBeta),
                              1e-9);
    const double missing =
        (kSupply - collector) / kCollectorOhms - found.first - feedback - found.second / kBeta;
    (missing > 0.0 ? low : high) = found.first;
  }
  return found;
}

enum Node { input, base, tank, bias, collector, emitter, top, wiper, secondBase, secondEmitter, nodes };
constexpr int kGround = -1;

/// Conductances between nodes.
class Network {
 public:
  void resistor(int a, int b, double ohms) { join(a, b, 1.0 / ohms); }
  void join(int a, int b, double siemens) {
    if (a >= 0) y(a, a) += siemens;
    if (b >= 0) y(b, b) += siemens;
    if (a >= 0 && b >= 0) {
      y(a, b) -= siemens;
      y(b, a) -= siemens;
    }
  }
  void transistor(int basis, int col, int emit, double amperes) {
    const double siemens = amperes / kThermalVolts;
    join(basis, emit, siemens / kBeta);
    if (col >= 0) {
      y(col, basis) += siemens;
      y(col, emit) -= siemens;
    }
    y(emit, basis) -= siemens;
    y(emit, emit) += siemens;
  }

  Eigen::MatrixXd y = Eigen::MatrixXd::Zero(nodes, nodes);
};

struct Store {
  int from, to;
  double value;  // farads, or henries of the last
};
// The first is driven by the source.
constexpr Store kStores[] = {{kGround, input, 10e-9},     {collector, top, 220e-9},
                             {wiper, secondBase, 220e-9}, {tank, secondEmitter, 10e-9},
                             {bias, kGround, 4.7e-6},     {tank, bias, 0.5}};

}  // namespace

Wah::Wah(double sampleRate) {
  const Currents rest = restingCurrents();
  constexpr Eigen::Index kCount = kStates;
  Eigen::MatrixXd joins = Eigen::MatrixXd::Zero(kCount, nodes);
  Eigen::VectorXd siemens(kCount), sign = Eigen::VectorXd::Ones(kCount),
                                   driven = Eigen::VectorXd::Zero(kCount);
  for (Eigen::Index k = 0; k < kCount; ++k) {
    const Store& store = kStores[k];
    if (store.from >= 0) joins(k, store.from) += 1.0;
    if (store.to >= 0) joins(k, store.to) -= 1.0;
    siemens(k) = 2.0 * store.value * sampleRate;
  }
  driven(0) = 1.0;
  sign(kCount - 1) = -1.0;
  siemens(kCount - 1) = 0.5 / (kStores[kCount - 1].value * sampleRate);

  for (int place = 0; place < kPlaces; ++place) {
    const double pedal = static_cast<double>(place) / (kPlaces - 1);
    Network network;
    network.resistor(input, base, 68e3);
    network.resistor(base, tank, kBaseOhms);
    network.resistor(tank, bias, 33e3);
    network.resistor(bias, kGround, kGroundOhms);
    network.resistor(bias, collector, kFeedbackOhms);
    network.resistor(collector, kGround, kCollectorOhms);
    network.resistor(emitter, kGround, kEmitterOhms);
    network.resistor(top, wiper, kPot * std::max(pedal, kLeastShare));
    network.resistor(wiper, kGround, kPot * std::max(1.0 - pedal, kLeastShare));
    network.resistor(top, kGround, 1e6);
    network.resistor(collector, secondBase, kSecondBaseOhms);
    network.resistor(secondEmitter, kGround, kSecondEmitterOhms);
    network.transistor(base, collector, emitter, rest.first);
    network.transistor(secondBase, kGround, secondEmitter, rest.second);

    const Eigen::MatrixXd system = network.y + joins.transpose() * siemens.asDiagonal() * joins;
    const Eigen::MatrixXd inverse = system.partialPivLu().inverse();
    const Eigen::MatrixXd byStates = inverse * joins.transpose() * sign.asDiagonal();
    const Eigen::VectorXd bySource = -inverse * joins.transpose() * siemens.asDiagonal() * driven;
    const Eigen::MatrixXd twice = 2.0 * siemens.asDiagonal();
    const Eigen::MatrixXd a = twice * joins * byStates - Eigen::MatrixXd(sign.asDiagonal());
    const Eigen::VectorXd b = twice * (joins * bySource + driven);
    Equations equations{};
    for (Eigen::Index k = 0; k < kCount; ++k) {
      for (Eigen::Index i = 0; i < kCount; ++i)
        equations.a[static_cast<std::size_t>(k)][static_cast<std::size_t>(i)] = a(i, k);
      equations.b[static_cast<std::size_t>(k)] = b(k);
      equations.c[static_cast<std::size_t>(k)] = byStates(top, k);
    }
    equations.d = bySource(top);
    places_.push_back(equations);
  }
  setKnobs({});
}

void Wah::setKnobs(const Knobs& knobs) noexcept {
  const double place = std::clamp(knobs.pedal, 0.0, 1.0) * (kPlaces - 1);
  const auto low = std::min(static_cast<std::size_t>(place), static_cast<std::size_t>(kPlaces - 2));
  const double t = place - static_cast<double>(low);
  const Equations& from = places_[low];
  const Equations& to = places_[low + 1];
  const auto between = [t](double a, double b) { return a + t * (b - a); };
  for (std::size_t k = 0; k < kStates; ++k) {
    for (std::size_t i = 0; i < kStates; ++i) now_.a[k][i] = between(from.a[k][i], to.a[k][i]);
    now_.b[k] = between(from.b[k], to.b[k]);
    now_.c[k] = between(from.c[k], to.c[k]);
  }
  now_.d = between(from.d, to.d);
}

void Wah::process(std::span<double> io) noexcept {
  const Equations equations = now_;
  std::array state = state_;
  for (double& sample : io) {
    double out = equations.d * sample;
    std::array<double, kStates> next;
    for (std::size_t i = 0; i < kStates; ++i) next[i] = equations.b[i] * sample;
    for (std::size_t k = 0; k < kStates; ++k) {
      out += equations.c[k] * state[k];
      for (std::size_t i = 0; i < kStates; ++i) next[i] += equations.a[k][i] * state[k];
    }
    state = next;
    sample = out;
  }
  state_ = state;
}

}  // namespace gainstage::analog
