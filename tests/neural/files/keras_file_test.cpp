#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "neural/files/captures.h"
#include "neural/files/plain.h"

/// AIDA-X / RTNeural JSON, made here for one feature each.
namespace gainstage::neural {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string keras(std::string_view layers, std::string_view more = "", int inputs = 1) {
  return fmt::format(R"({{"in_shape": [null, null, {}], "layers": [{}]{}}})", inputs, layers, more);
}

/// A layer with one output less than its name needs a comma in front of `more`.
std::string layer(std::string_view type, int outputs, std::string_view weights, std::string_view more = "") {
  return fmt::format(R"({{"type": "{}", "shape": [null, null, {}], "weights": {}{}}})", type, outputs,
                     weights, more);
}

/// A dense layer to one output that adds up `inputs` channels.
std::string sum(int inputs) {
  std::string rows;
  for (int i = 0; i < inputs; ++i) rows += i == 0 ? "[1]" : ", [1]";
  return layer("dense", 1, fmt::format("[[{}], [0]]", rows), R"(, "activation": "")");
}

const Sequence& sequenceOf(const CaptureFile& file) { return std::get<Sequence>(file.network.kind); }

/// What comes out for that signal.
std::vector<double> played(const std::string& text, const std::vector<double>& input) {
  return plain::play(capture(text)->network, {input})[0];
}

TEST(KerasFile, TurnsLstmMatricesSoThatEachGateHasARow) {
  // One unit, two inputs (one a knob): kernel 2x4, recurrent 1x4, bias 4.
  const auto file = capture(
      keras(layer("lstm", 1, "[[[1, 2, 3, 4], [5, 6, 7, 8]], [[9, 10, 11, 12]], [1, 2, 3, 4]]"), "", 2));
  const auto& lstm = std::get<Lstm>(sequenceOf(*file).layers.at(0));
  EXPECT_THAT(lstm.weights, ElementsAre(1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12));
  EXPECT_THAT(lstm.bias, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(sequenceOf(*file).parameters, ElementsAre(0.0f));
  EXPECT_THAT(file->metadata.remarks.front(), HasSubstr("1 knobs"));
  EXPECT_EQ(file->metadata.architecture, "LSTM");
}

TEST(KerasFile, ReadsGatedRecurrentUnitsAsKerasDefinesThem) {
  // With z = 1/2 and r = sigmoid(ln 3) = 3/4: h = h/2 + tanh(x + 1/4 + 3/4 (h/2 + 1/8)) / 2.
  const auto out =
      played(keras(layer(
                 "gru", 1,
                 fmt::format("[[[0, 0, 1]], [[0, 0, 0.5]], [[0, {}, 0.25], [0, 0, 0.125]]]", std::log(3.0)))),
             {0.5, -0.25});
  const double first = 0.5 * std::tanh(0.5 + 0.25 + 0.75 * 0.125);
  const double second = 0.5 * first + 0.5 * std::tanh(-0.25 + 0.25 + 0.75 * (0.5 * first + 0.125));
  EXPECT_NEAR(out[0], first, 1e-7);
  EXPECT_NEAR(out[1], second, 1e-7);
}

TEST(KerasFile, ReadsConvolutionsOldestFrameFirst) {
  // y0[n] = 1 x[n-2] + 3 x[n] + 0.5, y1[n] = 2 x[n-2] + 4 x[n] + 0.25; then their sum.
  const auto out = played(keras(layer("conv1d", 2, "[[[[1, 2]], [[3, 4]]], [0.5, 0.25]]",
                                      R"(, "kernel_size": [2], "dilation": [2], "activation": "relu")") +
                                ", " + sum(2)),
                          {1, 0, 10, 0});
  EXPECT_THAT(out, ElementsAre(7.75, 0.75, 73.75, 0.75));
}

TEST(KerasFile, ReadsDenseLayersUnderEitherNameAndEveryActivation) {
  const std::pair<const char*, double> known[] = {{"", -0.5},
                                                  {"linear", -0.5},
                                                  {"tanh", std::tanh(-0.5)},
                                                  {"relu", 0.0},
                                                  {"sigmoid", 1.0 / (1.0 + std::exp(0.5))},
                                                  {"elu", std::exp(-0.5) - 1.0}};
  for (const char* type : {"dense", "time-distributed-dense"})
    for (const auto& [name, value] : known) {
      const std::string text =
          keras(layer(type, 1, "[[[2]], [0.5]]", fmt::format(R"(, "activation": "{}")", name)));
      EXPECT_NEAR(played(text, {-0.5})[0], value, 1e-7) << text;
    }
}

TEST(KerasFile, PutsSeparateActivationsAndNormalisationsIntoTheLayerBefore) {
  const std::string dense = layer("dense", 1, "[[[2]], [1]]");
  EXPECT_THAT(
      played(keras(dense + ", " + layer("activation", 1, "[]", R"(, "activation": "relu")")), {-3, 3}),
      ElementsAre(0, 7));
  EXPECT_THAT(played(keras(dense + ", " + layer("prelu", 1, "[[[0.25]]]")), {-2.5, 3}), ElementsAre(-1, 7));
  // 4 (x - 3) / sqrt(3.75 + 0.25) - 1
  const std::string norm = layer("batchnorm", 1, "[[4], [-1], [3], [3.75]]", R"(, "epsilon": 0.25)");
  EXPECT_THAT(played(keras(dense + ", " + norm), {0, 3}), ElementsAre(-5, 7));
  EXPECT_THAT(played(keras(norm), {3, 4}), ElementsAre(-1, 1));
  EXPECT_EQ(sequenceOf(*capture(keras(dense + ", " + norm))).layers.size(), 1u);
}

TEST(KerasFile, AddsTheInputAndTurnsGainsFromDecibels) {
  const std::string dense = layer("dense", 1, "[[[3]], [0]]");
  const auto close = [](double value) { return ::testing::DoubleNear(value, 1e-5); };
  EXPECT_THAT(played(keras(dense, R"(, "in_skip": 1)"), {1}), ElementsAre(4));
  EXPECT_THAT(played(keras(dense, R"(, "in_skip": 0)"), {1}), ElementsAre(3));
  EXPECT_THAT(played(keras(dense, R"(, "in_gain": 20, "out_gain": -40, "in_skip": 1)"), {1}),
              ElementsAre(close(0.4)));
}

TEST(KerasFile, TakesTheSampleRateAsNumberOrText) {
  const std::string dense = layer("dense", 1, "[[[3]], [0]]");
  for (const char* more : {R"(, "samplerate": 44100)", R"(, "metadata": {"samplerate": "44100"})",
                           R"(, "metadata": {"samplerate": 44100.0}, "samplerate": 48000)"})
    EXPECT_EQ(capture(keras(dense, more))->sampleRate(), 44100.0) << more;
  const auto file =
      capture(keras(dense, R"(, "metadata": {"name": "A", "author": "B", "style": "C", "based": "D",
                                             "esr": 0.125})"));
  EXPECT_EQ(
      file->metadata.name + file->metadata.modeledBy + file->metadata.toneType + file->metadata.gearModel,
      "ABCD");
  EXPECT_EQ(file->metadata.error, 0.125);
  EXPECT_EQ(file->metadata.format, "keras");
}

TEST(KerasFile, RefusesWhatItCannotPlayByName) {
  const std::string dense = layer("dense", 1, "[[[3]], [0]]");
  const std::pair<std::string, const char*> bad[] = {
      {keras(layer("conv2d", 1, "[]")),
       "layers[0].type is \"conv2d\", which is unknown; did you mean \"conv1d\"?"},
      {keras(layer("attention", 1, "[]")),
       "layers[0].type is \"attention\", which is unknown; known are lstm"},
      {keras(layer("dense", 1, "[[[3]], [0]]", R"(, "activation": "softmax")")),
       "layers[0].activation is \"softmax\""},
      {keras(layer("lstm", 1, "[]", R"(, "activation": "relu")")), "layers[0].activation is \"relu\""},
      {keras(layer("dense", 2, "[[[3, 4]], [0, 0]]")), "layers end with 2 channels"},
      {keras(layer("dense", 1, "[[[3, 4]], [0]]")), "layers[0].weights[0][0] should be a list of 1 numbers"},
      {keras(layer("dense", 1, "[[[3], [4]], [0]]")), "layers[0].weights[0] should be a list of 1 lists"},
      {keras(layer("dense", 1, "[[[null]], [0]]")), "layers[0].weights[0][0][0] should be a finite number"},
      {keras(layer("dense", 1, "[[[1e39]], [0]]")), "layers[0].weights[0][0][0] is beyond"},
      {keras(layer("dense", 1, "[]")), "layers[0].weights[0] is missing"},
      {keras(layer("gru", 1, "[[[1, 2, 3]], [[1, 2, 3]], [1, 2, 3]]")),
       "layers[0].weights[2] should be a list of 2"},
      {keras(layer("lstm", 1000000000, "[]")), "layers[0].shape should be a whole number from 1 to 1024"},
      {keras(layer("batchnorm", 1, "[[0], [-1]]", R"(, "epsilon": 0.5)")),
       "layers[0].weights give a normalisation"},
      {keras(layer("conv1d", 1, "[]", R"(, "kernel_size": [3], "dilation": [2000000])")), "receptive field"},
      {keras(layer("conv1d", 1, "[]", R"(, "kernel_size": [3], "dilation": [1], "groups": 2)")), "groups"},
      {keras(dense, R"(, "in_gain": 1e9)"), "in_gain is 1e+09 dB"},
      {keras(dense, R"(, "in_skip": 2)"), "in_skip should be 0 or 1"},
      {keras(dense, "", 17), "in_shape should be a whole number from 1 to 16"},
      {keras(""), "layers should be a list of 1 to 4096 layers"},
      {R"({"in_shape": [1]})", "layers is missing"},
      {R"({"layers": []})", "in_shape is missing"},
      {R"({"layers": [7], "in_shape": [1]})", "layers[0] should be an object, but is 7"},
  };
  for (const auto& [text, sentence] : bad) EXPECT_THAT(refusal(text), HasSubstr(sentence)) << text;
}

}  // namespace
}  // namespace gainstage::neural
