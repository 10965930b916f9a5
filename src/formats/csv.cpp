#include "formats/csv.h"

#include <algorithm>
#include <fmt/format.h>

namespace gainstage::formats {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// One table, from its first byte to its last.
class CsvParser {
 public:
  CsvParser(std::string_view text, std::string_view name, const CsvLimits& limits)
      : text_(text), name_(name), limits_(limits) {}

  Result<std::vector<CsvRow>> parse() {
    while (at_ < text_.size()) {
      if (skipLine()) continue;
      if (static_cast<int>(rows_.size()) >= limits_.rows)
        return error(fmt::format("has more than {} rows: split it", limits_.rows));
      CsvRow row{line_, {}};
      if (auto read = readRow(row); !read) return read.error();
      if (!rows_.empty() && row.fields.size() != rows_.front().fields.size())
        return errorAt(row.line,
                       fmt::format("has {} fields where the header has {}: put a text with commas in quotes",
                                   row.fields.size(), rows_.front().fields.size()));
      rows_.push_back(std::move(row));
    }
    return std::move(rows_);
  }

 private:
  Error errorAt(int line, std::string_view what) const {
    return {ErrorKind::file, fmt::format("{}, line {}: {}", name_, line, what)};
  }
  Error error(std::string_view what) const { return errorAt(line_, what); }

  /// Empty lines and remarks.
  bool skipLine() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = trimmed(text_.substr(at_, end - at_));
    if (!(line.empty() || line == "\r" || line.front() == '#')) return false;
    at_ = std::min(end + 1, text_.size());
    ++line_;
    return true;
  }

  Result<void> readRow(CsvRow& row) {
    for (;;) {
      if (static_cast<int>(row.fields.size()) >= limits_.columns)
        return error(fmt::format("has more than {} fields", limits_.columns));
      std::string field;
      if (auto read = readField(field); !read) return read.error();
      row.fields.push_back(std::move(field));
      if (at_ >= text_.size()) return {};
      if (text_[at_++] == '\n') {
        ++line_;
        return {};
      }
    }
  }

  /// Up to the comma or line break that ends it.
  Result<void> readField(std::string& field) {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    const bool isQuoted = at_ < text_.size() && text_[at_] == '"';
    if (isQuoted)
      if (auto read = readQuoted(field); !read) return read.error();
    std::size_t end = text_.find_first_of(",\n", at_);
    if (end == std::string_view::npos) end = text_.size();
    std::string_view rest = text_.substr(at_, end - at_);
    if (rest.ends_with('\r')) rest.remove_suffix(1);
    rest = trimmed(rest);
    if (isQuoted && !rest.empty()) return error("has text behind a closing quote: double quotes within");
    if (!isQuoted) field = rest;
    at_ = end;
    if (static_cast<int>(field.size()) > limits_.fieldBytes)
      return error(fmt::format("has a field of more than {} bytes", limits_.fieldBytes));
    if (std::ranges::any_of(
            field, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '"'; }) &&
        !(isQuoted && std::ranges::none_of(
                          field, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })))
      return error("has a control character or a single quotation mark in a field");
    if (!isUtf8(field)) return error("is not UTF-8: save it as UTF-8");
    return {};
  }

  Result<void> readQuoted(std::string& field) {
    const int opened = line_;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field += '"';
        ++at_;
      } else {
        ++at_;
        return {};
      }
    }
    return errorAt(opened, "has a quote that is never closed");
  }

  std::string_view text_, name_;
  const CsvLimits& limits_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<CsvRow> rows_;
};

}  // namespace

Result<std::vector<CsvRow>> parseCsv(std::string_view text, std::string_view name, const CsvLimits& limits) {
  if (static_cast<std::int64_t>(text.size()) > limits.bytes)
    return Error{ErrorKind::file, fmt::format("{} holds {} bytes and at most {} are read: split it", name,
                                              text.size(), limits.bytes)};
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  return CsvParser(text, name, limits).parse();
}

bool isUtf8(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i++]);
    if (first < 0x80) continue;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4) return false;
    std::uint32_t code = first & (0x3fu >> more);
    for (int k = 0; k < more; ++k) {
      if (i >= text.size()) return false;
      const auto next = static_cast<unsigned char>(text[i++]);
      if ((next & 0xc0u) != 0x80u) return false;
      code = code << 6 | (next & 0x3fu);
    }
    constexpr std::uint32_t kLeast[] = {0, 0x80, 0x800, 0x10000};
    if (code < kLeast[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
  }
  return true;
}

}  // namespace gainstage::formats
