#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include "advise/catalogue.h"
#include "advise/declarations.h"
#include "formats/csv.h"
#include "formats/nearest_name.h"

namespace gainstage::advise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::array<std::string_view, 11> kColumns{"brand", "model",  "figure", "value",  "unit",  "at_ohm",
                                                    "at_hz", "region", "year",   "status", "source"};
enum Column { brand, model, figureId, value, unit, atOhm, atHz, region, year, status, source };
constexpr std::array kRequired{brand, model, figureId, value, status, source};

/// `: did you mean X?`, or the list.
std::string suggestion(std::string_view word, std::span<const std::string> known) {
  const std::string nearest = formats::nearestName(word, known);
  if (!nearest.empty()) return fmt::format("did you mean \"{}\"?", nearest);
  return fmt::format("choose one of {}", fmt::join(known, ", "));
}

template <typename Range, typename Projection>
std::vector<std::string> namesOf(const Range& range, Projection projection) {
  std::vector<std::string> names;
  for (const auto& each : range) names.emplace_back(std::invoke(projection, each));
  return names;
}

std::optional<double> parseNumber(std::string_view text) {
  double number = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return std::nullopt;
  return number;
}

class Reader {
 public:
  Reader(Kind kind, std::string_view name) : kind_(kind), name_(name) {}

  Result<std::vector<Product>> read(const std::vector<formats::CsvRow>& rows) {
    if (rows.empty())
      return Error{ErrorKind::file, fmt::format("{} is empty: its first line names the columns {}", name_,
                                                fmt::join(kColumns, ", "))};
    if (auto known = readHeader(rows.front()); !known) return known.error();
    for (std::size_t i = 1; i < rows.size(); ++i)
      if (auto figure = readRow(rows[i]); !figure) return figure.error();
    return std::move(products_);
  }

 private:
  Error error(std::string_view what) const {
    return {ErrorKind::file, fmt::format("{}, line {}: {}", name_, line_, what)};
  }

  Result<void> readHeader(const formats::CsvRow& row) {
    line_ = row.line;
    places_.fill(-1);
    for (std::size_t i = 0; i < row.fields.size(); ++i) {
      const auto found = std::ranges::find(kColumns, row.fields[i]);
      if (found == kColumns.end())
        return error(fmt::format("unknown column \"{}\": {}", row.fields[i],
                                 row.fields.size() == 1 && row.fields[0].find(';') != std::string::npos
                                     ? "fields are separated by commas"
                                     : suggestion(row.fields[i], namesOf(kColumns, std::identity{}))));
      int& place = places_[static_cast<std::size_t>(found - kColumns.begin())];
      if (place >= 0) return error(fmt::format("column \"{}\" is there twice", row.fields[i]));
      place = static_cast<int>(i);
    }
    for (const Column column : kRequired)
      if (places_[column] < 0) return error(fmt::format("the column \"{}\" is missing", kColumns[column]));
    return {};
  }

  std::string_view field(const formats::CsvRow& row, Column column) const {
    const int place = places_[column];
    return place < 0 ? std::string_view() : row.fields[static_cast<std::size_t>(place)];
  }

  Result<void> readRow(const formats::CsvRow& row) {
    line_ = row.line;
    for (const Column column : kRequired)
      if (field(row, column).empty())
        return error(column == source ? "the source is missing: say where the figure was read"
                                      : fmt::format("\"{}\" is empty", kColumns[column]));
    const auto* declaration = findDeclaration(kind_, field(row, figureId));
    if (!declaration)
      return error(fmt::format(
          "unknown figure \"{}\" of {}: {}", field(row, figureId), nameOf(kind_),
          suggestion(field(row, figureId), namesOf(figureDeclarations(kind_), &FigureDeclaration::id))));
    Figure figure{.id = std::string(declaration->id),
                  .written = std::string(field(row, value)),
                  .source = std::string(field(row, source)),
                  .line = line_};
    if (auto read = readValue(*declaration, row, figure); !read) return read;
    if (auto read = readCircumstances(*declaration, row, figure); !read) return read;
    return keep(row, std::move(figure));
  }

  Result<void> readValue(const FigureDeclaration& declaration, const formats::CsvRow& row, Figure& figure) {
    const std::string_view written = figure.written;
    if (declaration.type == FigureType::number) return readNumber(declaration, field(row, unit), figure);
    if (!field(row, unit).empty()) return error(fmt::format("\"{}\" has no unit", declaration.id));
    if (declaration.type == FigureType::yesNo && written != "yes" && written != "no")
      return error(fmt::format("\"{}\" of {} is neither yes nor no", written, declaration.id));
    if (declaration.type == FigureType::word &&
        std::ranges::find(declaration.words, written) == declaration.words.end())
      return error(fmt::format("\"{}\" is no {}: {}", written, declaration.id,
                               suggestion(written, namesOf(declaration.words, std::identity{}))));
    return {};
  }

  /// "12", "<0.2", ">102", "3..5".
  Result<void> readNumber(const FigureDeclaration& declaration, std::string_view writtenUnit,
                          Figure& figure) {
    const auto form = std::ranges::find(declaration.units, writtenUnit, &UnitForm::written);
    if (form == declaration.units.end())
      return error(fmt::format("\"{}\" is no unit of {}: {}", writtenUnit, declaration.id,
                               suggestion(writtenUnit, namesOf(declaration.units, &UnitForm::written))));
    std::string_view text = figure.written;
    const bool isAtMost = text.starts_with('<'), isAtLeast = text.starts_with('>');
    if (isAtMost || isAtLeast) text.remove_prefix(1);
    const std::size_t dots = text.find("..");
    const auto first = parseNumber(text.substr(0, dots));
    const auto last = dots == std::string_view::npos ? first : parseNumber(text.substr(dots + 2));
    if (!first || !last || ((isAtMost || isAtLeast) && dots != std::string_view::npos))
      return error(fmt::format("\"{}\" is no number: write 12, <0.2, >102 or 3..5, with a point{}",
                               figure.written,
                               text.find(',') != std::string_view::npos ? " and not a comma" : ""));
    figure.unit = form->kept;
    figure.low = isAtMost ? -kInfinity : form->keep(*first);
    figure.high = isAtLeast ? kInfinity : form->keep(*last);
    if (figure.low > figure.high) return error(fmt::format("{} runs backwards", figure.written));
    for (const double bound : {figure.low, figure.high})
      if (std::isnan(bound) ||
          (std::isfinite(bound) &&
           (bound < form->minimum * (1.0 - 1e-9) - 1e-12 || bound > form->maximum * (1.0 + 1e-9)) &&
           !isNegativeFine(*form, bound)))
        return error(fmt::format("{} {} is no plausible {} ({:g} to {:g} {}): look at its unit",
                                 figure.written, writtenUnit, declaration.id, form->minimum, form->maximum,
                                 form->kept));
    return {};
  }
  /// Bounds below 0 are widened the other way round by a factor.
  static bool isNegativeFine(const UnitForm& form, double bound) {
    return form.minimum < 0.0 && bound >= form.minimum && bound <= form.maximum;
  }

  Result<void> readCircumstances(const FigureDeclaration& declaration, const formats::CsvRow& row,
                                 Figure& figure) {
    const auto positive = [&](Column column, std::optional<double>& into, double highest) -> Result<void> {
      const std::string_view text = field(row, column);
      if (text.empty()) return {};
      into = parseNumber(text);
      if (!into || *into <= 0.0 || *into > highest)
        return error(
            fmt::format("\"{}\" in {} is no number from 0 to {:g}", text, kColumns[column], highest));
      return {};
    };
    if (auto read = positive(atOhm, figure.atOhm, 1e7); !read) return read;
    if (auto read = positive(atHz, figure.atHz, 1e5); !read) return read;
    constexpr std::array kStates{Status::maker, Status::measured, Status::unverified};
    const auto* state = std::ranges::find(kStates, field(row, status), [](Status s) { return nameOf(s); });
    if (state == kStates.end())
      return error(
          fmt::format("\"{}\" is no status: choose maker, measured or unverified", field(row, status)));
    figure.status = *state;
    return readPrice(declaration, row, figure);
  }

  Result<void> readPrice(const FigureDeclaration& declaration, const formats::CsvRow& row, Figure& figure) {
    const std::string_view when = field(row, year), where = field(row, region);
    if (declaration.id != "price") {
      if (!when.empty() || !where.empty()) return error("only a price has a region and a year");
      return {};
    }
    if (when.empty() || where.empty())
      return error("a price needs a region and a year: write \"unknown\" where they are not known");
    figure.region = where;
    if (when == "unknown") return {};
    const auto number = parseNumber(when);
    if (!number || *number < 1950 || *number > 2100 || *number != std::floor(*number))
      return error(fmt::format("\"{}\" is no year, and not \"unknown\"", when));
    figure.year = static_cast<int>(*number);
    return {};
  }

  Result<void> keep(const formats::CsvRow& row, Figure figure) {
    const std::string key = fmt::format("{}\n{}", field(row, brand), field(row, model));
    const auto [place, isNew] = indices_.try_emplace(key, products_.size());
    if (isNew)
      products_.push_back(
          {.kind = kind_, .brand = std::string(field(row, brand)), .model = std::string(field(row, model))});
    const std::string same =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", key, figure.id, figure.written, field(row, unit),
                    figure.atOhm.value_or(0.0), figure.atHz.value_or(0.0), figure.source);
    if (!seen_.insert(same).second)
      return error(fmt::format("{} of {} {} is there twice from the same source", figure.id,
                               field(row, brand), field(row, model)));
    products_[place->second].figures.push_back(std::move(figure));
    return {};
  }

  Kind kind_;
  std::string_view name_;
  int line_ = 1;
  std::array<int, kColumns.size()> places_{};
  std::vector<Product> products_;
  std::map<std::string, std::size_t> indices_;
  std::set<std::string> seen_;
};

}  // namespace

std::span<const std::string_view> catalogueColumns() noexcept { return kColumns; }

Result<std::vector<Product>> parseCatalogue(Kind kind, std::string_view text, std::string_view name) {
  const auto rows = formats::parseCsv(text, name);
  if (!rows) return rows.error();
  return Reader(kind, name).read(*rows);
}

}  // namespace gainstage::advise
