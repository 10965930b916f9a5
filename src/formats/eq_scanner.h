#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gainstage::formats {

/// Takes a line of equaliser text apart. A word ends where a number begins and the other way round: "Fc105Hz"
/// is three. [control]
class EqScanner {
 public:
  explicit EqScanner(std::string_view line) noexcept : rest_(line) { skipSpace(); }

  bool atEnd() const noexcept { return rest_.empty(); }
  std::string_view rest() const noexcept { return rest_; }
  /// Letters, or nothing.
  std::string_view word() noexcept;
  /// Takes the word where it is next, letter case aside.
  bool take(std::string_view word) noexcept;
  bool takeSign(char sign) noexcept;
  /// What is there up to the next space or semicolon, for an error sentence.
  std::string_view piece() const noexcept;

  struct Number {
    double value = 0.0;
    bool comma = false;  ///< was the decimal point
  };
  /// Nothing where there is none, or one that can be read two ways; nothing is taken then.
  std::optional<Number> number() noexcept;
  /// Why number() gave nothing for `what`, as the end of a sentence: "has no number for Q".
  std::string whyNoNumber(std::string_view what) const;

 private:
  void skipSpace() noexcept;
  std::string_view numberText() const noexcept;

  std::string_view rest_;
};

/// Both in any letter case.
bool sameWord(std::string_view a, std::string_view b) noexcept;

}  // namespace gainstage::formats
