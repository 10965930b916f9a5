#include "formats/eq_scanner.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "formats/json_reader.h"

namespace gainstage::formats {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// "5,5" and "0,70", but not "1,050" (a thousand or one), "1,000,5" or "1,050.5".
bool isDecimalComma(std::string_view text, std::size_t comma) {
  const std::string_view behind = text.substr(comma + 1);
  if (behind.find_first_of(",.") != std::string_view::npos) return false;
  if (text.substr(0, comma).find('.') != std::string_view::npos) return false;
  const auto digits = static_cast<std::size_t>(std::ranges::find_if_not(behind, isDigit) - behind.begin());
  if (digits == 0) return false;
  const std::string_view before = text.substr(text.find_first_not_of("+-"));
  return digits != 3 || before.starts_with("0,");
}

}  // namespace

bool sameWord(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

void EqScanner::skipSpace() noexcept {
  while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
}

std::string_view EqScanner::word() noexcept {
  const auto end = std::ranges::find_if_not(rest_, isLetter);
  const std::string_view found = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
  rest_.remove_prefix(found.size());
  skipSpace();
  return found;
}

bool EqScanner::take(std::string_view expected) noexcept {
  EqScanner ahead = *this;
  if (!sameWord(ahead.word(), expected)) return false;
  *this = ahead;
  return true;
}

bool EqScanner::takeSign(char sign) noexcept {
  if (rest_.empty() || rest_.front() != sign) return false;
  rest_.remove_prefix(1);
  skipSpace();
  return true;
}

std::string_view EqScanner::piece() const noexcept {
  return rest_.substr(0, std::min(rest_.find_first_of(" \t;"), rest_.size()));
}

std::string_view EqScanner::numberText() const noexcept {
  std::size_t end = 0;
  const auto at = [&](std::size_t i) { return i < rest_.size() ? rest_[i] : '\0'; };
  if (at(end) == '-' || at(end) == '+') ++end;
  const std::size_t digits = end;
  while (isDigit(at(end)) || at(end) == '.' || at(end) == ',') ++end;
  while (end > digits && rest_[end - 1] == ',') --end;
  if (end == digits) return {};
  if (at(end) == 'e' || at(end) == 'E') {
    const std::size_t exponent = end + (at(end + 1) == '-' || at(end + 1) == '+' ? 2 : 1);
    if (isDigit(at(exponent)))
      for (end = exponent; isDigit(at(end));) ++end;
  }
  return rest_.substr(0, end);
}

std::optional<EqScanner::Number> EqScanner::number() noexcept {
  std::string_view text = numberText();
  if (text.empty() || text.size() > 40) return std::nullopt;
  char copied[40];
  std::ranges::copy(text, copied);
  const std::size_t comma = text.find(',');
  if (comma != std::string_view::npos) {
    if (!isDecimalComma(text, comma)) return std::nullopt;
    copied[comma] = '.';
  }
  const char* const begin = copied + (text.front() == '+' ? 1 : 0);
  Number number{.comma = comma != std::string_view::npos};
  const auto [end, error] = std::from_chars(begin, copied + text.size(), number.value);
  if (error != std::errc{} || end != copied + text.size() || !std::isfinite(number.value))
    return std::nullopt;
  rest_.remove_prefix(text.size());
  skipSpace();
  return number;
}

std::string EqScanner::whyNoNumber(std::string_view what) const {
  if (atEnd()) return fmt::format("has no number for {}", what);
  const std::string_view text = numberText();
  if (text.find(',') != std::string_view::npos)
    return fmt::format(
        "has {} for {}, which may be read in more than one way: write a point for the decimals and "
        "nothing for the thousands",
        inQuotes(text), what);
  return fmt::format("has {} for {}, which is no number that can be used", inQuotes(piece()), what);
}

}  // namespace gainstage::formats
