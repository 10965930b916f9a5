#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

#include "formats/json.h"
#include "support/audio.h"
#include "support/files.h"

/// Running the gainstage program as a user would, in a folder and a home of the test's own.
namespace gainstage::testing {

/// What a run of the program left behind.
struct Outcome {
  int exitCode = -1;  ///< -1: a signal ended it
  std::string out, err;
  long peakKilobytes = 0;  ///< of memory
};

using Words = std::vector<std::string>;

/// A folder to work in, which is also the home; gone with the test.
class Workplace {
 public:
  Workplace();

  std::filesystem::path operator/(std::string_view name) const { return folder_ / name; }
  const std::filesystem::path& path() const noexcept { return folder_.path(); }

  /// Runs the program to its end; `input` comes on its standard input.
  Outcome run(const Words& words, std::string_view input = "") const;

  std::filesystem::path write(std::string_view name, std::string_view text) const {
    return writeFile(folder_ / name, text);
  }
  /// A WAV of 32-bit floats.
  std::filesystem::path writeWav(std::string_view name, const Signal& audio, double sampleRate) const;

  /// Names of what is in the folder now, in order.
  std::vector<std::string> names() const;

 private:
  TemporaryFolder folder_;
};

/// A program that runs while the test talks to it; killed with the object.
class RunningProgram {
 public:
  RunningProgram(const Workplace& place, const Words& words);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  /// Sends one line and waits for the line that answers it.
  formats::Json ask(const std::string& line);
  /// Asks for the status until so many frames have gone by; their number.
  std::int64_t waitForFrames(std::int64_t frames);
  void signal(int number);
  /// Waits for its end; `out` is what stood behind the last answer.
  Outcome wait();

 private:
  const Workplace& place_;
  pid_t process_ = -1;
  int toProgram_ = -1, fromProgram_ = -1;
  std::string pending_;
};

/// The streams of a take, as take.json lists them.
struct Take {
  formats::Json manifest;
  std::filesystem::path folder;
  /// Channels x frames of the stream of that role ("dry", "wet", "output") and source.
  Signal stream(std::string_view role, std::string_view sourceId) const;
};

/// The only take in a folder.
Take onlyTakeIn(const std::filesystem::path& folder);

Signal readWav(const std::filesystem::path& path);

/// One line with something in it, and nothing else.
bool isOneLine(std::string_view text);

}  // namespace gainstage::testing
