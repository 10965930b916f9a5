#include "neural/recurrent/exact_sequence.h"

#include <cmath>

namespace gainstage::neural {
namespace {

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
std::size_t at(int index) { return static_cast<std::size_t>(index); }

double bend(const Activation& activation, std::size_t channel, double x) {
  switch (activation.kind) {
    case ActivationKind::identity:
      return x;
    case ActivationKind::tanh:
      return std::tanh(x);
    case ActivationKind::hardTanh:
      return std::min(std::max(x, -1.0), 1.0);
    case ActivationKind::fastTanh: {
      const double a = std::abs(x), s = x * x;
      return x * (2.45550750702956 + 2.45550750702956 * a + (0.893229853513558 + 0.821226666969744 * a) * s) /
             (2.44506634652299 + (2.44506634652299 + s) * std::abs(x + 0.814642734961073 * x * a));
    }
    case ActivationKind::relu:
      return std::max(x, 0.0);
    case ActivationKind::leakyRelu:
      return x > 0.0 ? x : x * static_cast<double>(activation.slopes[channel % activation.slopes.size()]);
    case ActivationKind::sigmoid:
      return sigmoid(x);
    case ActivationKind::silu:
      return x * sigmoid(x);
    case ActivationKind::hardSwish:
      return x * std::min(std::max(x + 3.0, 0.0), 6.0) / 6.0;
    case ActivationKind::leakyHardTanh: {
      const double low = static_cast<double>(activation.minimum);
      const double high = static_cast<double>(activation.maximum);
      if (x < low) return (x - low) * static_cast<double>(activation.minimumSlope) + low;
      return x > high ? (x - high) * static_cast<double>(activation.maximumSlope) + high : x;
    }
    case ActivationKind::softsign:
      return x / (1.0 + std::abs(x));
    case ActivationKind::elu:
      return x > 0.0 ? x : std::expm1(x);
  }
  return 0.0;
}

// matrix (rows x columns) times x, one row
double product(const std::vector<float>& matrix, std::size_t row, std::size_t columns, std::size_t from,
               const std::vector<double>& x) {
  double sum = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i)
    sum += static_cast<double>(matrix[row * columns + from + i]) * x[i];
  return sum;
}

}  // namespace

ExactSequence::ExactSequence(const Sequence& network) : network_(network) {
  for (const Sequence::Layer& layer : network_.layers) {
    State state;
    if (const Lstm* lstm = std::get_if<Lstm>(&layer)) {
      state.units.assign(lstm->initialUnits.begin(), lstm->initialUnits.end());
      state.cells.assign(lstm->initialCells.begin(), lstm->initialCells.end());
      state.units.resize(at(lstm->units));
      state.cells.resize(at(lstm->units));
    } else if (const Gru* gru = std::get_if<Gru>(&layer)) {
      state.units.resize(at(gru->units));
    }
    states_.push_back(state);
  }
}

std::vector<double> ExactSequence::step(const Lstm& lstm, State& state, const std::vector<double>& in) const {
  const std::size_t units = at(lstm.units), inputs = at(lstm.inputs);
  const auto gate = [&](std::size_t index, std::size_t unit) {
    const std::size_t row = index * units + unit;
    return static_cast<double>(lstm.bias[row]) + product(lstm.weights, row, inputs + units, 0, in) +
           product(lstm.weights, row, inputs + units, inputs, state.units);
  };
  std::vector<double> next(units);
  for (std::size_t u = 0; u < units; ++u) {
    state.cells[u] = sigmoid(gate(1, u)) * state.cells[u] + sigmoid(gate(0, u)) * std::tanh(gate(2, u));
    next[u] = sigmoid(gate(3, u)) * std::tanh(state.cells[u]);
  }
  return state.units = next;
}

std::vector<double> ExactSequence::step(const Gru& gru, State& state, const std::vector<double>& in) const {
  const std::size_t units = at(gru.units), inputs = at(gru.inputs);
  const auto ofInput = [&](std::size_t gate, std::size_t unit) {
    const std::size_t row = gate * units + unit;
    return static_cast<double>(gru.inputBias[row]) + product(gru.inputWeights, row, inputs, 0, in);
  };
  const auto ofUnits = [&](std::size_t gate, std::size_t unit) {
    const std::size_t row = gate * units + unit;
    return static_cast<double>(gru.recurrentBias[row]) +
           product(gru.recurrentWeights, row, units, 0, state.units);
  };
  std::vector<double> next(units);
  for (std::size_t u = 0; u < units; ++u) {
    const double update = sigmoid(ofInput(0, u) + ofUnits(0, u));
    const double reset = sigmoid(ofInput(1, u) + ofUnits(1, u));
    const double fresh = std::tanh(ofInput(2, u) + reset * ofUnits(2, u));
    next[u] = (1.0 - update) * fresh + update * state.units[u];
  }
  return state.units = next;
}

std::vector<double> ExactSequence::step(const Activated& layer, State& state,
                                        const std::vector<double>& in) const {
  const Convolution& convolution = layer.convolution;
  const std::size_t kernel = at(convolution.kernel), dilation = at(convolution.dilation);
  if (state.past.empty()) state.past.assign((kernel - 1) * dilation, std::vector<double>(in.size()));
  state.past.push_back(in);
  const std::size_t groupInputs = at(convolution.inputs / convolution.groups);
  const std::size_t groupOutputs = at(convolution.outputs / convolution.groups);
  std::vector<double> out(at(convolution.outputs));
  for (std::size_t o = 0; o < out.size(); ++o) {
    double sum = convolution.bias.empty() ? 0.0 : static_cast<double>(convolution.bias[o]);
    for (std::size_t i = 0; i < groupInputs; ++i)
      for (std::size_t k = 0; k < kernel; ++k)
        sum += static_cast<double>(convolution.weights[(o * groupInputs + i) * kernel + k]) *
               state.past[k * dilation][o / groupOutputs * groupInputs + i];
    out[o] = bend(layer.activation, o, sum);
  }
  state.past.erase(state.past.begin());
  return out;
}

std::vector<std::vector<double>> ExactSequence::play(const testing::Mono& in) {
  std::vector<std::vector<double>> out;
  for (const float sample : in) {
    const double x = static_cast<double>(network_.inputGain) * static_cast<double>(sample);
    std::vector<double> row{x};
    row.insert(row.end(), network_.parameters.begin(), network_.parameters.end());
    for (std::size_t i = 0; i < network_.layers.size(); ++i)
      row = std::visit([&](const auto& layer) { return step(layer, states_[i], row); }, network_.layers[i]);
    if (network_.skip) row[0] += x;
    out.resize(row.size());
    for (std::size_t c = 0; c < row.size(); ++c)
      out[c].push_back(static_cast<double>(network_.outputGain) * row[c]);
  }
  return out;
}

}  // namespace gainstage::neural
