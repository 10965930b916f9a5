#include <cmath>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "neural/files/captures.h"

/// LSTM, ConvNet, Linear and containers of .nam files, and what a file says about itself.
namespace gainstage::neural {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kLstm = R"({"input_size": 1, "hidden_size": 2, "num_layers": 2})";
constexpr std::size_t kLstmWeights = (8 * 3 + 8 + 4) + (8 * 4 + 8 + 4) + 2 + 1;

TEST(LstmFile, GivesMatrixBiasAndInitialStateOfEachLayerAndThenTheHead) {
  const auto file = capture(nam("LSTM", kLstm, kLstmWeights));
  const auto& layers = std::get<Sequence>(file->network.kind).layers;
  ASSERT_EQ(layers.size(), 3u);
  const auto all = numberValues(kLstmWeights);
  const auto part = [&](std::size_t from, std::size_t count) {
    return std::vector<float>(all.begin() + static_cast<std::ptrdiff_t>(from),
                              all.begin() + static_cast<std::ptrdiff_t>(from + count));
  };
  const auto& second = std::get<Lstm>(layers[1]);
  EXPECT_EQ(std::get<Lstm>(layers[0]).inputs, 1);
  EXPECT_EQ(second.inputs, 2);
  EXPECT_EQ(second.weights, part(36, 32));
  EXPECT_EQ(second.bias, part(68, 8));
  EXPECT_EQ(second.initialUnits, part(76, 2));
  EXPECT_EQ(second.initialCells, part(78, 2));
  const auto& head = std::get<Activated>(layers[2]);
  EXPECT_EQ(head.convolution.weights, part(80, 2));
  EXPECT_EQ(head.convolution.bias, part(82, 1));
  EXPECT_EQ(head.activation.kind, ActivationKind::identity);
}

TEST(ConvNetFile, FoldsBatchNormalisationIntoItsConvolutions) {
  // One block of 2 channels: 4 weights; mean, variance, weight, bias of 2 each; epsilon; head 2 + 1.
  const std::string text = R"({"version": "0.5.0", "architecture": "ConvNet",
    "config": {"channels": 2, "dilations": [3], "batchnorm": true, "activation": "ReLU"},
    "weights": [1, 2, 3, 4,  0.5, -1,  3.9, 0.15,  2, 3,  10, 20,  0.1,  7, 8, 9]})";
  const auto file = capture(text);
  const auto& net = std::get<ConvNet>(file->network.kind);
  const Convolution& folded = net.blocks.at(0).convolution;
  EXPECT_EQ(folded.kernel, 2);
  EXPECT_EQ(folded.dilation, 3);
  const float first = 2.0f / std::sqrt(4.0f), second = 3.0f / std::sqrt(0.25f);
  const std::vector<float> weights = {1 * first, 2 * first, 3 * second, 4 * second};
  const std::vector<float> bias = {10 - 0.5f * first, 20 + 1 * second};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(folded.weights[i], weights[i], 1e-5f);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(folded.bias[i], bias[i], 1e-5f);
  EXPECT_THAT(net.head.weights, ElementsAre(7, 8));
  EXPECT_THAT(net.head.bias, ElementsAre(9));
}

TEST(ConvNetFile, HasABiasInsteadWhereItHasNoBatchNormalisation) {
  const auto file = capture(
      nam("ConvNet", R"({"channels": 4, "dilations": [1, 2], "batchnorm": false, "activation": "Tanh"})",
          (8 + 4) + (32 + 4) + 4 + 1));
  const auto& net = std::get<ConvNet>(file->network.kind);
  EXPECT_EQ(net.blocks.at(0).convolution.inputs, 1);
  EXPECT_EQ(net.blocks.at(1).convolution.inputs, 4);
  EXPECT_EQ(net.blocks.at(1).convolution.bias.size(), 4u);
}

TEST(LinearFile, IsAnImpulseResponseAndABias) {
  const auto file = capture(R"({"version": "0.5.0", "architecture": "Linear",
    "config": {"receptive_field": 3, "bias": true, "implementation": "auto"}, "weights": [1, 2, 3, 4]})");
  const auto& linear = std::get<Linear>(file->network.kind);
  EXPECT_THAT(linear.response, ElementsAre(1, 2, 3));
  EXPECT_EQ(linear.bias, 4.0f);
}

std::string container(std::initializer_list<std::pair<double, std::string>> models,
                      std::string_view more = "") {
  std::string list;
  for (const auto& [size, model] : models)
    list += fmt::format(R"({}{{"max_value": {}, "model": {}}})", list.empty() ? "" : ", ", size, model);
  return fmt::format(
      R"({{"version": "0.7.0", "architecture": "SlimmableContainer", "config": {{"submodels": [{}]}}, "weights": []{}}})",
      list, more);
}

/// A model of one weight that says this about itself.
std::string tiny(std::string_view more = "") {
  return fmt::format(R"({{"version": "0.5.4", "architecture": "Linear",
    "config": {{"receptive_field": 1, "bias": false}}, "weights": [0.5]{}}})",
                     more);
}

TEST(ContainerFile, HoldsItsSizesInOrder) {
  const auto file = capture(container({{0.25, tiny()}, {0.5, tiny()}, {1.0, tiny()}}));
  const auto& sizes = std::get<Sizes>(file->network.kind);
  ASSERT_EQ(sizes.entries.size(), 3u);
  EXPECT_EQ(sizes.entries[1].maximumSize, 0.5);
  EXPECT_THAT(file->sizeSteps, ElementsAre(0.25, 0.5));
}

TEST(ContainerFile, NestsEightDeepAndNoDeeper) {
  std::string text = tiny();
  for (int i = 0; i < 8; ++i) text = container({{1.0, text}});
  EXPECT_EQ(refusal(text), "accepted");
  EXPECT_THAT(refusal(container({{1.0, text}})), HasSubstr("lies 9 models deep"));
}

TEST(CaptureMetadata, SaysWhatTheFileSays) {
  const auto file = capture(tiny(R"(, "sample_rate": 44100, "metadata": {"loudness": -18.5, "gain": 0.5,
    "input_level_dbu": 12.2, "output_level_dbu": -3, "name": "Crunch", "modeled_by": "N.N.", "gear_type": "amp",
    "gear_make": "Make", "gear_model": "Mo\ndel", "tone_type": "clean", "training": {"validation_esr": 0.01},
    "date": {"year": 2024, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5}})"));
  const CaptureMetadata& says = file->metadata;
  EXPECT_EQ(says.sampleRate, 44100.0);
  EXPECT_EQ(file->sampleRate(), 44100.0);
  EXPECT_EQ(says.loudnessDb, -18.5);
  EXPECT_EQ(says.gain, 0.5);
  EXPECT_EQ(says.inputLevelDbu, 12.2);
  EXPECT_EQ(says.outputLevelDbu, -3.0);
  EXPECT_EQ(says.name, "Crunch");
  EXPECT_EQ(says.modeledBy, "N.N.");
  EXPECT_EQ(says.gearModel, "Mo del");
  EXPECT_EQ(says.date, "2024-01-02 03:04:05");
  EXPECT_EQ(says.error, 0.01);
  EXPECT_THAT(says.remarks, IsEmpty());
}

TEST(CaptureMetadata, NamesWhatIsMissing) {
  EXPECT_THAT(capture(tiny())->metadata.remarks,
              ElementsAre(HasSubstr("no sample rate: 48000 Hz"), HasSubstr("no loudness"),
                          HasSubstr("no input level"), HasSubstr("no output level")));
}

TEST(CaptureMetadata, NamesAndDropsWhatCannotBe) {
  const auto file =
      capture(tiny(R"(, "sample_rate": 48, "metadata": {"loudness": 300, "input_level_dbu": "loud",
    "output_level_dbu": -1e30, "gain": -1, "name": 7})"));
  const CaptureMetadata& says = file->metadata;
  EXPECT_FALSE(says.sampleRate || says.loudnessDb || says.inputLevelDbu || says.outputLevelDbu || says.gain);
  EXPECT_EQ(file->sampleRate(), 48000.0);
  EXPECT_EQ(says.name, "");
  EXPECT_THAT(says.remarks,
              ::testing::IsSupersetOf(
                  {HasSubstr("sample rate is given as 48, which cannot be (8000 to 384000 Hz can)"),
                   HasSubstr("loudness is given as 300"), HasSubstr("input level is given as \"loud\""),
                   HasSubstr("output level is given as -1e+30"), HasSubstr("gain is given as -1")}));
}

TEST(CaptureMetadata, OfAContainerMayStandInItsLargestModel) {
  const std::string small = tiny(R"(, "metadata": {"loudness": -1}, "sample_rate": 48000)");
  const std::string large =
      tiny(R"(, "metadata": {"loudness": -2, "input_level_dbu": 3}, "sample_rate": 96000)");
  const auto without = capture(container({{0.5, small}, {1.0, large}}));
  EXPECT_EQ(without->metadata.loudnessDb, -2.0);
  EXPECT_EQ(without->metadata.inputLevelDbu, 3.0);
  EXPECT_EQ(without->metadata.sampleRate, 96000.0);
  EXPECT_THAT(without->metadata.remarks.front(),
              HasSubstr("submodels[0].model was made at 48000 Hz, but the file says 96000 Hz"));
  const auto with = capture(container({{0.5, small}, {1.0, large}}, R"(, "metadata": {"loudness": -9})"));
  EXPECT_EQ(with->metadata.loudnessDb, -9.0);
  EXPECT_EQ(with->metadata.inputLevelDbu, 3.0);
}

TEST(CaptureFiles, ShareWhatOneFileHoldsAsLongAsSomebodyHasIt) {
  const std::string text = tiny(R"(, "metadata": {"name": "shared"})");
  auto first = capture(text);
  EXPECT_EQ(first, capture(text));
  EXPECT_NE(first, capture(tiny()));
  EXPECT_EQ(first->hash.size(), 64u);
  const std::weak_ptr<const CaptureFile> watch = first;
  first.reset();
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace gainstage::neural
