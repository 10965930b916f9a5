#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

#include "formats/audio_file.h"
#include "formats/json.h"
#include "neural/instruction_sets.h"
#include "neural/programs.h"
#include "neural/recurrent/exact_sequence.h"

/// Real captures against what the reference implementations make of them.
namespace gainstage::neural {
namespace {

using testing::Mono;

std::filesystem::path captures() {
  const char* data = std::getenv("GAINSTAGE_DATA");
  const char* source = std::getenv("GAINSTAGE_SOURCE_DIR");
  const std::filesystem::path root = data     ? std::filesystem::path(data)
                                     : source ? std::filesystem::path(source) / "../shared/data"
                                              : "../shared/data";
  return root / "captures";
}

std::vector<float> take(const std::vector<float>& weights, std::size_t& at, int count) {
  at += static_cast<std::size_t>(count);
  return {weights.begin() + static_cast<std::ptrdiff_t>(at) - count,
          weights.begin() + static_cast<std::ptrdiff_t>(at)};
}

Sequence readNam(const std::filesystem::path& path) {
  const formats::Json file = formats::readJsonFile(path).value();
  const int units = file["config"]["hidden_size"].get<int>();
  const auto weights = file["weights"].get<std::vector<float>>();
  std::size_t at = 0;
  Sequence network;
  for (int i = 0; i < file["config"]["num_layers"].get<int>(); ++i) {
    Lstm lstm{.inputs = i == 0 ? 1 : units, .units = units};
    lstm.weights = take(weights, at, 4 * units * (lstm.inputs + units));
    lstm.bias = take(weights, at, 4 * units);
    lstm.initialUnits = take(weights, at, units);
    lstm.initialCells = take(weights, at, units);
    network.layers.emplace_back(lstm);
  }
  Activated head;
  head.convolution = {.inputs = units, .outputs = 1, .weights = take(weights, at, units)};
  head.convolution.bias = take(weights, at, 1);
  network.layers.emplace_back(head);
  return network;
}

// keras: weights[0][input][4 units], weights[1][unit][4 units], bias.
Sequence readKeras(const std::filesystem::path& path) {
  const formats::Json file = formats::readJsonFile(path).value();
  const formats::Json& recurrent = file["layers"][0]["weights"];
  const int units = file["layers"][0]["shape"][2].get<int>();
  Lstm lstm{.inputs = 1, .units = units, .bias = recurrent[2].get<std::vector<float>>()};
  for (std::size_t row = 0; row < static_cast<std::size_t>(4 * units); ++row) {
    lstm.weights.push_back(recurrent[0][0][row].get<float>());
    for (std::size_t unit = 0; unit < static_cast<std::size_t>(units); ++unit)
      lstm.weights.push_back(recurrent[1][unit][row].get<float>());
  }
  const formats::Json& dense = file["layers"][1]["weights"];
  Activated head;
  head.convolution = {.inputs = units, .outputs = 1, .bias = dense[1].get<std::vector<float>>()};
  for (const auto& row : dense[0]) head.convolution.weights.push_back(row[0].get<float>());
  return {.layers = {lstm, head}};
}

Mono readAudio(const std::filesystem::path& path) {
  const auto file = formats::readAudioFile(path).value();
  const auto samples = file.audio.channel(0);
  return {samples.begin(), samples.end()};
}

Mono play(const Program& program, const Mono& in, FrameCount block) {
  Mono out(in.size());
  const auto player = program.makePlayer();
  FrameCount at = 0;
  for (const FrameCount frames : testing::splits(static_cast<FrameCount>(in.size()), block)) {
    const float* from = in.data() + at;
    float* to = out.data() + at;
    RealtimeScope realtime;
    player->process(ConstAudioView(&from, 1, frames), AudioView(&to, 1, frames));
    at += frames;
  }
  return out;
}

void expectReference(const std::string& capture, const std::string& name, const std::string& signal) {
  const auto file = captures() / capture;
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "../shared/data/captures/" << capture << " is not here";
  SCOPED_TRACE(name + "." + signal);
  const Sequence network = file.extension() == ".nam" ? readNam(file) : readKeras(file);
  const Mono in = readAudio(captures() / "reference" / (signal + "48.wav"));
  const Mono reference = readAudio(captures() / "reference" / (name + "." + signal + ".wav"));
  ASSERT_EQ(in.size(), reference.size());
  onEveryInstructionSet([&] {
    const auto program = makeSequenceProgram(network);
    const Mono out = play(*program, in, 64);
    const double error = errorDb(out, reference);
    EXPECT_LT(error, -80.0);
    ::testing::Test::RecordProperty(name + "." + signal, std::to_string(error));
    for (const FrameCount block : {1, 7, 16, 96, 480, 4096})
      EXPECT_EQ(play(*program, in, block), out) << block;
  });
}

TEST(RecurrentCaptures, BossLstm1x16IsItsReference) {
  expectReference("neural-audio/BossLSTM-1x16.nam", "BossLSTM-1x16", "probe");
  expectReference("neural-audio/BossLSTM-1x16.nam", "BossLSTM-1x16", "guitar");
}

TEST(RecurrentCaptures, BossLstm2x8IsItsReference) {
  expectReference("neural-audio/BossLSTM-2x8.nam", "BossLSTM-2x8", "probe");
}

TEST(RecurrentCaptures, TestLstmOfNamIsItsReference) {
  expectReference("nam-core/lstm.nam", "lstm", "probe");
}

TEST(RecurrentCaptures, KerasLstmIsItsReference) {
  expectReference("keras/tw40_blues_deluxe_deerinkstudios.json", "tw40_blues_deluxe", "probe");
}

}  // namespace
}  // namespace gainstage::neural
