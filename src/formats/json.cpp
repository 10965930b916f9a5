#include "formats/json.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "formats/file_error.h"
#include "formats/json_reader.h"
#include "formats/number_lists.h"

namespace gainstage::formats {
namespace {

/// Where the parser is: its own events carry no position. Lists that are read already are passed over.
struct Progress {
  const char* furthest;        ///< behind the last byte that was read
  const NumberList* nextList;  ///< the last of all begins nowhere
  const NumberList* listBefore = nullptr;

  /// Whether the bracket that was read last opens a list that is read already.
  bool atList() const { return listBefore != nullptr && furthest == listBefore->open + 1; }
};

/// Reads the text; of a list that is read already, the brackets alone.
class Cursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Cursor(const char* at, Progress* progress) : at_(at), progress_(progress) {}
  reference operator*() const { return *at_; }
  Cursor& operator++() {
    if (at_ == progress_->nextList->open) {
      progress_->listBefore = progress_->nextList++;
      progress_->furthest = at_ + 1;
      at_ = progress_->listBefore->close;
      return *this;
    }
    progress_->furthest = std::max(progress_->furthest, ++at_);
    return *this;
  }
  bool operator==(const Cursor& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  Progress* progress_;
};

/// What stands for a list that is kept aside: text cannot make a binary value.
Json standIn(std::uint64_t index) { return Json::binary({}, index); }

/// Builds the document from the parser's events and stops it at the first thing that is not allowed.
class Builder {
 public:
  Builder(const JsonLimits& limits, const Progress& progress) : limits_(limits), progress_(progress) {}

  bool null() { return add(nullptr); }
  bool boolean(bool value) { return add(value); }
  bool number_integer(std::int64_t value) { return add(value); }
  bool number_unsigned(std::uint64_t value) { return add(value); }
  bool number_float(double value, const std::string&) { return add(value); }
  bool string(std::string& value) { return add(std::move(value)); }
  bool binary(Json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(Json::object()); }
  bool start_array(std::size_t) { return open(progress_.atList() ? standIn(lists_++) : Json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (!count()) return false;
    const auto [at, isNew] = open_.back()->get_ref<Json::object_t&>().emplace(std::move(name), nullptr);
    if (!isNew) return refuse(fmt::format("the key {} stands here a second time", inQuotes(at->first)));
    member_ = &at->second;
    return true;
  }

  bool parse_error(std::size_t, const std::string& token, const Json::exception& problem) {
    if (problem.id == 406) return refuse("the number is too large");
    refuse(token.empty() || token == "<U+0000>" ? "the text ends too early or is not JSON"
                                                : "this is not JSON");
    detail_ = problem.what();
    return false;
  }

  Json take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }
  const std::string& detail() const { return detail_; }

 private:
  template <typename Value>
  bool add(Value&& value) {
    return count() && place(std::forward<Value>(value)) != nullptr;
  }

  bool open(Json container) {
    if (!count()) return false;
    if (std::ssize(open_) >= limits_.depth)
      return refuse(fmt::format("more than {} arrays and objects stand within each other", limits_.depth));
    open_.push_back(place(std::move(container)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Json* place(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (open_.back()->is_object()) return &(*member_ = std::move(value));
    auto& array = open_.back()->get_ref<Json::array_t&>();
    return &array.emplace_back(std::move(value));
  }

  bool count() {
    if (++elements_ <= limits_.elements) return true;
    return refuse(fmt::format("there are more than {} values", limits_.elements));
  }

  bool refuse(std::string why) {
    problem_ = std::move(why);
    return false;
  }

  const JsonLimits& limits_;
  const Progress& progress_;
  std::uint64_t lists_ = 0;
  Json root_;
  std::vector<Json*> open_;  ///< stays valid: only the innermost grows
  Json* member_ = nullptr;
  std::int64_t elements_ = 0;
  std::string problem_;
  std::string detail_;
};

// Long enough to find the place by; the token itself may be as long as the document.
constexpr std::size_t kShownBytes = 40;

/// nlohmann's own words after "...: ", which name what it found and what it expected.
std::string tidy(const std::string& detail) {
  const auto start = detail.find("syntax error");
  std::string words = start == std::string::npos ? detail : detail.substr(start);
  constexpr std::string_view before = "last read: '";
  const auto open = words.find(before), close = words.rfind('\'');
  if (open == std::string::npos || close < open + before.size()) return words;
  const std::size_t from = open + before.size(), length = close - from;
  // It may end within a character, or be none.
  std::replace_if(
      words.begin() + static_cast<std::ptrdiff_t>(from), words.begin() + static_cast<std::ptrdiff_t>(close),
      [](char c) { return static_cast<unsigned char>(c) >= 0x7f; }, '?');
  return length <= kShownBytes ? words : words.replace(from, length - kShownBytes, "...");
}

/// `end` is behind the last byte that was read: that one is where it went wrong.
Error located(std::string_view name, std::string_view text, const char* end, std::string_view what) {
  const auto read = static_cast<std::size_t>(end - text.data());
  const std::string_view before = text.substr(0, read == 0 ? 0 : read - 1);
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t lineStart = before.rfind('\n') + 1;  // npos + 1 is 0
  return {ErrorKind::file,
          fmt::format("{}, line {}, column {}: {}", name, line, before.size() - lineStart + 1, what)};
}

Error tooLong(std::string_view text, std::string_view name, const JsonLimits& limits) {
  return {ErrorKind::file, fmt::format("{} holds {} bytes and at most {} are read: choose another file", name,
                                       text.size(), limits.bytes)};
}

Result<Json> parse(std::string_view text, std::string_view name, const JsonLimits& limits,
                   const NumberList* lists) {
  if (std::ssize(text) > limits.bytes) return tooLong(text, name, limits);
  Progress progress{text.data(), lists};
  Builder builder(limits, progress);
  const char* const end = text.data() + text.size();
  if (Json::sax_parse(Cursor(text.data(), &progress), Cursor(end, &progress), &builder))
    return builder.take();
  std::string what = builder.problem();
  if (!builder.detail().empty()) what += " (" + tidy(builder.detail()) + ")";
  return located(name, text, progress.furthest, what);
}

}  // namespace

Result<Json> parseJson(std::string_view text, std::string_view name, const JsonLimits& limits) {
  static const NumberList none;
  return parse(text, name, limits, &none);
}

Result<NumericJson> parseNumericJson(std::string_view text, std::string_view name, const JsonLimits& limits) {
  if (std::ssize(text) > limits.bytes) return tooLong(text, name, limits);
  auto found = findNumberLists(text);
  auto root = parse(text, name, limits, found.data());
  if (!root) return root.error();
  NumericJson document{*std::move(root), {}};
  found.pop_back();
  for (NumberList& list : found) document.lists.push_back(std::move(list.numbers));
  return document;
}

const std::vector<float>* numbersOf(const Json& value, const NumericJson& document) {
  return value.is_binary() ? &document.lists.at(value.get_binary().subtype()) : nullptr;
}

Result<Json> readJsonFile(const std::filesystem::path& path, const JsonLimits& limits) {
  auto text = readTextFile(path, limits.bytes);
  if (!text) return text.error();
  return parseJson(*text, quoted(path), limits);
}

std::string toText(const OrderedJson& document) {
  return document.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + '\n';
}

std::string toText(const Json& document) {
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace gainstage::formats
