#include "app/program.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/audio_file.h"
#include "formats/wav_writer.h"

namespace gainstage::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kErrors = ".stderr";

void checked(bool good, const char* what) {
  if (!good) throw std::runtime_error(what);
}

/// Starts the program in the place, with what it reads and writes at those descriptors.
pid_t start(const Workplace& place, const Words& words, int input, int output, int errors) {
  std::vector<std::string> arguments{GAINSTAGE_PROGRAM};
  arguments.insert(arguments.end(), words.begin(), words.end());
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const std::string home = place.path().string();
  const pid_t process = ::fork();
  checked(process >= 0, "no process could be started");
  if (process > 0) return process;
  ::setenv("HOME", home.c_str(), 1);
  for (const char* name : {"XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"}) ::unsetenv(name);
  ::setenv("JACK_NO_START_SERVER", "1", 1);
  ::setenv("JACK_DEFAULT_SERVER", "none-of-this-test", 1);
  ::setenv("PIPEWIRE_REMOTE", "none-of-this-test", 1);
  if (::chdir(home.c_str()) != 0) ::_exit(126);
  ::dup2(input, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(errors, STDERR_FILENO);
  ::execv(pointers[0], pointers.data());
  ::_exit(127);
}

Outcome collect(pid_t process) {
  int status = 0;
  rusage usage{};
  checked(::wait4(process, &status, 0, &usage) == process, "the program was lost");
  return {.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1, .peakKilobytes = usage.ru_maxrss};
}

int openFor(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  checked(descriptor >= 0, "a file of the test could not be opened");
  return descriptor;
}

}  // namespace

Workplace::Workplace() = default;

Outcome Workplace::run(const Words& words, std::string_view input) const {
  // What the program says is kept outside its folder, so that a test can look for what it wrote.
  const TemporaryFolder said;
  const int in = openFor(writeFile(said / "in", input), O_RDONLY);
  const int out = openFor(said / "out", O_WRONLY | O_CREAT);
  const int err = openFor(said / "err", O_WRONLY | O_CREAT);
  const pid_t process = start(*this, words, in, out, err);
  for (const int descriptor : {in, out, err}) ::close(descriptor);
  Outcome outcome = collect(process);
  outcome.out = readFile(said / "out");
  outcome.err = readFile(said / "err");
  return outcome;
}

fs::path Workplace::writeWav(std::string_view name, const Signal& audio, double sampleRate) const {
  std::vector<const float*> rows;
  for (const Mono& channel : audio) rows.push_back(channel.data());
  const fs::path path = folder_ / name;
  auto writer = formats::WavWriter::createAtomically(
      path, {.sampleRate = sampleRate, .channels = static_cast<int>(audio.size())});
  checked(writer.ok(), "a WAV of the test could not be made");
  const auto frames = static_cast<FrameCount>(audio.front().size());
  checked(writer->write(ConstAudioView(rows.data(), static_cast<int>(rows.size()), frames)).ok(),
          "a WAV of the test could not be written");
  checked(writer->close().ok(), "a WAV of the test could not be closed");
  return path;
}

std::vector<std::string> Workplace::names() const {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
    all.push_back(fs::relative(entry.path(), folder_.path()).string());
  std::ranges::sort(all);
  return all;
}

RunningProgram::RunningProgram(const Workplace& place, const Words& words) : place_(place) {
  std::array<int, 2> to{}, from{};
  checked(::pipe2(to.data(), O_CLOEXEC) == 0 && ::pipe2(from.data(), O_CLOEXEC) == 0,
          "no pipe could be made");
  const int errors = openFor(place / kErrors, O_WRONLY | O_CREAT);
  process_ = start(place, words, to[0], from[1], errors);
  for (const int descriptor : {to[0], from[1], errors}) ::close(descriptor);
  toProgram_ = to[1];
  fromProgram_ = from[0];
}

RunningProgram::~RunningProgram() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(toProgram_);
  ::close(fromProgram_);
}

formats::Json RunningProgram::ask(const std::string& line) {
  const std::string whole = line + "\n";
  checked(::write(toProgram_, whole.data(), whole.size()) == static_cast<ssize_t>(whole.size()),
          "the program reads no more");
  std::size_t end;
  while ((end = pending_.find('\n')) == std::string::npos) {
    std::array<char, 4096> bytes;
    const ssize_t count = ::read(fromProgram_, bytes.data(), bytes.size());
    if (count <= 0) throw std::runtime_error("no answer: " + readFile(place_ / kErrors));
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  const auto answer = formats::Json::parse(pending_.substr(0, end));
  pending_.erase(0, end + 1);
  return answer;
}

std::int64_t RunningProgram::waitForFrames(std::int64_t frames) {
  while (true) {
    const auto now = ask("status").at("frames").get<std::int64_t>();
    if (now >= frames) return now;
  }
}

void RunningProgram::signal(int number) { ::kill(process_, number); }

Outcome RunningProgram::wait() {
  std::array<char, 4096> bytes;
  for (ssize_t count; (count = ::read(fromProgram_, bytes.data(), bytes.size())) > 0;)
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
  Outcome outcome = collect(std::exchange(process_, -1));
  outcome.out = pending_;
  outcome.err = readFile(place_ / kErrors);
  return outcome;
}

Signal Take::stream(std::string_view role, std::string_view sourceId) const {
  for (const auto& stream : manifest.at("streams"))
    if (stream.at("role") == role && stream.at("sourceId") == sourceId)
      return readWav(folder / stream.at("file").get<std::string>());
  throw std::runtime_error("the take has no such stream");
}

Take onlyTakeIn(const fs::path& folder) {
  checked(fs::is_directory(folder) && entriesIn(folder) == 1, "there is not one take in the folder");
  const fs::path take = fs::directory_iterator(folder)->path();
  return {formats::Json::parse(readFile(take / "take.json")), take};
}

Signal readWav(const fs::path& path) {
  const auto file = formats::readAudioFile(path);
  if (!file) throw std::runtime_error(file.error().message);
  Signal audio;
  for (int c = 0; c < file->audio.channels(); ++c) {
    const auto channel = file->audio.channel(c);
    audio.emplace_back(channel.begin(), channel.end());
  }
  return audio;
}

bool isOneLine(std::string_view text) {
  return text.size() > 20 && text.ends_with('\n') && std::ranges::count(text, '\n') == 1;
}

}  // namespace gainstage::testing
