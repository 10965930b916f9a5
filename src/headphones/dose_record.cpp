#include "headphones/dose_record.h"

#include <array>
#include <chrono>
#include <ctime>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

#include "formats/file_error.h"
#include "formats/json.h"
#include "formats/json_reader.h"
#include "formats/json_text.h"
#include "formats/text_file.h"

namespace gainstage::headphones {
namespace {

using formats::Json;
using formats::ObjectReader;
using formats::OrderedJson;
using formats::Problems;

constexpr int kVersion = 1;
// Louder than any headphone for all of a year: what is more is not a dose.
constexpr double kMostDose = 1e9;
constexpr double kMostSeconds = 366.0 * 86400.0;

std::optional<Day> dayOf(const std::string& text) {
  int year = 0, length = 0;
  unsigned month = 0, day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &length) != 3 || length != 10 ||
      text.size() != 10)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace

Day today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  return dayOf(fmt::format("{:04}-{:02}-{:02}", local.tm_year + 1900, local.tm_mon + 1, local.tm_mday))
      .value_or(0);
}

std::string dateText(Day day) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(day))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

void DoseRecord::add(const std::string& listener, Day day, const Dose& dose) {
  if (!listeners_.contains(listener) && listeners_.size() >= kMostListeners) return;
  listeners_[listener][day] += dose;
}

void DoseRecord::add(const DoseRecord& other) {
  for (const auto& [listener, days] : other.listeners_)
    for (const auto& [day, dose] : days) add(listener, day, dose);
}

Dose DoseRecord::onDay(const std::string& listener, Day day) const {
  const auto days = listeners_.find(listener);
  if (days == listeners_.end()) return {};
  const auto found = days->second.find(day);
  return found == days->second.end() ? Dose{} : found->second;
}

Dose DoseRecord::inWeek(const std::string& listener, Day day) const {
  Dose sum;
  for (Day each = day - 6; each <= day; ++each) sum += onDay(listener, each);
  return sum;
}

Result<DoseRecord> DoseRecord::load(const std::filesystem::path& file) {
  std::error_code ignored;
  DoseRecord record;
  if (!std::filesystem::exists(file, ignored)) return record;
  const auto document = formats::readJsonFile(file);
  if (!document) return document.error();
  Problems problems;
  ObjectReader reader(*document, "", problems);
  if (formats::readHeader(reader, "dose", kVersion)) {
    const auto listeners = reader.list("listeners", kMostListeners);
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      ObjectReader one(*listeners[i], fmt::format("listeners[{}]", i), problems);
      std::string name;
      one.require("listener");
      one.text("listener", name, 100, true);
      const auto days = one.list("days", 2 * kDaysKept);
      for (std::size_t d = 0; d < days.size(); ++d) {
        ObjectReader entry(*days[d], fmt::format("listeners[{}].days[{}]", i, d), problems);
        std::string date;
        entry.text("date", date, 10);
        const auto day = dayOf(date);
        if (!day) problems.add(entry.pathOf("date"), "should be a date such as 2026-11-23");
        record.add(name, day.value_or(0),
                   {.seconds = entry.number("seconds", 0.0, kMostSeconds).value_or(0.0),
                    .niosh = entry.number("nioshDose", 0.0, kMostDose).value_or(0.0),
                    .who = entry.number("whoDose", 0.0, kMostDose).value_or(0.0)});
        entry.finish();
      }
      one.finish();
    }
    reader.finish();
  }
  if (problems.any()) return problems.error(formats::quoted(file));
  return record;
}

Result<void> DoseRecord::save(const std::filesystem::path& file, Day today) const {
  OrderedJson document{{"gainstage", "dose"}, {"version", kVersion}, {"listeners", OrderedJson::array()}};
  for (const auto& [listener, days] : listeners_) {
    OrderedJson list = OrderedJson::array();
    for (const auto& [day, dose] : days)
      if (day > today - kDaysKept)
        list.push_back({{"date", dateText(day)},
                        {"seconds", dose.seconds},
                        {"nioshDose", dose.niosh},
                        {"whoDose", dose.who}});
    if (!list.empty()) document["listeners"].push_back({{"listener", listener}, {"days", std::move(list)}});
  }
  std::error_code ignored;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  return formats::writeFileAtomically(file, formats::readableText(document));
}

}  // namespace gainstage::headphones
