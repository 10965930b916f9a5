#include "jack/child.h"

#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "support/files.h"

namespace gainstage::testing {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

[[noreturn]] void become(const std::vector<std::string>& command, const Environment& environment,
                         const std::string& errorFile, int in, int out) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGPIPE, SIG_DFL);
  const int errors = ::open(errorFile.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(errors, 2);
  for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

}  // namespace

Child::Child(std::vector<std::string> command, const Environment& environment, std::string errorFile)
    : name_(command.front()), errorFile_(std::move(errorFile)) {
  int toChild[2], fromChild[2];
  if (::pipe2(toChild, O_CLOEXEC) != 0 || ::pipe2(fromChild, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe for " + name_);
  ::signal(SIGPIPE, SIG_IGN);
  pid_ = ::fork();
  if (pid_ == 0) become(command, environment, errorFile_, toChild[0], fromChild[1]);
  ::close(toChild[0]);
  ::close(fromChild[1]);
  in_ = toChild[1];
  out_ = fromChild[0];
  if (pid_ < 0) throw std::runtime_error("cannot start " + name_);
}

Child::~Child() {
  // The end of its standard input asks it to go: a client that leaves in peace leaves nothing behind.
  ::close(in_);
  signal(SIGCONT);
  waitForEnd(5s);
  ::close(out_);
}

void Child::say(const std::string& line) {
  const std::string text = line + "\n";
  if (::write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error(name_ + " does not listen any more: " + errors());
}

Json Child::waitFor(const std::string& key, std::chrono::milliseconds longest) {
  return waitFor([&key](const Json& json) { return json.contains(key); }, key, longest);
}

Json Child::waitFor(const std::function<bool(const Json&)>& fits, const std::string& what,
                    std::chrono::milliseconds longest) {
  const auto until = Clock::now() + longest;
  std::string line, dropped;
  while (readLine(line, until)) {
    const Json json = Json::parse(line, nullptr, false);
    if (json.is_object() && fits(json)) return json;
    dropped += line + "\n";
  }
  throw std::runtime_error(name_ + " did not say " + what + ", but:\n" + dropped + errors());
}

bool Child::readLine(std::string& line, Clock::time_point until) {
  while (true) {
    if (const auto end = unread_.find('\n'); end != std::string::npos) {
      line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      std::ofstream(errorFile_ + ".said.log", std::ios::app) << line << "\n";
      return true;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd ready{out_, POLLIN, 0};
    if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) return false;
    char buffer[4096];
    const ssize_t count = ::read(out_, buffer, sizeof buffer);
    if (count <= 0) return false;
    unread_.append(buffer, static_cast<std::size_t>(count));
  }
}

void Child::signal(int number) {
  if (pid_ > 0) ::kill(pid_, number);
}

bool Child::isRunning() {
  if (pid_ <= 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  exitCode_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  pid_ = -1;
  return false;
}

int Child::waitForEnd(std::chrono::milliseconds longest) {
  const auto until = Clock::now() + longest;
  while (isRunning() && Clock::now() < until) std::this_thread::sleep_for(5ms);
  if (!isRunning()) return exitCode_;
  signal(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
  return exitCode_ = -1;
}

std::string Child::errors() const { return readFile(errorFile_); }

}  // namespace gainstage::testing
