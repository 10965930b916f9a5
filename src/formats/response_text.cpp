#include "formats/response_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <utility>

#include "formats/eq_scanner.h"
#include "formats/file_error.h"
#include "formats/json_reader.h"
#include "formats/text_file.h"

namespace gainstage::formats {
namespace {

constexpr double kMostHz = 1e6, kMostDb = 300.0;

std::vector<std::string_view> split(std::string_view line, std::string_view separators) {
  std::vector<std::string_view> fields;
  for (std::size_t at = line.find_first_not_of(separators); at < line.size();) {
    const std::size_t end = std::min(line.find_first_of(separators, at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(separators, end);
  }
  return fields;
}

std::optional<double> numberOf(std::string_view field, char point) {
  std::string text(field.substr(field.starts_with('+') ? 1 : 0));
  if (point == ',') std::ranges::replace(text, ',', '.');
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// "20,00 -3,33": where something else keeps the numbers apart, a comma within each is their decimal point.
bool hasDecimalCommas(const std::vector<std::string_view>& fields) {
  return fields.size() >= 2 && std::ranges::all_of(fields, [](std::string_view field) {
           return field.find(',') != std::string_view::npos && !field.ends_with(',') &&
                  field.find('.') == std::string_view::npos;
         });
}

class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  Result<void> take(std::string_view line, int number);
  Result<std::vector<EqPoint>> finish();

 private:
  Error refuse(int line, std::string_view what) const {
    return {ErrorKind::file, fmt::format("{}, line {}: {}", name_, line, what)};
  }
  bool readNames(const std::vector<std::string_view>& fields, char point);

  std::string_view name_;
  std::size_t frequency_ = 0, level_ = 1;
  bool begun_ = false;
  std::vector<EqPoint> points_;
};

/// Whether this is a line of names; takes the columns from it.
bool Reader::readNames(const std::vector<std::string_view>& fields, char point) {
  if (fields.empty() || numberOf(fields[0], point)) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    EqScanner scanner(fields[i]);
    const std::string_view word = scanner.word();
    if (sameWord(word, "frequency") || sameWord(word, "freq")) frequency_ = i;
    if (sameWord(word, "raw") || sameWord(word, "SPL")) level_ = i;
  }
  return true;
}

Result<void> Reader::take(std::string_view line, int number) {
  std::vector<std::string_view> fields = split(line, " \t;\r");
  if (fields.empty() || fields[0].starts_with('#') || fields[0].starts_with('*')) return {};
  const char point = hasDecimalCommas(fields) ? ',' : '.';
  if (point == '.') fields = split(line, " \t;,\r");
  if (!std::exchange(begun_, true) && readNames(fields, point)) return {};
  if (fields.size() <= std::max(frequency_, level_))
    return refuse(number, fmt::format("{} is not a frequency in Hz and a level in dB", inQuotes(line)));
  const auto frequency = numberOf(fields[frequency_], point), level = numberOf(fields[level_], point);
  if (!frequency || !level)
    return refuse(number, fmt::format("{} is no number that can be used",
                                      inQuotes(fields[frequency ? level_ : frequency_])));
  if (!(*frequency > 0.0 && *frequency <= kMostHz && std::abs(*level) <= kMostDb))
    return refuse(
        number,
        fmt::format("{:g} Hz and {:g} dB: a response has more than 0 Hz up to {:g} Hz, and -{:g} to {:g} dB",
                    *frequency, *level, kMostHz, kMostDb, kMostDb));
  if (!points_.empty() && !(*frequency > points_.back().frequencyHz))
    return refuse(number,
                  fmt::format("{:g} Hz comes after {:g} Hz: sort the lines by frequency, each only once",
                              *frequency, points_.back().frequencyHz));
  if (points_.size() == static_cast<std::size_t>(kMostResponsePoints))
    return refuse(number, fmt::format("there are more than {} points: leave some out", kMostResponsePoints));
  points_.push_back({*frequency, *level});
  return {};
}

Result<std::vector<EqPoint>> Reader::finish() {
  if (points_.size() >= static_cast<std::size_t>(kFewestResponsePoints)) return std::move(points_);
  return Error{ErrorKind::file,
               fmt::format("{} has {} points and a response at least {}: give it lines of a frequency in Hz "
                           "and a level in dB",
                           name_, points_.size(), kFewestResponsePoints)};
}

}  // namespace

Result<std::vector<EqPoint>> parseResponseText(std::string_view text, std::string_view name) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (text.find('\0') != std::string_view::npos)
    return Error{ErrorKind::file,
                 fmt::format("{} is no text: choose a file of frequencies and levels", name)};
  Reader reader(name);
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (auto taken = reader.take(text.substr(at, end - at), ++number); !taken) return taken.error();
    at = end + 1;
  }
  return reader.finish();
}

Result<std::vector<EqPoint>> readResponseFile(const std::filesystem::path& path) {
  const auto text = readTextFile(path, kMostResponseBytes);
  if (!text) return text.error();
  return parseResponseText(*text, quoted(path));
}

}  // namespace gainstage::formats
