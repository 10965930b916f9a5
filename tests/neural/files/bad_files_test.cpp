#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "neural/files/captures.h"
#include "support/files.h"

/// .nam files that cannot be played, and the sentence for each.
namespace gainstage::neural {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// As in the WaveNet of kGood.
constexpr std::size_t kWeights = 2 + 10 + 2 + 6 + 2 + 1;
constexpr const char* kGood =
    R"({"layers": [{"input_size": 1, "condition_size": 1, "channels": 2, "kernel_size": 2,
  "dilations": [1], "activation": "Tanh", "head_size": 1, "head_bias": false, "gated": false, "bottleneck": 2,
  "groups_input": 1, "layer1x1": {"active": true, "groups": 1}}], "head_scale": 0.5})";

std::string good() { return nam("WaveNet", kGood, kWeights); }

/// The good file with `from` exchanged for `to`.
std::string spoilt(std::string_view from, std::string_view to) {
  std::string text = good();
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("nothing to spoil: " + std::string(from));
  return text.replace(at, from.size(), to);
}

struct Bad {
  std::string from, to;
  const char* sentence;
};

TEST(BadCapture, OfAnySizeIsNamed) {
  EXPECT_EQ(refusal(good()), "accepted");
  const std::string layer = "config.layers[0].";
  for (const auto& [key, most] : {std::pair{"channels", "1024"},
                                  {"kernel_size", "2097152"},
                                  {"head_size", "1024"},
                                  {"input_size", "1024"},
                                  {"condition_size", "1024"},
                                  {"bottleneck", "1024"},
                                  {"groups_input", "1024"}}) {
    const std::string text = good();
    const auto at = text.find(fmt::format("\"{}\": ", key));
    const std::string found = text.substr(at, text.find(',', at) - at);
    for (const char* value :
         {"0", "-1", "1e9", "1000000000", "18446744073709551615", "1.5", "\"8\"", "[]", "true"})
      EXPECT_THAT(refusal(spoilt(found, fmt::format("\"{}\": {}", key, value))),
                  HasSubstr(fmt::format("\"x.nam\": {}{} should be a whole number from 1 to {}, but is",
                                        layer, key, most)));
  }
}

TEST(BadCapture, SaysWhatIsWrongAndWhere) {
  const std::vector<Bad> all = {
      {"\"0.7.0\"", "\"0.4.9\"", "version is 0.4.9, and .nam files are read from 0.5.0 on"},
      {"\"0.7.0\"", "\"1.0.0\"", "version is 1.0.0, and .nam files are read up to 0.7"},
      {"\"0.7.0\"", "\"latest\"", "version should be three numbers such as 0.7.0, but is \"latest\""},
      {"\"0.7.0\"", "\"0.7\"", "version should be three numbers"},
      {"\"0.7.0\"", "\"0.00000000000000000007.0\"", "version should be three numbers"},
      {"\"0.7.0\"", "\"0.-7.0\"", "version should be three numbers"},
      {"\"0.7.0\"", "0.7", "version should be text, but is 0.7"},
      {"\"version\"", "\"wersion\"", "version is missing"},
      {"\"WaveNet\"", "\"wavenet\"",
       "architecture is \"wavenet\", which is unknown; did you mean \"WaveNet\"?"},
      {"\"WaveNet\"", "\"Transformer\"", "known are WaveNet, LSTM, ConvNet, Linear, SlimmableContainer"},
      {"\"WaveNet\"", "7", "architecture should be text, but is 7"},
      {"\"Tanh\"", "\"tanh\"", "layers[0].activation is \"tanh\", which is unknown; did you mean \"Tanh\"?"},
      {"\"Tanh\"", "\"GELU\"", "layers[0].activation is \"GELU\", which is unknown; "},
      {"\"Tanh\"", "{\"type\": \"Swish\"}", "layers[0].activation.type is \"Swish\", which is unknown; "},
      {"\"Tanh\"", "{}", "layers[0].activation.type is missing"},
      {"\"Tanh\"", "5", "layers[0].activation should be an activation's name or an object"},
      {"\"Tanh\"", "[\"Tanh\", \"Tanh\"]", "layers[0].activation has 2 entries for 1 dilations"},
      {"\"Tanh\"", "{\"type\": \"PReLU\", \"negative_slopes\": [1, 2, 3]}", "holds 3 slopes for 2 channels"},
      {"\"Tanh\"", "{\"type\": \"PReLU\", \"negative_slopes\": []}", "holds 0 slopes for 2 channels"},
      {"\"Tanh\"", "{\"type\": \"LeakyReLU\", \"negative_slope\": 1e39}",
       "negative_slope should be a finite number"},
      {"\"gated\": false", "\"gated\": 1", "layers[0].gated should be true or false, but is 1"},
      {"\"gated\": false", "\"gating_mode\": \"gate\"",
       "gating_mode is \"gate\", which is unknown; did you mean \"gated\"?"},
      {"\"gated\": false", "\"gating_mode\": [\"gated\", \"none\"]",
       "gating_mode has 2 entries for 1 dilations"},
      {"\"gated\": false", "\"kernel_sizes\": [2]", "kernel_sizes stands beside kernel_size: only one may"},
      {"\"kernel_size\": 2", "\"kernel_sizes\": [2, 2]", "kernel_sizes has 2 entries for 1 dilations"},
      {"\"kernel_size\": 2,", "", "layers[0].kernel_size is missing"},
      {"\"dilations\": [1]", "\"dilations\": []", "dilations should hold 1 to 4096 numbers, but holds 0"},
      {"\"dilations\": [1]", "\"dilations\": 1", "dilations should be a list of whole numbers, but is 1"},
      {"\"dilations\": [1]", "\"dilations\": [1, 0]",
       "dilations[1] should be a whole number from 1 to 2097152, but is 0"},
      {"\"dilations\": [1]", "\"dilations\": [1500000, 1500000]",
       "dilations[1] takes the receptive field to 3000000 frames"},
      {"\"groups_input\": 1", "\"groups_input\": 3",
       "groups_input has 3 groups, which do not divide its 2 inputs"},
      {"\"groups\": 1}", "\"groups\": 4}", "layers[0].layer1x1 has 4 groups"},
      {"\"active\": true", "\"active\": \"yes\"", "layers[0].layer1x1.active should be true or false"},
      {"\"bottleneck\": 2,", "\"bottleneck\": 2, \"head1x1_post_film\": {},",
       "head1x1_post_film is active, but head1x1 is not"},
      {"\"bottleneck\": 2,", "\"bottleneck\": 2, \"conv_pre_film\": true,",
       "conv_pre_film should be an object, but is true"},
      {"\"bottleneck\": 2,",
       "\"bottleneck\": 2, \"slimmable\": {\"method\": \"slice_channels_uniform\", \"kwargs\": "
       "{\"allowed_channels\": [2, 1]}},",
       "allowed_channels should rise to the array's 2 channels"},
      {"\"input_size\": 1", "\"input_size\": 2", "layers[0].input_size is 2, but the model's inputs are 1"},
      {"\"condition_size\": 1", "\"condition_size\": 2",
       "layers[0].condition_size is 2, but the model's inputs are 1"},
      {"\"head_scale\"", "\"head\": {\"channels\": 1}, \"head_scale\"",
       "config.head.out_channels is missing"},
      {"\"layers\": [", "\"layers\": 3, \"x\": [",
       "config.layers should be a list of layer arrays, but is 3"},
      {"\"layers\": [", "\"layers\": [], \"x\": [",
       "config.layers should be a list of layer arrays, but is empty"},
      {"\"config\"", "\"konfig\"", "config is missing"},
      {"\"weights\"", "\"wates\"", "weights is missing"},
      {"\"weights\": [", "\"weights\": [0.5, ", "weights holds 24 numbers, but the configuration needs 23"},
      {"\"weights\": [-0.25, ", "\"weights\": [", "weights holds 22 numbers, but the configuration needs 23"},
      {"\"weights\": [-0.25", "\"weights\": [null", "weights[0] should be a finite number, but is null"},
      {"\"weights\": [-0.25", "\"weights\": [\"1\"", "weights[0] should be a finite number, but is \"1\""},
      {"\"weights\": [-0.25", "\"weights\": [1e39", "weights[0] is beyond what a float holds"},
      {"\"weights\": [-0.25", "\"weights\": [1e999", "x.nam\", line 3, column"},
      {"\"weights\": [-0.25", "\"weights\": [NaN", "x.nam\", line 3, column"},
      {"\"weights\": [", "\"weights\": {}, \"x\": [",
       "weights should be a list of numbers, but is an object"},
  };
  for (const Bad& bad : all)
    EXPECT_THAT(refusal(spoilt(bad.from, bad.to)), AllOf(HasSubstr("\"x.nam\""), HasSubstr(bad.sentence)));
}

TEST(BadCapture, WithLongListsNamesThePlaceInThem) {
  const auto linear = [](std::string_view weights) {
    return fmt::format(R"({{"version": "0.5.0", "architecture": "Linear", "config": {{"receptive_field": 100,
                            "bias": false}}, "weights": [{}]}})",
                       weights);
  };
  EXPECT_EQ(refusal(linear(numbers(100))), "accepted");
  EXPECT_THAT(refusal(linear(numbers(60) + ", -1e39, " + numbers(39))), HasSubstr("weights[60] is beyond"));
  EXPECT_THAT(refusal(linear(numbers(60) + ", null, " + numbers(39))),
              HasSubstr("weights[60] should be a finite"));
  EXPECT_THAT(refusal(linear(numbers(99))),
              HasSubstr("weights holds 99 numbers, but the configuration needs 100"));
  EXPECT_THAT(refusal(spoilt("\"dilations\": [1]", "\"dilations\": [" + numbers(40) + "]")),
              HasSubstr("dilations[0] should be a whole number from 1 to 2097152, but is -0.25"));
  EXPECT_THAT(refusal(spoilt("\"Tanh\"", "[" + numbers(40) + "]")),
              HasSubstr("activation is a list of numbers"));
}

TEST(BadCapture, OfOtherArchitecturesIsNamedToo) {
  const std::pair<std::string, const char*> all[] = {
      {nam("LSTM", R"({"input_size": 2, "hidden_size": 3, "num_layers": 1})", 9),
       "config.input_size is 2, and an LSTM is played with one input only"},
      {nam("LSTM", R"({"input_size": 1, "hidden_size": 3, "num_layers": 0})", 9),
       "config.num_layers should be"},
      {nam("LSTM", R"({"input_size": 1, "hidden_size": 3, "num_layers": 1})", 71),
       "weights holds 71 numbers, but the configuration needs 70"},
      {nam("LSTM", R"({"input_size": 1, "hidden_size": 3, "num_layers": 1, "out_channels": 2})", 74),
       "2 outputs"},
      {nam("ConvNet", R"({"channels": 2, "dilations": [1], "activation": "ReLU"})", 9),
       "config.batchnorm is missing"},
      {nam("ConvNet",
           R"({"channels": 3, "dilations": [1], "activation": "ReLU", "batchnorm": false, "groups": 3})", 9),
       "config.groups has 3 groups"},
      {R"({"version": "0.5.0", "architecture": "ConvNet", "config": {"channels": 1, "dilations": [1],
           "activation": "ReLU", "batchnorm": true}, "weights": [1, 1, 0, -1, 1, 1, 0, 1, 1]})",
       "weights give block 0 a batch normalisation that is not finite"},
      {nam("Linear", R"({"receptive_field": 0, "bias": true})", 9), "config.receptive_field should be"},
      {nam("Linear", R"({"receptive_field": 1, "bias": true, "in_channels": 2})", 9),
       "config.in_channels is 2"},
      {nam("SlimmableContainer", R"({"submodels": []})", 0),
       "should be a list of 1 to 64 models, but is one of 0"},
      {nam("SlimmableContainer", R"({"submodels": [{"max_value": 0.5, "model": {}}]})", 0),
       "config.submodels[0].max_value should be a number above 0 and, for the last model, at least 1, but is "
       "0.5"},
      {nam("SlimmableContainer", R"({"submodels": [{"max_value": 1}]})", 0),
       "config.submodels[0].model is missing"},
      {nam("SlimmableContainer", R"({"submodels": [{"max_value": 1, "model": {}}]})", 0),
       "config.submodels[0].model.architecture is missing"},
      {"{}", "this is no capture"},
      {R"({"model_data": {}, "state_dict": {}})",
       "this is a PyTorch capture as GuitarML's programs write it"},
      {"[1, 2]", "this is no capture"},
      {"7", "this is no capture"},
      {R"({"gainstage": "session", "version": 1})", "this is no capture"},
      {"", "x.nam\", line 1, column"},
      {"RIFF", "x.nam\", line 1, column 1: this is not JSON"},
      {std::string(200000, '['), "more than 64 arrays and objects stand within each other"},
      {good() + "}", "x.nam\", line"},
  };
  for (const auto& [text, sentence] : all)
    EXPECT_THAT(refusal(text), HasSubstr(sentence)) << text.substr(0, 200);
}

TEST(BadCapture, MayAskForMuchWithoutGettingIt) {
  // Depthwise, so that few weights would have 1024 channels remember 44 s each: 8 GB.
  const std::string text =
      nam("ConvNet",
          R"({"channels": 1024, "in_channels": 1024, "groups": 1024, "dilations": [2000000],
                                   "activation": "ReLU", "batchnorm": false})",
          3000);
  EXPECT_THAT(refusal(text),
              HasSubstr("dilations[0] takes what the convolutions remember to 2048000000 numbers"));
  EXPECT_THAT(refusal(nam("LSTM", R"({"input_size": 1, "hidden_size": 1024, "num_layers": 4096})", 9)),
              HasSubstr("weights holds 9 numbers, but the configuration needs 34"));
}

TEST(BadCaptureFile, OfAGigabyteIsRefusedUnread) {
  const gainstage::testing::TemporaryFolder folder;
  std::ofstream(folder / "big.nam") << good();
  std::filesystem::resize_file(folder / "big.nam", 1 << 30);
  rusage before{}, after{};
  getrusage(RUSAGE_SELF, &before);
  const auto read = readCaptureFile(folder / "big.nam");
  getrusage(RUSAGE_SELF, &after);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, ErrorKind::file);
  EXPECT_THAT(read.error().message,
              AllOf(HasSubstr("big.nam\" holds 1073741824 bytes"), HasSubstr("choose another file")));
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 1024) << "KiB";
  EXPECT_THAT(readCaptureFile(folder / "none.nam").error().message, HasSubstr("none.nam\" does not exist"));
}

}  // namespace
}  // namespace gainstage::neural
