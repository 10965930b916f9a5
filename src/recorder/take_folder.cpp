#include "recorder/take_folder.h"

#include <algorithm>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "formats/file_error.h"

namespace gainstage::recorder {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestName = 80;
constexpr int kMostInOneSecond = 1000;

/// Bytes of the UTF-8 character that begins the text; 0 where it is plain ASCII, a control character, or not
/// UTF-8 (as overlong forms and surrogates are not).
std::size_t utf8Length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(1);
  const bool refused = (first == 0xC2 && second < 0xA0) || (first == 0xE0 && second < 0xA0) ||
                       (first == 0xED && second >= 0xA0) || (first == 0xF0 && second < 0x90);
  return refused ? 0 : length;
}

bool staysAsItIs(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '+' ||
         c == '.';
}

std::tm localTime(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm local{};
  ::localtime_r(&seconds, &local);
  return local;
}

}  // namespace

std::string safeFileName(std::string_view name) {
  std::string safe;
  while (!name.empty()) {
    const std::size_t wide = utf8Length(name);
    const std::size_t length = wide > 0 ? wide : 1;
    if (safe.size() + length > kLongestName) break;
    if (wide > 0 || staysAsItIs(name[0]))
      safe += name.substr(0, length);
    else if (!safe.empty() && safe.back() != '-')
      safe += '-';
    name.remove_prefix(length);
  }
  while (safe.ends_with('-') || safe.ends_with('.')) safe.pop_back();
  return safe;
}

std::string folderNameFor(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%d_%H-%M-%S}", localTime(time));
}

std::string timestampFor(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S%z}", localTime(time));
}

Result<TakeFolder> TakeFolder::create(const fs::path& parent, const std::string& name) {
  TakeFolder folder;
  std::error_code problem;
  std::vector<fs::path> absent;
  for (fs::path above = fs::absolute(parent.empty() ? "." : parent, problem);
       !problem && !fs::exists(above, problem); above = above.parent_path())
    absent.push_back(above);
  for (const fs::path& path : std::vector(absent.rbegin(), absent.rend())) {
    if (problem || (!fs::create_directory(path, problem) && problem)) break;
    folder.made_.push_back(path);
  }
  for (int i = 1; !problem && i <= kMostInOneSecond; ++i) {
    const fs::path path = parent / (i == 1 ? name : fmt::format("{}-{}", name, i));
    if (!fs::create_directory(path, problem)) continue;
    folder.made_.push_back(path);
    return folder;
  }
  if (problem) return formats::systemError(parent, problem.value());
  return formats::fileError(parent, "holds too many takes of this second: choose another folder");
}

TakeFolder::~TakeFolder() {
  if (kept_ || made_.empty()) return;
  std::error_code ignored;
  fs::remove_all(made_.back(), ignored);
  made_.pop_back();
  for (; !made_.empty(); made_.pop_back()) fs::remove(made_.back(), ignored);  // only where nothing is in it
}

}  // namespace gainstage::recorder
