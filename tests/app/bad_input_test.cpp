#include <algorithm>
#include <bit>
#include <cstdint>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>

#include "app/program.h"
#include "app/sessions.h"

/// What strangers and slips of the finger hand to the program: one sentence, the exit code of the contract,
/// nothing written.
namespace gainstage::testing {
namespace {

constexpr double kRate = 48000.0;
constexpr long kMostKilobytes = 200 * 1024;

enum ExitCode { kUsage = 2, kFile = 3, kDevice = 4 };

/// Runs the words and expects that exit code, one line that holds every one of `naming`, and no new file.
void expectRefused(const Workplace& place, const Words& words, int exitCode, const Words& naming) {
  std::string shown;
  for (const std::string& word : words) shown += word + " ";
  SCOPED_TRACE(shown);
  const auto before = place.names();
  const Outcome outcome = place.run(words);
  EXPECT_EQ(outcome.exitCode, exitCode) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_TRUE(isOneLine(outcome.err)) << outcome.err;
  EXPECT_LT(outcome.err.size(), 400u) << outcome.err;
  for (const std::string& name : naming)
    EXPECT_NE(outcome.err.find(name), std::string::npos) << name << "\n" << outcome.err;
  EXPECT_LT(outcome.peakKilobytes, kMostKilobytes);
  EXPECT_EQ(place.names(), before);
}

struct BadSession {
  const char* name;
  std::string text;
  Words naming;
};

/// A sound session with `from` exchanged for `to`.
std::string spoilt(const std::string& from, const std::string& to) {
  std::string text = twoMixes(rigPerSample());
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("nothing to spoil: " + from);
  return text.replace(at, from.size(), to);
}

std::vector<BadSession> badSessions() {
  const std::string eq = R"("band2GainDb": 4)";
  return {
      {"misspelt key",
       spoilt("\"thresholdDb\": -55", "\"treshholdDb\": -55"),
       {"strips[0].rig.blocks[0].treshholdDb", "thresholdDb"}},
      {"misspelt section", spoilt("\"outputs\"", "\"outptus\""), {"outptus", "outputs"}},
      {"misspelt block",
       spoilt("\"compressor\"", "\"compresor\""),
       {"strips[0].rig.blocks[2].type", "compressor"}},
      {"unknown unit",
       spoilt(eq, R"("band2FrequencyKhz": 4)"),
       {"strips[0].rig.blocks[1].band2FrequencyKhz", "band2FrequencyHz"}},
      {"unit in the value", spoilt("-55", "\"-55 dB\""), {"strips[0].rig.blocks[0].thresholdDb"}},
      {"output as its own source",
       spoilt(R"("source": "gtr", "tap": "wet", "levelDb": -3)", R"("source": "a", "levelDb": -3)"),
       {"outputs[0].mix[0].source", "cycle"}},
      {"1e9 Hz",
       spoilt(eq, R"("band2FrequencyHz": 1e9)"),
       {"strips[0].rig.blocks[1].band2FrequencyHz", "20000"}},
      {"not a number", spoilt(eq, R"("band2GainDb": NaN)"), {"line 3"}},
      {"1e999", spoilt(eq, R"("band2GainDb": 1e999)"), {"line 3", "too large"}},
      {"not a number as text",
       spoilt(eq, R"("band2GainDb": "nan")"),
       {"strips[0].rig.blocks[1].band2GainDb"}},
      {"duplicate names", spoilt(R"("name": "B")", R"("name": "A")"), {"outputs[1].name", "\"A\""}},
      {"duplicate ids", spoilt(R"("id": "b")", R"("id": "a")"), {"outputs[1].id", "\"a\""}},
      {"duplicate keys", spoilt(eq, R"("band2GainDb": 4, "band2GainDb": 5)"), {"band2GainDb"}},
      {"two outputs on one channel", spoilt("[3, 4]", "[2, 3]"), {"outputs[1].channels"}},
      {"truncated", twoMixes(rigPerSample()).substr(0, 300), {"line"}},
      {"empty", "", {}},
      {"not JSON", "Gainstage", {"line 1"}},
      {"an array", "[]", {}},
      {"later version", spoilt("\"version\": 1", "\"version\": 2"), {"version"}},
      {"deep", std::string(100000, '['), {}},
  };
}

TEST(BadSession, IsRefusedInOneSentenceThatNamesFileAndPlace) {
  const Workplace place;
  place.writeWav("in.wav", {noise(4800)}, kRate);
  for (const BadSession& bad : badSessions()) {
    SCOPED_TRACE(bad.name);
    place.write("bad.json", bad.text);
    Words naming = bad.naming;
    naming.push_back("bad.json");
    expectRefused(place, {"run", "bad.json", "--device", "file:in.wav", "--take", "takes"}, kFile, naming);
    expectRefused(place, {"render", "in.wav", "-o", "out.wav", "--session", "bad.json"}, kFile, naming);
  }
}

TEST(BadSession, Of100MegabytesOfBracketsTakesLittleMemory) {
  const Workplace place;
  place.writeWav("in.wav", {noise(4800)}, kRate);
  {
    std::ofstream file(place / "deep.json", std::ios::binary);
    const std::string megabyte(1000000, '[');
    for (int i = 0; i < 100; ++i) file << megabyte;
  }
  for (const char* option : {"--session", "--rig"})
    expectRefused(place, {"render", "in.wav", "-o", "out.wav", option, "deep.json"}, kFile, {"deep.json"});
  expectRefused(place, {"run", "deep.json", "--device", "file:in.wav", "--take", "takes"}, kFile,
                {"deep.json"});
  expectRefused(place, {"run", "--device", "virtual:deep.json", "--take", "takes"}, kFile, {"deep.json"});
  expectRefused(place, {"takes", "verify", "deep.json"}, kFile, {"deep.json"});
}

/// A WAV header of 16-bit samples with those figures, and `bytes` of audio.
std::string wav(std::uint16_t channels, std::uint32_t rate, std::size_t bytes, std::uint32_t claimed) {
  static_assert(std::endian::native == std::endian::little);
  std::string text = "RIFF";
  const auto number = [&](auto value) { text.append(reinterpret_cast<const char*>(&value), sizeof value); };
  number(claimed + 36u);
  text += "WAVEfmt ";
  number(std::uint32_t{16});
  number(std::uint16_t{1});
  number(channels);
  number(rate);
  number(rate * channels * 2u);
  number(static_cast<std::uint16_t>(channels * 2));
  number(std::uint16_t{16});
  text += "data";
  number(claimed);
  return text + std::string(bytes, '\x11');
}

TEST(BadAudioFile, IsRefusedInOneSentenceThatNamesIt) {
  struct Bad {
    const char* name;
    std::string bytes;
    Words naming;
  };
  const Bad bads[] = {
      {"empty", "", {"empty"}},
      {"cut off", wav(1, 48000, 5000, 96000), {"cut off"}},
      {"a header alone", wav(1, 48000, 0, 96000), {}},
      {"no frames", wav(1, 48000, 0, 0), {}},
      {"a text file", "A song, in words.\n", {"not an audio file"}},
      {"0 channels", wav(0, 48000, 9600, 9600), {}},
      {"1 Hz", wav(1, 1, 9600, 9600), {"1 Hz"}},
      {"4 GHz", wav(1, 4000000000u, 9600, 9600), {"Hz"}},
      {"1000 channels", wav(1000, 48000, 96000, 96000), {"channels"}},
  };
  const Workplace place;
  place.writeWav("good.wav", {noise(4800)}, kRate);
  for (const Bad& bad : bads) {
    SCOPED_TRACE(bad.name);
    place.write("bad.wav", bad.bytes);
    Words naming = bad.naming;
    naming.push_back("bad.wav");
    expectRefused(place, {"render", "bad.wav", "-o", "out.wav"}, kFile, naming);
    expectRefused(place, {"render", "good.wav", "bad.wav", "-o", "out"}, kFile, naming);
    expectRefused(place, {"run", "--device", "file:bad.wav", "--take", "takes"}, kFile, naming);
    // An impulse response may have any number of channels.
    if (bad.name != std::string("1000 channels"))
      expectRefused(place, {"render", "good.wav", "-o", "out.wav", "--cab", "bad.wav"}, kFile, naming);
  }
  expectRefused(place, {"render", "nowhere.wav", "-o", "out.wav"}, kFile, {"nowhere.wav"});
  expectRefused(place, {"render", ".", "-o", "out.wav"}, kFile, {"."});
  expectRefused(place, {"run", "--device", "file:nowhere.wav", "--take", "takes"}, kFile, {"nowhere.wav"});
  expectRefused(place, {"render", "good.wav", "-o", "out.wav", "--cab", "nowhere.wav"}, kFile,
                {"nowhere.wav"});
}

TEST(BadAudioFile, WithAnInfiniteSampleIsNoImpulseResponse) {
  const Workplace place;
  place.writeWav("good.wav", {noise(4800)}, kRate);
  Mono response = noise(480);
  response[100] = std::numeric_limits<float>::infinity();
  place.writeWav("ir.wav", {response}, kRate);
  expectRefused(place, {"render", "good.wav", "-o", "out.wav", "--cab", "ir.wav"}, kFile, {"ir.wav"});
}

TEST(BadOutputPath, EndsWith3AndLeavesNothing) {
  const Workplace place;
  place.writeWav("in.wav", {noise(4800)}, kRate);
  place.writeWav("other.wav", {noise(4800)}, kRate);
  place.write("file", "not a folder");
  std::filesystem::create_directory(place / "folder");
  for (const char* path : {"nowhere/out.wav", "file/out.wav", "/proc/out.wav"})
    expectRefused(place, {"render", "in.wav", "-o", path}, kFile, {path});
  expectRefused(place, {"render", "in.wav", "other.wav", "-o", "file"}, kFile, {"file"});
  for (const char* path : {"file", "file/takes", "/proc/takes"})
    expectRefused(place, {"run", "--device", "file:in.wav", "--take", path}, kFile, {path});
}

TEST(BadDevice, EndsWith4AndSaysWhatToDo) {
  const Workplace place;
  const auto run = [](const std::string& device) {
    return Words{"run", "--device", device, "--take", "takes"};
  };
  expectRefused(place, run("virtul"), kDevice, {"virtul", "did you mean virtual"});
  expectRefused(place, run("soundcard"), kDevice, {"soundcard", "virtual", "jack"});
  expectRefused(place, run("alsa:hw"), kDevice, {"alsa:hw", "jack"});
  expectRefused(place, run("jack:no-such-server"), kDevice, {"jack"});
  expectRefused(place, run("jack"), kDevice, {"JACK"});
}

TEST(WrongUsage, EndsWith2AndWritesNothing) {
  const Workplace place;
  place.writeWav("in.wav", {noise(4800)}, kRate);
  place.write("s.json", directOnly());
  struct Wrong {
    Words words;
    std::string naming;
  };
  const Wrong wrongs[] = {
      {{}, ""},
      {{"rnu"}, "did you mean run"},
      {{"frobnicate"}, "render"},
      {{"--frobnicate"}, "--frobnicate"},
      {{"run", "--frobnicate"}, "--frobnicate"},
      {{"run", "--block", "0"}, "--block"},
      {{"run", "--block", "9000"}, "--block"},
      {{"run", "--rate", "abc"}, "--rate"},
      {{"run", "--rate", "nan"}, "--rate"},
      {{"run", "--rate", "1e9"}, "--rate"},
      {{"run", "--seconds", "-1"}, "--seconds"},
      {{"run", "--seconds", "nan"}, "--seconds"},
      {{"run", "--seconds", "inf"}, "--seconds"},
      {{"run", "--seconds"}, "--seconds"},
      {{"run", "--take-format", "mp3"}, "--take-format"},
      {{"run", "--device", "file:"}, "file:"},
      {{"run", "one.json", "two.json"}, "two.json"},
      {{"render"}, "INPUT"},
      {{"render", "in.wav"}, "--out"},
      {{"render", "-o", "out.wav"}, "INPUT"},
      {{"render", "in.wav", "-o", "in.wav"}, "in.wav"},
      {{"render", "in.wav", "-o", "out.wav", "--tail", "-1"}, "--tail"},
      {{"render", "in.wav", "-o", "out.wav", "--tail", "nan"}, "--tail"},
      {{"render", "in.wav", "-o", "out.wav", "--jobs", "0"}, "--jobs"},
      {{"render", "in.wav", "-o", "out.wav", "--session", "s.json", "--cab", "in.wav"}, "--cab"},
      {{"render", "in.wav", "-o", "out.wav", "--session", "s.json", "--output", "z"}, "\"z\""},
      {{"takes"}, "WORDS"},
      {{"takes", "mend", "there"}, "verify"},
      {{"inspect"}, "FILE"},
  };
  for (const Wrong& wrong : wrongs) {
    Words words = wrong.words;
    // In front: what is wrong may end the line, and a run that is not refused ends with the file.
    if (!words.empty() && words[0] == "run" && wrong.naming != "file:")
      words.insert(words.begin() + 1, {"--device", "file:in.wav", "--take", "takes"});
    std::string shown;
    for (const std::string& word : words) shown += word + " ";
    SCOPED_TRACE(shown);
    const auto before = place.names();
    const Outcome outcome = place.run(words, "quit\n");
    EXPECT_EQ(outcome.exitCode, kUsage) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find(wrong.naming), std::string::npos) << outcome.err;
    EXPECT_LE(std::ranges::count(outcome.err, '\n'), 2) << outcome.err;
    EXPECT_EQ(place.names(), before);
  }
}

}  // namespace
}  // namespace gainstage::testing
