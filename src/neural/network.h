#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "neural/activation.h"

/// Networks as capture files describe them, with their weights: what every file format is read into and every
/// player is made from. Whoever makes one guarantees that its parts fit together (each struct says how) and
/// that every weight is finite.
namespace gainstage::neural {

/// A causal convolution over time, y[o] = bias[o] + sum over i, k of w[o][i][k] x[i][now - (kernel-1-k)
/// dilation]; with a kernel of 1, a matrix. Both `inputs` and `outputs` are multiples of `groups`; an output
/// sees the inputs of its own group only.
struct Convolution {
  int inputs = 0;
  int outputs = 0;
  int kernel = 1;
  int dilation = 1;
  int groups = 1;
  std::vector<float> weights;  ///< outputs x (inputs / groups) x kernel
  std::vector<float> bias;     ///< one for each output, or empty
};

/// Feature-wise linear modulation (Perez et al. 2018): a matrix makes of the condition a scale for each
/// channel, followed, where `shift`, by as many offsets; x becomes scale x + offset.
struct Film {
  Convolution scaleShift;
  bool shift = false;
};

enum class Gating {
  none,
  gated,  ///< upper half of the convolution's outputs, through the second activation, times the lower half's
  blended,  ///< the same as the share of the activated in a mix with what came before the activation
};

/// Where a layer may be modulated, in the order in which files store the weights.
enum class FilmPlace {
  beforeConvolution,
  afterConvolution,
  beforeMixin,
  afterMixin,
  beforeActivation,
  afterActivation,
  afterLayer1x1,
  afterHead1x1,
};
constexpr std::size_t kFilmPlaces = 8;

/// One layer: z = convolution(x) + mixin(condition), activated to a (`bottleneck` channels: half of z's where
/// gated or blended). The next layer gets x + layer1x1(a), the head head1x1(a) or a itself.
struct WaveNetLayer {
  Convolution convolution;  ///< channels -> bottleneck or twice that
  Convolution mixin;        ///< condition -> as many
  Activation activation;
  Gating gating = Gating::none;
  Activation secondActivation;          ///< of the upper half
  std::optional<Convolution> layer1x1;  ///< bottleneck -> channels; none: the next layer gets x as it is
  std::optional<Convolution> head1x1;   ///< bottleneck -> head channels
  std::array<std::optional<Film>, kFilmPlaces> films;
};

/// Layers of equal width. Their head outputs add up, on top of the head output of the array before.
struct WaveNetArray {
  Convolution rechannel;  ///< 1x1, inputs -> channels
  std::vector<WaveNetLayer> layers;
  Convolution head;  ///< of the sum
  /// Widths that a slimmable array may be cut to, rising, the last its full one. Empty: it stays as it is.
  std::vector<int> widths;
};

struct Network;

/// The output of the last array's head, scaled, goes through the head layers (activation, then convolution).
struct WaveNet {
  struct HeadLayer {
    Activation activation;
    Convolution convolution;
  };
  int inputs = 1;
  std::vector<WaveNetArray> arrays;
  float headScale = 1.0f;
  std::vector<HeadLayer> headLayers;
  std::shared_ptr<const Network> condition;  ///< makes the condition of the input; none: it is the input
};

/// A chain of convolutions. Batch normalisation is folded into them.
struct ConvNet {
  struct Block {
    Convolution convolution;
    Activation activation;
  };
  std::vector<Block> blocks;
  Convolution head;
};

/// An impulse response, each channel by itself.
struct Linear {
  std::vector<float> response;
  float bias = 0.0f;
};

/// Gates in the order input, forget, cell, output (PyTorch's).
struct Lstm {
  int inputs = 0;
  int units = 0;
  std::vector<float> weights;       ///< 4 units x (inputs + units), row by row
  std::vector<float> bias;          ///< 4 units
  std::vector<float> initialUnits;  ///< `units`, or empty: 0
  std::vector<float> initialCells;
};

/// Gates in the order update, reset, new (keras), the reset gate after the multiplication (`reset_after`).
struct Gru {
  int inputs = 0;
  int units = 0;
  std::vector<float> inputWeights;      ///< 3 units x inputs, row by row
  std::vector<float> recurrentWeights;  ///< 3 units x units
  std::vector<float> inputBias;         ///< 3 units
  std::vector<float> recurrentBias;     ///< 3 units
};

/// A convolution (dense: kernel 1) and what follows it, between or after recurrent layers.
struct Activated {
  Convolution convolution;
  Activation activation;
};

/// A chain with at least one recurrent layer, or as keras files have it. Only its first `inputs` matter that
/// are sound: further inputs of a file (knobs) are constants in `parameters`.
struct Sequence {
  using Layer = std::variant<Lstm, Gru, Activated>;
  std::vector<Layer> layers;
  std::vector<float> parameters;  ///< values of the inputs after the first
  bool skip = false;              ///< the first input is added to the first output
  float inputGain = 1.0f;         ///< linear
  float outputGain = 1.0f;
};

/// Networks of several sizes: at size s plays the first whose `maximumSize` lies above s, else the last.
struct Sizes {
  struct Entry {
    double maximumSize = 1.0;
    std::shared_ptr<const Network> network;
  };
  std::vector<Entry> entries;
};

struct Network {
  std::variant<WaveNet, ConvNet, Linear, Sequence, Sizes> kind;
};

/// Channels in and out. [any thread]
int inputsOf(const Network& network);
int outputsOf(const Network& network);

}  // namespace gainstage::neural
