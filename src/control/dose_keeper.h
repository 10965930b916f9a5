#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "control/engine.h"
#include "headphones/dose_record.h"

namespace gainstage::control {

/// Whom an output's dose belongs to: the listener that it names, else its id.
const std::string& listenerOf(const console::OutputState& output) noexcept;

/// Gathers what listeners hear while a console runs, keeps it by day in a file, and warns. What another run
/// wrote meanwhile stays: every save reads the file again and adds what is new. All of it [control].
class DoseKeeper {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kSaveEvery{60};
  /// Shares of a dose that are told, each once a day or week: 80 %, all of it, and each whole one more.
  static constexpr double kFirstWarning = 0.8;

  /// `file` empty: nothing is kept beyond the run, and only the run counts.
  explicit DoseKeeper(std::filesystem::path file) : file_(std::move(file)) {}

  /// Some ten times a second: takes in what was heard since, saves once a minute. New sentences come back.
  std::vector<std::string> service(const Engine& engine, headphones::Day today = headphones::today(),
                                   Clock::time_point now = Clock::now());
  /// Saves what is new. To be called at the end, too.
  Result<void> save(headphones::Day today = headphones::today());

  /// Of a listener: {"today": {"seconds", "nioshPercent"}, "sevenDays": {"seconds", "whoPercent"}}.
  nlohmann::ordered_json json(const std::string& listener, headphones::Day today = headphones::today()) const;
  std::vector<std::string> listeners() const;

 private:
  void warn(const std::string& listener, headphones::Day today, std::vector<std::string>& sentences);
  void warnOf(const std::string& listener, const std::string& what, double share, const std::string& period,
              std::vector<std::string>& sentences);

  std::filesystem::path file_;
  bool isLoaded_ = false;
  bool isKept_ = true;                            // false: the file cannot be used, and is left as it is
  headphones::DoseRecord record_;                 // the file's and what came since
  headphones::DoseRecord fresh_;                  // what the file does not hold yet
  std::map<std::string, headphones::Dose> last_;  // readings by output
  std::map<std::string, int> told_;               // warnings by listener, dose and period
  Clock::time_point saved_ = Clock::now();
  std::string toldProblem_;
};

}  // namespace gainstage::control
