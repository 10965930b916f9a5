#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parameter.h"
#include "core/result.h"

/// Reading a JSON document that people may have written by hand: every key is asked for by name, every fault
/// is kept with its path, and keys that nobody asked for are faults too. All of it [control].
namespace gainstage::formats {

/// What is wrong with a document, in the order found. Keeps the first and counts the rest.
class Problems {
 public:
  /// `path` says where ("strips[0].trimDb", empty for the document itself), `what` ends the sentence.
  void add(std::string_view path, std::string_view what);

  int count() const noexcept { return count_; }
  bool any() const noexcept { return count_ > 0; }
  /// "NAME: PATH WHAT (and 2 more faults)", of kind file. Only where there are any.
  Error error(std::string_view document) const;

 private:
  std::string first_;
  int count_ = 0;
};

/// A text in quotes for an error sentence: cut after 40 bytes, control characters escaped.
std::string inQuotes(std::string_view text);

/// A value in a few words for an error sentence: a number or word as written (shortened), "a list", "an
/// object".
std::string describe(const nlohmann::json& value);

/// `value` as the shortest decimal that reads back as the same float: "0.1", "-30", "1e-05".
std::string shortestText(float value);

/// What a parameter expects, for an error sentence: "a number from -60 to 40 (dB)", "one of session, jack".
std::string expectation(const Parameter& parameter);

/// The value of a parameter that is not a file; complains and gives nothing where it cannot be had.
std::optional<float> readValue(const nlohmann::json& value, const Parameter& parameter, std::string_view path,
                               Problems& problems);

/// One object of a document. Ask for all that it may hold, then finish().
class ObjectReader {
 public:
  /// Complains where `value` is not an object; everything is missing then.
  ObjectReader(const nlohmann::json& value, std::string path, Problems& problems);

  const std::string& path() const noexcept { return path_; }
  std::string pathOf(std::string_view key) const;
  Problems& problems() const noexcept { return problems_; }

  /// The key's value, or nullptr where it is missing.
  const nlohmann::json* find(std::string_view key, std::string_view unit = {});
  /// The same, and complains where it is missing.
  const nlohmann::json* require(std::string_view key);

  /// Text of 1 to `longest` bytes (0 where `mayBeEmpty`) without control characters. Missing: stays as it is.
  void text(std::string_view key, std::string& into, std::size_t longest, bool mayBeEmpty = false);
  void boolean(std::string_view key, bool& into);
  /// The place of a word in `words`. Missing: nothing.
  std::optional<std::size_t> word(std::string_view key, std::span<const std::string_view> words);
  /// A number or null; missing counts as null.
  std::optional<double> number(std::string_view key, double minimum, double maximum);
  /// Elements of a list of `least` to `most`; complains of other counts and gives the first `most`.
  std::vector<const nlohmann::json*> list(std::string_view key, std::size_t most, std::size_t least = 0);
  /// Numbers in the declarations' order; those that are missing stay as they are. Files are left out.
  void values(std::span<const Parameter> parameters, std::span<float> into);

  /// Complains of every key that nobody asked for, with the nearest that somebody did.
  void finish();

 private:
  struct Known {
    std::string key;
    std::string unit;
  };
  std::string suggestion(std::string_view key) const;

  const nlohmann::json* object_ = nullptr;
  std::string path_;
  Problems& problems_;
  std::vector<Known> known_;
};

/// Texts of which no two may be equal, such as ids; empty ones do not count.
class UniqueTexts {
 public:
  /// Complains, naming the place of the first, where `text` was there before.
  void add(std::string_view text, std::string path, Problems& problems);

 private:
  std::vector<std::pair<std::string, std::string>> seen_;
};

/// Reads what every document of ours begins with: {"gainstage": kind, "version": 1..newest}. False: the
/// document is of another kind or newer than this program, and the rest is not worth complaining about.
bool readHeader(ObjectReader& reader, std::string_view kind, int newest);

/// A whole number from `minimum` to `maximum`; complains and gives nothing where it is not.
std::optional<int> readWhole(const nlohmann::json& value, int minimum, int maximum, std::string_view path,
                             Problems& problems);

}  // namespace gainstage::formats
