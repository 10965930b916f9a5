#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

#include "formats/audio_file.h"
#include "neural/capture_file.h"
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
#ifdef GAINSTAGE_SANITIZED
  GTEST_SKIP() << "many minutes under a sanitizer; random networks take the same paths";
#endif
  const auto file = captures() / capture;
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "../shared/data/captures/" << capture << " is not here";
  SCOPED_TRACE(name + "." + signal);
  const auto read = readCaptureFile(file);
  ASSERT_TRUE(read) << read.error().message;
  const auto& network = std::get<Sequence>(read.value()->network.kind);
  const Mono in = readAudio(captures() / "reference" / (signal + "48.wav"));
  const Mono reference = readAudio(captures() / "reference" / (name + "." + signal + ".wav"));
  ASSERT_EQ(in.size(), reference.size());
  onEveryInstructionSet([&] {
    const auto program = makeSequenceProgram(network);
    const Mono out = play(*program, in, 64);
    const double error = errorDb(out, reference);
    EXPECT_LT(error, -80.0);
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
