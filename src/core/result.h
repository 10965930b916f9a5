#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace gainstage {

/// Why something could not be done. The numbers are the program's exit codes.
enum class ErrorKind { fault = 1, usage = 2, file = 3, device = 4 };

/// One sentence that says what, where, and what to do.
struct Error {
  ErrorKind kind = ErrorKind::fault;
  std::string message;
};

/// A value, or why there is none. Never used on the audio thread.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return assert(ok()), std::get<0>(state_); }
  const T& value() const& { return assert(ok()), std::get<0>(state_); }
  T&& value() && { return assert(ok()), std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const { return assert(!ok()), std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  bool ok() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok(); }
  const Error& error() const { return assert(!ok()), error_; }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace gainstage
