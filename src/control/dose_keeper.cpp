#include "control/dose_keeper.h"

#include <cmath>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace gainstage::control {

using headphones::Day;
using headphones::Dose;
using headphones::DoseRecord;
using Json = nlohmann::ordered_json;

const std::string& listenerOf(const console::OutputState& output) noexcept {
  return output.listener.empty() ? output.id : output.listener;
}

std::vector<std::string> DoseKeeper::service(const Engine& engine, Day today, Clock::time_point now) {
  std::vector<std::string> sentences;
  if (!isLoaded_) {
    isLoaded_ = true;
    if (!file_.empty()) {
      if (auto record = DoseRecord::load(file_)) {
        record_ = std::move(*record);
      } else {
        isKept_ = false;
        sentences.push_back(record.error().message + " Doses are counted for this run only.");
      }
    }
  }
  const console::Session session = engine.session();
  for (const console::OutputState& output : session.outputs) {
    const Dose heard = engine.outputMeters(output.id).dose;
    Dose& last = last_[output.id];
    if (heard.seconds < last.seconds) last = {};  // the output was made anew
    if (heard == last) continue;
    const Dose more = heard - std::exchange(last, heard);
    record_.add(listenerOf(output), today, more);
    fresh_.add(listenerOf(output), today, more);
    warn(listenerOf(output), today, sentences);
  }
  if (now - saved_ < kSaveEvery) return sentences;
  saved_ = now;
  if (auto saved = save(today); !saved && saved.error().message != toldProblem_)
    sentences.push_back(toldProblem_ = saved.error().message);
  return sentences;
}

Result<void> DoseKeeper::save(Day today) {
  if (file_.empty() || !isKept_ || fresh_.isEmpty()) return {};
  auto record = DoseRecord::load(file_);
  if (!record) return record.error();
  record->add(fresh_);
  if (auto saved = record->save(file_, today); !saved) return saved;
  record_ = std::move(*record);
  fresh_ = {};
  return {};
}

void DoseKeeper::warn(const std::string& listener, Day today, std::vector<std::string>& sentences) {
  const std::string date = headphones::dateText(today);
  warnOf(listener, "a day's dose of sound (NIOSH: 85 dBA for 8 hours)", record_.onDay(listener, today).niosh,
         "today " + date, sentences);
  warnOf(listener, "seven days' dose of sound (WHO: 80 dBA for 40 hours)",
         record_.inWeek(listener, today).who, "in the seven days to " + date, sentences);
}

void DoseKeeper::warnOf(const std::string& listener, const std::string& what, double share,
                        const std::string& period, std::vector<std::string>& sentences) {
  const int step = share < kFirstWarning ? 0 : 1 + static_cast<int>(share);
  int& told = told_[listener + '\n' + what + period];
  if (step <= told) return;
  told = step;
  sentences.push_back(fmt::format("{} has heard {:.0f} % of {} {}{}", listener, std::floor(100.0 * share),
                                  what, period, share < 1.0 ? "." : ": turn it down, or rest your ears."));
}

Json DoseKeeper::json(const std::string& listener, Day today) const {
  const Dose day = record_.onDay(listener, today), week = record_.inWeek(listener, today);
  return {{"today", {{"seconds", day.seconds}, {"nioshPercent", 100.0 * day.niosh}}},
          {"sevenDays", {{"seconds", week.seconds}, {"whoPercent", 100.0 * week.who}}}};
}

std::vector<std::string> DoseKeeper::listeners() const {
  std::vector<std::string> names;
  for (const auto& [name, days] : record_.listeners()) names.push_back(name);
  return names;
}

}  // namespace gainstage::control
