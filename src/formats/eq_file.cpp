#include "formats/eq_file.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "formats/eq_filter_line.h"
#include "formats/eq_scanner.h"
#include "formats/file_error.h"
#include "formats/json_reader.h"
#include "formats/nearest_name.h"
#include "formats/text_file.h"

namespace gainstage::formats {
namespace {

constexpr double kLeastPreampDb = -100.0, kMostPreampDb = 40.0;
constexpr double kMostGraphicDb = 120.0;

constexpr std::array<std::string_view, 3> kFollowed{"Preamp", "Filter", "GraphicEQ"};
/// Of Equalizer APO and Room EQ Wizard: they say where and when, not what.
constexpr std::array<std::string_view, 7> kIgnored{"Device",    "Stage",     "Dated",  "Notes",
                                                   "Equaliser", "Equalizer", "Average"};
/// Of Equalizer APO: without them the rest would be something else.
constexpr std::array<std::string_view, 12> kRefused{
    "Include", "Copy",      "Convolution",        "Delay",           "If", "ElseIf", "Else", "Eval",
    "EndIf",   "VSTPlugin", "LoudnessCorrection", "MultiConvolution"};

template <std::size_t count>
bool holds(const std::array<std::string_view, count>& words, std::string_view word) {
  return std::ranges::any_of(words, [&](std::string_view known) { return sameWord(known, word); });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

/// Every `from` becomes `to`.
void replaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// Typographers' spaces, which stand for thousands, and their minus.
std::string plain(std::string_view text) {
  std::string plain(text.substr(text.starts_with("\xef\xbb\xbf") ? 3 : 0));
  replaceAll(plain, "\r\n", "\n");
  std::ranges::replace(plain, '\r', '\n');
  for (std::string_view space : {"\xc2\xa0", "\xe2\x80\xaf"}) {
    for (std::size_t at = 0; (at = plain.find(space, at)) != std::string::npos;) {
      const auto digitAt = [&](std::size_t i) {
        return i < plain.size() && plain[i] >= '0' && plain[i] <= '9';
      };
      const bool thousands = at > 0 && digitAt(at - 1) && digitAt(at + space.size());
      plain.replace(at, space.size(), thousands ? "" : " ");
    }
  }
  replaceAll(plain, "\xe2\x88\x92", "-");
  return plain;
}

class Reader {
 public:
  explicit Reader(std::string_view name) : name_(name) {}

  Result<EqFile> read(std::string_view text);

 private:
  Error refuse(std::string_view what) const {
    return {ErrorKind::file, fmt::format("{}, line {}: {}", name_, line_, what)};
  }
  Result<void> readRate(std::string_view comment);
  Result<void> readLine(std::string_view line);
  Result<void> readUnknown(std::string_view line, std::string_view word) const;
  Result<void> readPreamp(EqScanner scanner);
  Result<void> readFilter(std::string_view key, std::string_view rest);
  Result<void> readGraphic(EqScanner scanner);
  Result<void> finish();

  std::string_view name_;
  int line_ = 0;
  int commas_ = 0, filtersOn_ = 0;
  bool begun_ = false;  // a line was understood
  EqFile file_;
};

/// Calls `take(line, comment)` line by line, until it complains.
template <typename Take>
Result<void> eachLine(std::string_view text, int& number, Take&& take) {
  number = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const std::size_t hash = std::min(line.find('#'), line.size());
    ++number;
    if (auto done =
            take(trimmed(line.substr(0, hash)), trimmed(line.substr(std::min(hash + 1, line.size()))));
        !done)
      return done;
    at = end + 1;
  }
  return {};
}

Result<EqFile> Reader::read(std::string_view text) {
  // What filters mean depends on it, so it may stand anywhere.
  if (auto done = eachLine(text, line_, [&](auto, std::string_view comment) { return readRate(comment); });
      !done)
    return done.error();
  if (auto done = eachLine(text, line_, [&](std::string_view line, auto) { return readLine(line); }); !done)
    return done.error();
  if (auto done = finish(); !done) return done.error();
  return std::move(file_);
}

Result<void> Reader::readRate(std::string_view comment) {
  EqScanner scanner(comment);
  if (!scanner.take("Sample") || !scanner.take("rate") || !scanner.takeSign(':')) return {};
  const auto rate = readEqNumber(scanner, "the sample rate", "Hz", 8000.0, 384000.0, commas_);
  if (!rate) return refuse(fmt::format("the comment {}", rate.error().message));
  file_.sampleRateHz = *rate;
  return {};
}

Result<void> Reader::readLine(std::string_view line) {
  if (line.empty()) return {};
  EqScanner scanner(line);
  const std::string_view word = scanner.word();
  const std::size_t colon = line.find(':');
  if (sameWord(word, "Filter") && scanner.take("Settings")) return {};  // Room EQ Wizard's first line
  if (holds(kIgnored, word)) return {};
  if (sameWord(word, "Channel") && scanner.takeSign(':')) {
    if (scanner.take("all")) return {};
    return refuse(
        fmt::format("the channel {} alone is meant, and a correction is the same on both sides: make a file "
                    "for all channels",
                    inQuotes(trimmed(line.substr(colon + 1)))));
  }
  if (holds(kRefused, word) && colon != std::string_view::npos)
    return refuse(fmt::format("{} is not followed here: put what it does into this file", inQuotes(word)));
  if (!holds(kFollowed, word)) return readUnknown(line, word);
  if (colon == std::string_view::npos)
    return refuse(fmt::format("{} lacks its colon: write \"{}: ...\"", inQuotes(line), word));
  begun_ = true;
  const std::string_view key = trimmed(line.substr(0, colon)), rest = line.substr(colon + 1);
  if (sameWord(word, "Filter")) return readFilter(key, rest);
  if (!sameWord(key, word))
    return refuse(fmt::format("{} is no setting: write \"{}:\"", inQuotes(key), word));
  return sameWord(word, "Preamp") ? readPreamp(EqScanner(rest)) : readGraphic(EqScanner(rest));
}

/// A heading, as long as nothing was understood yet; but what may be a setting misspelt never is.
Result<void> Reader::readUnknown(std::string_view line, std::string_view word) const {
  const std::string nearest = nearestName(word, kFollowed);
  if (!nearest.empty())
    return refuse(fmt::format("{} is no setting: did you mean {}?", inQuotes(word), nearest));
  if (!begun_) return {};
  return refuse(fmt::format("{} is no setting: there are {}, and comments begin with #", inQuotes(line),
                            fmt::join(kFollowed, ", ")));
}

Result<void> Reader::readPreamp(EqScanner scanner) {
  const auto gain = readEqNumber(scanner, "the preamp", "dB", kLeastPreampDb, kMostPreampDb, commas_);
  if (!gain) return refuse(fmt::format("the line {}", gain.error().message));
  if (!scanner.atEnd())
    return refuse(
        fmt::format("{} stands behind the preamp: write \"Preamp: -6 dB\"", inQuotes(scanner.rest())));
  file_.preampDb = file_.preampDb.value_or(0.0) + *gain;
  return {};
}

Result<void> Reader::readFilter(std::string_view key, std::string_view rest) {
  EqScanner number(key);
  number.word();
  number.number();
  if (!number.atEnd())
    return refuse(fmt::format("{} is no filter: write \"Filter 1: ON PK ...\"", inQuotes(key)));
  const auto line = readEqFilterLine(EqScanner(rest), file_.sampleRateHz);
  if (!line) return refuse(fmt::format("{} {}", key, line.error().message));
  commas_ += line->commas;
  if (line->off) ++file_.filtersOff;
  if (!line->filter) return {};
  if (++filtersOn_ <= kMostEqFilters) file_.filters.push_back(*line->filter);
  return {};
}

Result<void> Reader::readGraphic(EqScanner scanner) {
  if (!file_.graphic.empty()) return refuse("there is a second GraphicEQ: put both into one");
  while (!scanner.atEnd()) {
    const auto frequency = readEqNumber(scanner, "the frequency", "Hz", 1.0, 1e6, commas_);
    if (!frequency)
      return refuse(fmt::format("point {} {}", file_.graphic.size() + 1, frequency.error().message));
    const auto gain = readEqNumber(scanner, "the gain", "dB", -kMostGraphicDb, kMostGraphicDb, commas_);
    if (!gain) return refuse(fmt::format("point {} {}", file_.graphic.size() + 1, gain.error().message));
    if (file_.graphic.size() == static_cast<std::size_t>(kMostEqPoints))
      return refuse(fmt::format("there are more than {} points: leave some out", kMostEqPoints));
    file_.graphic.push_back({*frequency, *gain});
    if (!scanner.atEnd() && !scanner.takeSign(';'))
      return refuse(fmt::format("{} stands behind point {}, where a semicolon was expected",
                                inQuotes(scanner.piece()), file_.graphic.size()));
  }
  if (file_.graphic.empty()) return refuse("GraphicEQ has no points: write \"GraphicEQ: 20 0; 1000 -3\"");
  std::ranges::sort(file_.graphic, {}, &EqPoint::frequencyHz);
  const auto twice = std::ranges::adjacent_find(file_.graphic, {}, &EqPoint::frequencyHz);
  if (twice != file_.graphic.end()) return refuse(fmt::format("{:g} Hz is there twice", twice->frequencyHz));
  return {};
}

Result<void> Reader::finish() {
  if (!begun_)
    return Error{ErrorKind::file,
                 fmt::format("{} is no equaliser file: none of its {} line{} begins with {}", name_, line_,
                             line_ == 1 ? "" : "s", fmt::join(kFollowed, ", "))};
  if (filtersOn_ > kMostEqFilters)
    return Error{ErrorKind::file,
                 fmt::format("{} has {} filters that are on, and at most {} are used: leave some out", name_,
                             filtersOn_, kMostEqFilters)};
  if (file_.preampDb && !(*file_.preampDb >= kLeastPreampDb && *file_.preampDb <= kMostPreampDb))
    return Error{ErrorKind::file,
                 fmt::format("{} has preamps that add up to {:g} dB, which must be from {:g} to {:g}", name_,
                             *file_.preampDb, kLeastPreampDb, kMostPreampDb)};
  if (commas_ > 0)
    file_.remarks.push_back(
        fmt::format("{} with a comma for the decimal point, read as a point.",
                    commas_ == 1 ? "One number stands" : fmt::format("{} numbers stand", commas_)));
  if (file_.filtersOff > 0)
    file_.remarks.push_back(fmt::format("{} off.", file_.filtersOff == 1
                                                       ? "One filter is"
                                                       : fmt::format("{} filters are", file_.filtersOff)));
  return {};
}

/// The first byte that no text has, or npos.
std::size_t firstOddByte(std::string_view text) {
  const auto odd = std::ranges::find_if(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || byte == 0x7f;
  });
  return odd == text.end() ? std::string_view::npos : static_cast<std::size_t>(odd - text.begin());
}

}  // namespace

Result<EqFile> parseEqFile(std::string_view text, std::string_view name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
    return Error{ErrorKind::file, fmt::format("{} is UTF-16 text: save it as UTF-8", name)};
  if (const std::size_t odd = firstOddByte(text); odd != std::string_view::npos)
    return Error{ErrorKind::file, fmt::format("{} is no text: byte {} is 0x{:02x}", name, odd + 1,
                                              static_cast<unsigned char>(text[odd]))};
  const std::string cleaned = plain(text);
  return Reader(name).read(cleaned);
}

Result<EqFile> readEqFile(const std::filesystem::path& path) {
  const auto text = readTextFile(path, kMostEqFileBytes);
  if (!text) return text.error();
  return parseEqFile(*text, quoted(path));
}

std::string toText(const EqFile& eq) {
  std::string text;
  if (eq.sampleRateHz != kEqFileRateHz) text += fmt::format("# Sample rate: {:g} Hz\n", eq.sampleRateHz);
  if (eq.preampDb) text += fmt::format("Preamp: {:.2f} dB\n", *eq.preampDb);
  int number = 0;
  for (const EqFilter& filter : eq.filters) {
    const bool hasGain = filter.type == EqFilterType::peak || filter.type == EqFilterType::lowShelf ||
                         filter.type == EqFilterType::highShelf;
    text += fmt::format("Filter {}: ON {} Fc {:.1f} Hz", ++number,
                        kEqFilterWords[static_cast<std::size_t>(filter.type)], filter.frequencyHz);
    if (hasGain) text += fmt::format(" Gain {:.2f} dB", filter.gainDb);
    text += fmt::format(" Q {:.3f}\n", filter.q);
  }
  for (std::size_t i = 0; i < eq.graphic.size(); ++i)
    text += fmt::format("{}{:.2f} {:.2f}{}", i == 0 ? "GraphicEQ: " : "; ", eq.graphic[i].frequencyHz,
                        eq.graphic[i].gainDb, i + 1 == eq.graphic.size() ? "\n" : "");
  return text;
}

}  // namespace gainstage::formats
