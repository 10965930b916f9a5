#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/result.h"
#include "headphones/dose.h"

namespace gainstage::headphones {

/// Whole days since 1970-01-01, in the listener's own time zone.
using Day = std::int64_t;

/// Who has heard how much on which day, in a file of the user's. NIOSH's dose is a day's, WHO's is that of a
/// day and the six before it. Days of more than a year ago are forgotten. All of it [control].
class DoseRecord {
 public:
  static constexpr Day kDaysKept = 366;
  static constexpr std::size_t kMostListeners = 256;

  void add(const std::string& listener, Day day, const Dose& dose);
  /// What `other` holds on top of this.
  void add(const DoseRecord& other);
  Dose onDay(const std::string& listener, Day day) const;
  /// Of `day` and the six before it.
  Dose inWeek(const std::string& listener, Day day) const;
  const std::map<std::string, std::map<Day, Dose>>& listeners() const noexcept { return listeners_; }
  bool isEmpty() const noexcept { return listeners_.empty(); }

  /// An empty record where there is no file; errors (file) where it is no record.
  static Result<DoseRecord> load(const std::filesystem::path& file);
  /// Atomically; days long before `today` are left out.
  Result<void> save(const std::filesystem::path& file, Day today) const;

 private:
  std::map<std::string, std::map<Day, Dose>> listeners_;
};

/// Today, where this machine is.
Day today();
std::string dateText(Day day);  ///< "2026-11-23"

}  // namespace gainstage::headphones
