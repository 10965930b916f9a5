#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "neural/files/captures.h"

/// WaveNets of .nam files, made here for one feature each.
namespace gainstage::neural {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// An array of two channels with a kernel of 2; `more` are further members, each with a comma in front.
std::string array(std::string_view more = "", std::string_view dilations = "[1]") {
  return fmt::format(
      R"({{"input_size": 1, "condition_size": 1, "channels": 2, "kernel_size": 2, "dilations": {},
                          "activation": "Tanh", "head_size": 1, "head_bias": false{}}})",
      dilations, more);
}

std::string config(std::string_view layers, std::string_view more = "") {
  return fmt::format(R"({{"layers": [{}], "head_scale": 0.5{}}})", layers, more);
}

// rechannel 2, convolution 2x2x2 + 2, mixin 2, layer1x1 4 + 2, head 2, head scale 1.
constexpr std::size_t kPlain = 2 + 10 + 2 + 6 + 2 + 1;

/// Reads a WaveNet that must be sound; keeps it while the test looks at it.
class Read {
 public:
  Read(const std::string& config, std::size_t weights, std::string_view version = "0.7.0")
      : file_(capture(nam("WaveNet", config, weights, version))) {}
  const WaveNet* operator->() const { return &std::get<WaveNet>(file_->network.kind); }
  const CaptureFile& file() const { return *file_; }

 private:
  std::shared_ptr<const CaptureFile> file_;
};

/// Takes the numbers of a file one part after the other.
class Order {
 public:
  explicit Order(std::size_t count) : all_(numberValues(count)) {}
  std::vector<float> next(std::size_t count) {
    const auto begin = all_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += count;
    return {begin, begin + static_cast<std::ptrdiff_t>(count)};
  }
  bool atEnd() const { return at_ == all_.size(); }

 private:
  std::vector<float> all_;
  std::size_t at_ = 0;
};

TEST(WaveNetFile, GivesThePlainArrayItsWeightsInOrder) {
  const Read net(config(array()), kPlain);
  Order order(kPlain);
  const WaveNetArray& read = net->arrays.at(0);
  const WaveNetLayer& layer = read.layers.at(0);
  EXPECT_EQ(read.rechannel.weights, order.next(2));
  EXPECT_EQ(layer.convolution.weights, order.next(8));
  EXPECT_EQ(layer.convolution.bias, order.next(2));
  EXPECT_EQ(layer.mixin.weights, order.next(2));
  EXPECT_THAT(layer.mixin.bias, IsEmpty());
  EXPECT_EQ(layer.layer1x1->weights, order.next(4));
  EXPECT_EQ(layer.layer1x1->bias, order.next(2));
  EXPECT_FALSE(layer.head1x1);
  EXPECT_EQ(read.head.weights, order.next(2));
  EXPECT_THAT(read.head.bias, IsEmpty());
  EXPECT_EQ(net->headScale, order.next(1).front()) << "not the 0.5 of the configuration";
  EXPECT_TRUE(order.atEnd());
  EXPECT_EQ(layer.gating, Gating::none);
  EXPECT_THAT(read.widths, IsEmpty());
}

TEST(WaveNetFile, ReadsEveryPartAtOnceInOrder) {
  std::string more =
      R"(, "bottleneck": 4, "gating_mode": "blended", "groups_input": 2, "groups_input_mixin": 1,
      "layer1x1": {"active": true, "groups": 2}, "head1x1": {"active": true, "out_channels": 6, "groups": 2})";
  for (const char* film : {"conv_pre", "conv_post", "input_mixin_pre", "input_mixin_post", "activation_pre",
                           "activation_post", "layer1x1_post", "head1x1_post"})
    more += fmt::format(R"(, "{}_film": {{"active": true, "shift": {}, "groups": 1}})", film,
                        std::string_view(film).starts_with("input"));
  const auto film = [](std::size_t outputs) { return 2 * outputs; };  // condition 1: a weight and a bias each
  const std::size_t films =
      film(2) + film(8) + film(2 * 1) + film(2 * 8) + film(8) + film(4) + film(2) + film(6);
  const std::size_t count = 2 + (8 * 1 * 2 + 8) + 8 + (2 * 2 + 2) + (6 * 2 + 6) + films + 6 + 1;
  const Read net(config(array(more)), count);
  Order order(count);
  const WaveNetLayer& layer = net->arrays.at(0).layers.at(0);
  EXPECT_EQ(net->arrays[0].rechannel.weights, order.next(2));
  EXPECT_EQ(layer.convolution.groups, 2);
  EXPECT_EQ(layer.convolution.weights, order.next(16));
  EXPECT_EQ(layer.convolution.bias, order.next(8));
  EXPECT_EQ(layer.mixin.weights, order.next(8));
  EXPECT_EQ(layer.layer1x1->weights, order.next(4));
  EXPECT_EQ(layer.layer1x1->bias, order.next(2));
  EXPECT_EQ(layer.head1x1->weights, order.next(12));
  EXPECT_EQ(layer.head1x1->bias, order.next(6));
  const std::size_t outputs[] = {2, 8, 2, 16, 8, 4, 2, 6};
  for (std::size_t place = 0; place < kFilmPlaces; ++place) {
    SCOPED_TRACE(place);
    ASSERT_TRUE(layer.films[place]);
    EXPECT_EQ(layer.films[place]->shift, place == 2 || place == 3);
    EXPECT_EQ(layer.films[place]->scaleShift.weights, order.next(outputs[place]));
    EXPECT_EQ(layer.films[place]->scaleShift.bias, order.next(outputs[place]));
  }
  EXPECT_EQ(net->arrays[0].head.inputs, 6);
  EXPECT_EQ(net->arrays[0].head.weights, order.next(6));
  EXPECT_EQ(net->headScale, order.next(1).front());
  EXPECT_TRUE(order.atEnd());
}

TEST(WaveNetFile, TakesModulationsAsFalseMissingNullOrObjectsWithDefaults) {
  const Read net(config(array(R"(, "conv_pre_film": false, "conv_post_film": null, "activation_pre_film": {},
                                   "activation_post_film": {"active": false, "shift": true, "groups": 7})")),
                 kPlain + 8);
  const auto& films = net->arrays[0].layers[0].films;
  for (std::size_t place = 0; place < kFilmPlaces; ++place)
    EXPECT_EQ(films[place].has_value(), place == static_cast<std::size_t>(FilmPlace::beforeActivation))
        << place;
  EXPECT_TRUE(films[static_cast<std::size_t>(FilmPlace::beforeActivation)]->shift);
}

TEST(WaveNetFile, TakesKernelsActivationsAndGatesForEachLayer) {
  std::string text = config(array(R"(, "gating_mode": ["none", "gated", "blended"],
                                       "secondary_activation": [null, "ReLU", {"type": "Hardtanh"}])",
                                  "[1, 3, 9]"));
  text.replace(text.find("\"kernel_size\": 2"), 16, "\"kernel_sizes\": [1, 2, 5]");
  text.replace(text.find("\"Tanh\""), 6,
               R"(["ReLU", {"type": "LeakyReLU", "negative_slope": 0.25}, "SiLU"])");
  const std::size_t layers = (4 + 2 + 2 + 6) + (16 + 4 + 4 + 6) + (40 + 4 + 4 + 6);
  const Read net(text, 2 + layers + 2 + 1);
  const auto& read = net->arrays[0].layers;
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].convolution.kernel, 1);
  EXPECT_EQ(read[2].convolution.kernel, 5);
  EXPECT_EQ(read[2].convolution.dilation, 9);
  EXPECT_EQ(read[0].activation.kind, ActivationKind::relu);
  EXPECT_EQ(read[1].activation.kind, ActivationKind::leakyRelu);
  EXPECT_THAT(read[1].activation.slopes, ElementsAre(0.25f));
  EXPECT_EQ(read[2].activation.kind, ActivationKind::silu);
  EXPECT_EQ(read[0].gating, Gating::none);
  EXPECT_EQ(read[1].gating, Gating::gated);
  EXPECT_EQ(read[1].secondActivation.kind, ActivationKind::relu);
  EXPECT_EQ(read[2].gating, Gating::blended);
  EXPECT_EQ(read[2].secondActivation.kind, ActivationKind::hardTanh);
  EXPECT_EQ(read[1].convolution.outputs, 4);
}

TEST(WaveNetFile, TakesGatesOfOlderFilesThroughASigmoid) {
  const std::size_t count = 2 + (16 + 4 + 4 + 6) + 2 + 1;
  for (const char* more : {R"(, "gated": true)", R"(, "gating_mode": "gated")"}) {
    const Read net(config(array(more)), count, "0.5.0");
    EXPECT_EQ(net->arrays[0].layers[0].gating, Gating::gated);
    EXPECT_EQ(net->arrays[0].layers[0].secondActivation.kind, ActivationKind::sigmoid);
  }
}

TEST(WaveNetFile, KnowsEveryActivationInBothSpellings) {
  const std::pair<const char*, ActivationKind> known[] = {
      {"Tanh", ActivationKind::tanh},           {"Hardtanh", ActivationKind::hardTanh},
      {"Fasttanh", ActivationKind::fastTanh},   {"ReLU", ActivationKind::relu},
      {"LeakyReLU", ActivationKind::leakyRelu}, {"PReLU", ActivationKind::leakyRelu},
      {"Sigmoid", ActivationKind::sigmoid},     {"SiLU", ActivationKind::silu},
      {"Hardswish", ActivationKind::hardSwish}, {"LeakyHardtanh", ActivationKind::leakyHardTanh},
      {"Softsign", ActivationKind::softsign},   {"LeakyHardTanh", ActivationKind::leakyHardTanh}};
  for (const auto& [name, kind] : known)
    for (const char* form : {"\"{}\"", "{{\"type\": \"{}\"}}"}) {
      std::string text = config(array());
      text.replace(text.find("\"Tanh\""), 6, fmt::format(fmt::runtime(form), name));
      SCOPED_TRACE(text);
      const Read net(text, kPlain);
      const Activation& read = net->arrays[0].layers[0].activation;
      EXPECT_EQ(read.kind, kind);
      EXPECT_EQ(read.slopes, kind == ActivationKind::leakyRelu ? std::vector{0.01f} : std::vector<float>{});
      EXPECT_EQ(read.minimumSlope, 0.01f);
    }
}

TEST(WaveNetFile, GivesParametersToActivations) {
  std::string text = config(array());
  const auto with = [&](std::string_view activation) {
    std::string changed = text;
    changed.replace(changed.find("\"Tanh\""), 6, activation);
    return Read(changed, kPlain)->arrays[0].layers[0].activation;
  };
  EXPECT_THAT(with(R"({"type": "PReLU", "negative_slopes": [0.5, 0.25]})").slopes, ElementsAre(0.5f, 0.25f));
  EXPECT_THAT(with(R"({"type": "PReLU", "negative_slopes": [0.5]})").slopes, ElementsAre(0.5f));
  EXPECT_THAT(with(R"({"type": "PReLU", "negative_slope": 0.75})").slopes, ElementsAre(0.75f));
  const Activation leaky = with(
      R"({"type": "LeakyHardtanh", "min_val": -0.5, "max_val": 0.9, "min_slope": 0.125, "max_slope": 0})");
  EXPECT_EQ(leaky.minimum, -0.5f);
  EXPECT_EQ(leaky.maximum, 0.9f);
  EXPECT_EQ(leaky.minimumSlope, 0.125f);
  EXPECT_EQ(leaky.maximumSlope, 0.0f);
}

TEST(WaveNetFile, GivesTheHeadAKernelADilationAndABias) {
  std::string text = config(array());
  text.replace(text.find(R"("head_size": 1, "head_bias": false)"), 34,
               R"("head": {"out_channels": 1, "kernel_size": 3, "bias": true, "head_dilation": 4})");
  const Read net(text, kPlain + 4 + 1);
  const Convolution& head = net->arrays[0].head;
  EXPECT_EQ(head.kernel, 3);
  EXPECT_EQ(head.dilation, 4);
  EXPECT_EQ(head.weights.size(), 6u);
  EXPECT_EQ(head.bias.size(), 1u);
}

TEST(WaveNetFile, AddsAHeadBehindTheStack) {
  const Read net(config(array(), R"(, "head": {"channels": 5, "out_channels": 1, "kernel_sizes": [3, 2],
                                               "activation": "Softsign"})"),
                 kPlain + (15 + 5) + (10 + 1));
  ASSERT_EQ(net->headLayers.size(), 2u);
  EXPECT_EQ(net->headLayers[0].convolution.inputs, 1);
  EXPECT_EQ(net->headLayers[0].convolution.outputs, 5);
  EXPECT_EQ(net->headLayers[1].convolution.inputs, 5);
  EXPECT_EQ(net->headLayers[1].convolution.kernel, 2);
  EXPECT_EQ(net->headLayers[1].activation.kind, ActivationKind::softsign);
  EXPECT_EQ(net->headScale, numberValues(kPlain + 31).back());
}

TEST(WaveNetFile, TakesTheWidthsThatItMayBeCutTo) {
  const auto slimmable = [](std::string_view kwargs) {
    return fmt::format(R"(, "slimmable": {{"method": "slice_channels_uniform"{}}})", kwargs);
  };
  const Read some(config(array(slimmable(R"(, "kwargs": {"allowed_channels": [2]})"))), kPlain);
  EXPECT_THAT(some->arrays[0].widths, ElementsAre(2));
  EXPECT_THAT(some.file().sizeSteps, IsEmpty());
  const Read all(config(array(slimmable(""))), kPlain);
  EXPECT_THAT(all->arrays[0].widths, ElementsAre(1, 2));
  EXPECT_THAT(all.file().sizeSteps, ElementsAre(0.5));
  const Read none(config(array(R"(, "slimmable": null)")), kPlain);
  EXPECT_THAT(none->arrays[0].widths, IsEmpty());
  const Read unknown(config(array(R"(, "slimmable": {"method": "by_magic"})")), kPlain);
  EXPECT_THAT(unknown->arrays[0].widths, IsEmpty());
  EXPECT_THAT(unknown.file().metadata.remarks.front(), HasSubstr("by_magic"));
  const Read grouped(config(array(slimmable("") + R"(, "groups_input": 2)")), kPlain - 4);
  EXPECT_THAT(grouped->arrays[0].widths, IsEmpty());
  EXPECT_THAT(grouped.file().metadata.remarks.front(), HasSubstr("groups"));
}

TEST(WaveNetFile, UnwrapsAModelInsideTheConfiguration) {
  const Read net("{\"model\": " + config(array()) + "}", kPlain);
  EXPECT_EQ(net->arrays.size(), 1u);
}

/// A WaveNet with `depth` conditions in each other.
std::string conditioned(int depth) {
  if (depth == 0) return nam("WaveNet", config(array()), kPlain);
  return nam("WaveNet", config(array(), ", \"condition_dsp\": " + conditioned(depth - 1)), kPlain);
}

TEST(WaveNetFile, NestsConditionsEightDeepAndNoDeeper) {
  const auto file = capture(conditioned(8));
  int depth = 0;
  for (const Network* net = &file->network; net; ++depth) net = std::get<WaveNet>(net->kind).condition.get();
  EXPECT_EQ(depth, 9);
  EXPECT_THAT(refusal(conditioned(9)), HasSubstr("condition_dsp lies 9 models deep, and at most 8 are read"));
}

TEST(WaveNetFile, LoadsNewerVersionsWithNothingUnknownInThem) {
  const std::string plain = config(array());
  const std::string odd = config(array(R"(, "sparkle": 1)"));
  for (const char* version : {"0.5.0", "0.5.4", "0.6.2", "0.7.0", "0.7.9"}) {
    EXPECT_EQ(refusal(nam("WaveNet", plain, kPlain, version)), "accepted") << version;
    EXPECT_EQ(refusal(nam("WaveNet", odd, kPlain, version)), "accepted") << version;
  }
  EXPECT_EQ(refusal(nam("WaveNet", plain, kPlain, "0.8.0")), "accepted");
  EXPECT_THAT(refusal(nam("WaveNet", odd, kPlain, "0.8.0")),
              HasSubstr("config.layers[0].sparkle is an unknown key"));
  EXPECT_THAT(refusal(nam("WaveNet", config(array(), R"(, "glow": 1)"), kPlain, "0.12.3")),
              HasSubstr("config.glow is an unknown key"));
}

}  // namespace
}  // namespace gainstage::neural
