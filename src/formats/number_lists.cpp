#include "formats/number_lists.h"

#include <charconv>
#include <optional>

namespace gainstage::formats {
namespace {

// Shorter ones are sizes and dilations more often than weights, and cost little anyway.
constexpr std::size_t kFewest = 32;

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

const char* behindDigits(const char* at, const char* end) {
  while (at != end && isDigit(*at)) ++at;
  return at;
}

const char* behindSpace(const char* at, const char* end) {
  while (at != end && isSpace(*at)) ++at;
  return at;
}

/// Behind the number that begins here, or nullptr: from_chars would also take "01", "1." and "inf".
const char* behindNumber(const char* at, const char* end) {
  if (at != end && *at == '-') ++at;
  const char* const whole = at;
  at = behindDigits(at, end);
  if (at == whole || (*whole == '0' && at != whole + 1)) return nullptr;
  if (at != end && *at == '.') {
    const char* const fraction = at + 1;
    at = behindDigits(fraction, end);
    if (at == fraction) return nullptr;
  }
  if (at == end || (*at != 'e' && *at != 'E')) return at;
  if (++at != end && (*at == '+' || *at == '-')) ++at;
  const char* const exponent = at;
  at = behindDigits(exponent, end);
  return at == exponent ? nullptr : at;
}

/// The list that opens here. `at` moves to where it closes, or to where it turned out to be none.
std::optional<NumberList> readList(const char*& at, const char* end) {
  NumberList list{.open = at++};
  while (true) {
    at = behindSpace(at, end);
    const char* const stop = behindNumber(at, end);
    double number = 0.0;
    if (stop == nullptr || std::from_chars(at, stop, number).ec != std::errc{}) return std::nullopt;
    list.numbers.push_back(static_cast<float>(number));
    at = behindSpace(stop, end);
    if (at == end || (*at != ',' && *at != ']')) return std::nullopt;
    if (*at == ']') break;
    ++at;
  }
  list.close = at;
  return list;
}

/// Behind the string that begins here.
const char* behindString(const char* at, const char* end) {
  for (++at; at != end && *at != '"'; ++at)
    if (*at == '\\' && at + 1 != end) ++at;
  return at == end ? end : at + 1;
}

}  // namespace

std::vector<NumberList> findNumberLists(std::string_view text) {
  std::vector<NumberList> found;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at == '"') {
      at = behindString(at, end);
    } else if (*at == '[') {
      auto list = readList(at, end);
      if (list && list->numbers.size() >= kFewest) found.push_back(std::move(*list));
    } else {
      ++at;
    }
  }
  found.emplace_back();
  return found;
}

}  // namespace gainstage::formats
