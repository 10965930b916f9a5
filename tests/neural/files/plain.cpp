#include "neural/files/plain.h"

#include <algorithm>
#include <cmath>

namespace gainstage::neural::plain {
namespace {

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double activate(const Activation& a, std::size_t channel, double x) {
  switch (a.kind) {
    case ActivationKind::identity:
      return x;
    case ActivationKind::tanh:
      return std::tanh(x);
    case ActivationKind::hardTanh:
      return std::clamp(x, -1.0, 1.0);
    case ActivationKind::fastTanh: {
      const double ax = std::abs(x), x2 = x * x;
      return x *
             (2.45550750702956 + 2.45550750702956 * ax + (0.893229853513558 + 0.821226666969744 * ax) * x2) /
             (2.44506634652299 + (2.44506634652299 + x2) * std::abs(x + 0.814642734961073 * x * ax));
    }
    case ActivationKind::relu:
      return std::max(x, 0.0);
    case ActivationKind::leakyRelu:
      return x > 0.0 ? x : x * a.slopes[a.slopes.size() == 1 ? 0 : channel];
    case ActivationKind::sigmoid:
      return sigmoid(x);
    case ActivationKind::silu:
      return x * sigmoid(x);
    case ActivationKind::hardSwish:
      return x * std::clamp(x + 3.0, 0.0, 6.0) / 6.0;
    case ActivationKind::leakyHardTanh:
      if (x < a.minimum) return a.minimum + (x - a.minimum) * a.minimumSlope;
      if (x > a.maximum) return a.maximum + (x - a.maximum) * a.maximumSlope;
      return x;
    case ActivationKind::softsign:
      return x / (1.0 + std::abs(x));
    case ActivationKind::elu:
      return x > 0.0 ? x : std::expm1(x);
  }
  return x;
}

void activateAll(const Activation& activation, Signal& signal) {
  for (std::size_t c = 0; c < signal.size(); ++c)
    for (double& x : signal[c]) x = activate(activation, c, x);
}

Signal convolve(const Convolution& c, const Signal& in) {
  const std::size_t frames = in.front().size();
  Signal out(static_cast<std::size_t>(c.outputs), std::vector<double>(frames));
  const int inputs = c.inputs / c.groups, outputs = c.outputs / c.groups;
  const float* weight = c.weights.data();
  for (int o = 0; o < c.outputs; ++o) {
    auto& row = out[static_cast<std::size_t>(o)];
    if (!c.bias.empty()) std::ranges::fill(row, c.bias[static_cast<std::size_t>(o)]);
    for (int i = 0; i < inputs; ++i) {
      const auto& source = in[static_cast<std::size_t>(o / outputs * inputs + i)];
      for (int k = 0; k < c.kernel; ++k, ++weight) {
        const auto delay = static_cast<std::size_t>((c.kernel - 1 - k) * c.dilation);
        for (std::size_t n = delay; n < frames; ++n) row[n] += *weight * source[n - delay];
      }
    }
  }
  return out;
}

void add(Signal& to, const Signal& from) {
  for (std::size_t c = 0; c < to.size(); ++c)
    for (std::size_t n = 0; n < to[c].size(); ++n) to[c][n] += from[c][n];
}

void modulate(const WaveNetLayer& layer, FilmPlace place, Signal& signal, const Signal& condition) {
  const auto& film = layer.films[static_cast<std::size_t>(place)];
  if (!film) return;
  const Signal by = convolve(film->scaleShift, condition);
  for (std::size_t c = 0; c < signal.size(); ++c)
    for (std::size_t n = 0; n < signal[c].size(); ++n) {
      signal[c][n] *= by[c][n];
      if (film->shift) signal[c][n] += by[signal.size() + c][n];
    }
}

void gate(const WaveNetLayer& layer, Signal& z) {
  Signal upper(z.begin() + static_cast<std::ptrdiff_t>(z.size() / 2), z.end());
  z.resize(z.size() / 2);
  const Signal before = z;
  activateAll(layer.activation, z);
  activateAll(layer.secondActivation, upper);
  for (std::size_t c = 0; c < z.size(); ++c)
    for (std::size_t n = 0; n < z[c].size(); ++n)
      z[c][n] = layer.gating == Gating::gated ? z[c][n] * upper[c][n]
                                              : upper[c][n] * z[c][n] + (1.0 - upper[c][n]) * before[c][n];
}

void playLayer(const WaveNetLayer& layer, const Signal& condition, bool quirk, Signal& x, Signal& head) {
  Signal in = x, mixed = condition;
  modulate(layer, FilmPlace::beforeConvolution, in, condition);
  Signal z = convolve(layer.convolution, in);
  modulate(layer, FilmPlace::afterConvolution, z, condition);
  modulate(layer, FilmPlace::beforeMixin, mixed, condition);
  mixed = convolve(layer.mixin, mixed);
  modulate(layer, FilmPlace::afterMixin, mixed, condition);
  add(z, mixed);
  modulate(layer, FilmPlace::beforeActivation, z, condition);
  if (layer.gating == Gating::none)
    activateAll(layer.activation, z);
  else
    gate(layer, z);
  modulate(layer, FilmPlace::afterActivation, z, condition);
  if (layer.layer1x1) {
    Signal next = convolve(*layer.layer1x1, z);
    if (!quirk || layer.gating == Gating::blended) modulate(layer, FilmPlace::afterLayer1x1, next, condition);
    add(x, next);
  }
  if (layer.head1x1) {
    z = convolve(*layer.head1x1, z);
    modulate(layer, FilmPlace::afterHead1x1, z, condition);
  }
  if (head.empty())
    head = z;
  else
    add(head, z);
}

struct Run {
  const Signal& input;
  bool quirk;

  Signal operator()(const WaveNet& net) const {
    const Signal condition = net.condition ? play(*net.condition, input, quirk) : input;
    Signal x = input, head;
    for (const WaveNetArray& array : net.arrays) {
      x = convolve(array.rechannel, x);
      for (const WaveNetLayer& layer : array.layers) playLayer(layer, condition, quirk, x, head);
      head = convolve(array.head, head);
    }
    for (auto& row : head)
      for (double& value : row) value *= net.headScale;
    for (const auto& layer : net.headLayers) {
      activateAll(layer.activation, head);
      head = convolve(layer.convolution, head);
    }
    return head;
  }

  Signal operator()(const ConvNet& net) const {
    Signal x = input;
    for (const auto& block : net.blocks) {
      x = convolve(block.convolution, x);
      activateAll(block.activation, x);
    }
    return convolve(net.head, x);
  }

  Signal operator()(const Linear& net) const {
    Signal out(1, std::vector<double>(input[0].size(), net.bias));
    for (std::size_t n = 0; n < out[0].size(); ++n)
      for (std::size_t k = 0; k < std::min(net.response.size(), n + 1); ++k)
        out[0][n] += net.response[k] * input[0][n - k];
    return out;
  }

  Signal operator()(const Sizes& sizes) const { return play(*sizes.entries.back().network, input, quirk); }

  Signal operator()(const Sequence& net) const {
    Signal x = input;
    for (double& value : x[0]) value *= net.inputGain;
    const std::vector<double> first = x[0];
    for (const float parameter : net.parameters) x.emplace_back(first.size(), parameter);
    for (const auto& layer : net.layers) x = std::visit([&](const auto& l) { return recur(l, x); }, layer);
    for (std::size_t n = 0; n < x[0].size(); ++n)
      x[0][n] = (x[0][n] + (net.skip ? first[n] : 0.0)) * net.outputGain;
    return x;
  }

  static Signal recur(const Activated& layer, const Signal& in) {
    Signal out = convolve(layer.convolution, in);
    activateAll(layer.activation, out);
    return out;
  }

  static double row(const float* weights, const std::vector<double>& values) {
    double sum = 0.0;
    for (const double value : values) sum += value * *weights++;
    return sum;
  }

  static Signal recur(const Lstm& l, const Signal& in) {
    const auto units = static_cast<std::size_t>(l.units), inputs = static_cast<std::size_t>(l.inputs);
    std::vector<double> h(units), c(units), all(inputs + units), z(4 * units);
    if (!l.initialUnits.empty()) h.assign(l.initialUnits.begin(), l.initialUnits.end());
    if (!l.initialCells.empty()) c.assign(l.initialCells.begin(), l.initialCells.end());
    Signal out(units, std::vector<double>(in[0].size()));
    for (std::size_t n = 0; n < in[0].size(); ++n) {
      for (std::size_t i = 0; i < inputs; ++i) all[i] = in[i][n];
      std::ranges::copy(h, all.begin() + static_cast<std::ptrdiff_t>(inputs));
      for (std::size_t r = 0; r < z.size(); ++r) z[r] = l.bias[r] + row(&l.weights[r * all.size()], all);
      for (std::size_t u = 0; u < units; ++u) {
        c[u] = sigmoid(z[units + u]) * c[u] + sigmoid(z[u]) * std::tanh(z[2 * units + u]);
        h[u] = out[u][n] = sigmoid(z[3 * units + u]) * std::tanh(c[u]);
      }
    }
    return out;
  }

  static Signal recur(const Gru& g, const Signal& in) {
    const auto units = static_cast<std::size_t>(g.units), inputs = static_cast<std::size_t>(g.inputs);
    std::vector<double> h(units), x(inputs), wx(3 * units), uh(3 * units);
    Signal out(units, std::vector<double>(in[0].size()));
    for (std::size_t n = 0; n < in[0].size(); ++n) {
      for (std::size_t i = 0; i < inputs; ++i) x[i] = in[i][n];
      for (std::size_t r = 0; r < wx.size(); ++r) {
        wx[r] = g.inputBias[r] + row(&g.inputWeights[r * inputs], x);
        uh[r] = g.recurrentBias[r] + row(&g.recurrentWeights[r * units], h);
      }
      for (std::size_t u = 0; u < units; ++u) {
        const double update = sigmoid(wx[u] + uh[u]), reset = sigmoid(wx[units + u] + uh[units + u]);
        const double fresh = std::tanh(wx[2 * units + u] + reset * uh[2 * units + u]);
        h[u] = out[u][n] = update * h[u] + (1.0 - update) * fresh;
      }
    }
    return out;
  }
};

}  // namespace

Signal play(const Network& network, const Signal& input, bool quirk) {
  return std::visit(Run{input, quirk}, network.kind);
}

std::vector<double> playSettled(const Network& network, const std::vector<float>& input, int silence) {
  std::vector<double> row(static_cast<std::size_t>(silence), 0.0);
  row.insert(row.end(), input.begin(), input.end());
  Signal out = play(network, {row});
  return {out[0].begin() + silence, out[0].end()};
}

}  // namespace gainstage::neural::plain
