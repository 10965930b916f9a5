#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gainstage::testing {

using Json = nlohmann::json;
using Environment = std::map<std::string, std::string>;

/// How long anything is waited for. Far longer than it takes: a machine that does other things at once is
/// slow, not wrong.
constexpr std::chrono::seconds kPatience{60};

/// A program that a test runs beside itself, spoken to in lines: a command in, JSON objects out. It ends with
/// the test, however that ends.
class Child {
 public:
  Child(std::vector<std::string> command, const Environment& environment, std::string errorFile);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void say(const std::string& line);
  /// The next line on its standard output that is a JSON object with this key; others before it are dropped.
  /// Throws where none comes in time or the program ends.
  Json waitFor(const std::string& key, std::chrono::milliseconds longest = kPatience);
  /// The same for a line that `fits`.
  Json waitFor(const std::function<bool(const Json&)>& fits, const std::string& what,
               std::chrono::milliseconds longest = kPatience);
  Json ask(const std::string& line, const std::string& key) {
    say(line);
    return waitFor(key);
  }

  void signal(int number);
  bool isRunning();
  /// Its exit code; 128 + the signal that ended it; -1: it had to be killed because it did not end in time.
  int waitForEnd(std::chrono::milliseconds longest = std::chrono::seconds(20));
  std::string errors() const;  ///< what it wrote to standard error

 private:
  bool readLine(std::string& line, std::chrono::steady_clock::time_point until);

  std::string name_;
  std::string errorFile_;
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int exitCode_ = -1;
  std::string unread_;
};

}  // namespace gainstage::testing
