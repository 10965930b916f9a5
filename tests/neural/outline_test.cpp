#include "neural/outline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gainstage::neural {
namespace {

using ::testing::ElementsAre;

WaveNetArray array(int channels, const std::vector<int>& kernels) {
  WaveNetArray made{.rechannel = {.inputs = 1, .outputs = channels}};
  for (const int kernel : kernels)
    made.layers.push_back({.convolution = {.inputs = channels, .outputs = channels, .kernel = kernel},
                           .activation = {.kind = ActivationKind::tanh}});
  return made;
}

TEST(NetworkOutline, HasALineForEachArrayAndWhatItHoldsBelow) {
  WaveNet inner{.arrays = {array(1, {3})}};
  inner.arrays[0].layers[0].gating = Gating::gated;
  WaveNet net{.arrays = {array(16, {3, 3}), array(8, {6, 15, 6})}, .headLayers = {{}}};
  net.arrays[1].widths = {2, 8};
  net.condition = std::make_shared<const Network>(Network{std::move(inner)});
  EXPECT_THAT(
      outlineOf({std::move(net)}),
      ElementsAre("16 channels, 2 layers of 3 taps, tanh",
                  "8 channels, 3 layers of 6 to 15 taps, tanh, cut to 2 and more", "a head of 1 layer",
                  "its condition:", "  1 channel, 1 layer of 3 taps, gated, tanh"));
}

TEST(NetworkOutline, NamesLayersOfChainsAndSizes) {
  const Sequence chain{.layers = {Lstm{.inputs = 1, .units = 16}, Gru{.inputs = 16, .units = 8},
                                  Activated{.convolution = {.inputs = 8, .outputs = 1, .kernel = 3},
                                            .activation = {.kind = ActivationKind::relu}}}};
  const auto first = std::make_shared<const Network>(Network{chain});
  const auto second = std::make_shared<const Network>(Network{Linear{.response = {1.0f, 2.0f}}});
  EXPECT_THAT(outlineOf({Sizes{{{0.25, first}, {1.0, second}}}}),
              ElementsAre("below 0.25:", "  LSTM of 16 units", "  GRU of 8 units",
                          "  convolution of 3 taps of 8 to 1, ReLU", "below 1:", "  2 taps"));
}

TEST(NetworkOutline, EndsBeforeItFillsTheScreen) {
  WaveNet net;
  for (int i = 0; i < 1000; ++i) net.arrays.push_back(array(2, {3}));
  EXPECT_EQ(outlineOf({std::move(net)}).size(), 64u);
}

TEST(NetworkParameters, CountEveryWeightOnce) {
  Lstm lstm{.weights = std::vector<float>(12),
            .bias = std::vector<float>(4),
            .initialUnits = {0},
            .initialCells = {0}};
  EXPECT_EQ(
      parametersOf({Sequence{.layers = {lstm, Activated{.convolution = {.weights = {1}, .bias = {2}}}}}}),
      20u);
}

}  // namespace
}  // namespace gainstage::neural
