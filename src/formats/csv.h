#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace gainstage::formats {

/// What a table may cost. A larger one is refused.
struct CsvLimits {
  std::int64_t bytes = 4 << 20;
  int rows = 20000;
  int columns = 64;
  int fieldBytes = 1000;
};

struct CsvRow {
  int line = 0;  ///< where it begins, from 1
  std::vector<std::string> fields;
};

/// A table of text (RFC 4180: commas, quotes doubled within quotes, lines ended by LF or CRLF), with blanks
/// around fields taken away, a byte order mark, empty lines and lines that begin with # left out. All rows
/// have as many fields as the first, the header. Refused, with `name` and line: other separators, an open
/// quote, control characters, broken UTF-8, anything beyond the limits. ErrorKind::file. [control]
Result<std::vector<CsvRow>> parseCsv(std::string_view text, std::string_view name,
                                     const CsvLimits& limits = {});

/// Whether bytes are UTF-8 (RFC 3629: no overlong forms, no surrogates, up to U+10FFFF). [any thread]
bool isUtf8(std::string_view text) noexcept;

}  // namespace gainstage::formats
