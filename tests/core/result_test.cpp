#include "core/result.h"

#include <gtest/gtest.h>
#include <memory>

namespace gainstage {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{ErrorKind::usage, "odd"};
  return number / 2;
}

TEST(Result, IsAValueOrAnError) {
  const auto good = half(4);
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(static_cast<bool>(good));
  EXPECT_EQ(*good, 2);
  const auto bad = half(3);
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().kind, ErrorKind::usage);
  EXPECT_EQ(bad.error().message, "odd");
}

TEST(Result, HandsOverAValueThatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(Result, TellsAStringFromAnError) {
  const Result<std::string> text = std::string("fine");
  EXPECT_TRUE(text.ok());
  EXPECT_EQ(text->size(), 4u);
}

TEST(Result, OfNothingIsGoodUnlessGivenAnError) {
  const Result<void> good;
  EXPECT_TRUE(good.ok());
  const Result<void> bad = Error{ErrorKind::device, "gone"};
  EXPECT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().message, "gone");
}

TEST(ErrorKind, NumbersAreTheExitCodes) {
  EXPECT_EQ(static_cast<int>(ErrorKind::fault), 1);
  EXPECT_EQ(static_cast<int>(ErrorKind::usage), 2);
  EXPECT_EQ(static_cast<int>(ErrorKind::file), 3);
  EXPECT_EQ(static_cast<int>(ErrorKind::device), 4);
}

}  // namespace
}  // namespace gainstage
