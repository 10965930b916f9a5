#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json.h"
#include "formats/json_reader.h"

/// What the readers of all capture formats share. All of it [control].
namespace gainstage::neural::files {

using formats::Json;

// What a file may ask for. The largest captures known have 64 channels, 60 layers and a second of receptive
// field; beyond these bounds a file is broken or meant to break something.
inline constexpr std::int64_t kMaxFileBytes = 64 << 20;
inline constexpr int kMaxChannels = 1024;
inline constexpr int kMaxLayers = 4096;
inline constexpr int kMaxReceptiveField = 1 << 21;     ///< frames; 44 s at 48 kHz
inline constexpr std::int64_t kMaxHistory = 16 << 20;  ///< floats that all convolutions together remember
inline constexpr int kMaxNesting = 8;                  ///< condition networks and containers in each other

/// One file being read.
struct Reading {
  const formats::NumericJson& document;
  formats::Problems problems{};
  std::vector<std::string> remarks{};
  bool strict = false;  ///< keys that nobody asked for are refused: the file is newer than this program
  int layers = 0;       ///< counted so far
  std::int64_t history = 0;

  bool failed() const { return problems.any(); }
};

/// One object of a file. Whatever cannot be had is a problem, and gives the least that is allowed; a null
/// counts as missing.
class Fields {
 public:
  Fields(const Json& object, std::string path, Reading& reading);

  const std::string& path() const { return object_.path(); }
  std::string pathOf(std::string_view key) const { return object_.pathOf(key); }
  Reading& reading() const { return reading_; }

  const Json* find(std::string_view key);
  const Json* require(std::string_view key);
  bool has(std::string_view key) { return find(key) != nullptr; }
  /// A whole number from 1 to `most`.
  int size(std::string_view key, int most);
  int size(std::string_view key, int most, int fallback);
  /// A list of them, one to kMaxLayers long.
  std::vector<int> sizes(std::string_view key, int most);
  bool flag(std::string_view key, bool fallback);
  float number(std::string_view key, float fallback);
  /// Text, or empty.
  std::string text(std::string_view key);
  void refuse(std::string_view key, std::string_view what);
  /// In strict reading, refuses the keys that nobody asked for.
  void finish();

 private:
  formats::ObjectReader object_;
  Reading& reading_;
};

/// Numbers of a list, wherever they stand.
class Numbers {
 public:
  /// Complains, with the index, of whatever is no finite number.
  Numbers(const Json& list, const std::string& path, Reading& reading);

  std::span<const float> values() const { return aside_ ? std::span<const float>(*aside_) : own_; }

 private:
  const std::vector<float>* aside_ = nullptr;
  std::vector<float> own_;
};

/// Entries of a list, wherever they stand. [any thread]
std::size_t entriesOf(const Json& list, const Reading& reading);
bool isList(const Json& value);

/// A whole number from 1 to `most` (4.0 counts); complains, and gives 1, where it is not.
int readSize(const Json& value, int most, const std::string& path, Reading& reading);
/// A list of them, one to kMaxLayers long.
std::vector<int> readSizes(const Json& list, int most, const std::string& path, Reading& reading);

/// "is VALUE, which is unknown; did you mean X?" or "; known are X, Y and Z".
std::string unknownName(std::string_view name, std::span<const std::string_view> known);

}  // namespace gainstage::neural::files
