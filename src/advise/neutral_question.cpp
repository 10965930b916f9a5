#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "advise/questions.h"
#include "formats/response_text.h"

namespace gainstage::advise {
namespace {

constexpr double kFromHz = 40.0, kToHz = 10000.0;
/// Nearer by less than this is a draw: another seat on the same head changes as much.
constexpr double kSeat = 0.5;

double interpolated(const Response& response, double hz) {
  const auto above = std::ranges::lower_bound(response.hz, hz);
  if (above == response.hz.begin()) return response.db.front();
  if (above == response.hz.end()) return response.db.back();
  const auto i = static_cast<std::size_t>(above - response.hz.begin());
  const double share = std::log(hz / response.hz[i - 1]) / std::log(response.hz[i] / response.hz[i - 1]);
  return response.db[i - 1] + share * (response.db[i] - response.db[i - 1]);
}

Answer judged(std::string_view first, double firstDb, std::string_view second, double secondDb,
              std::string_view rig, std::vector<std::string> firstSources,
              std::vector<std::string> secondSources) {
  Answer answer;
  answer.question = fmt::format("Are {} better than {}?", first, second);
  constexpr std::string_view kFormula =
      "RMS over 40 Hz to 10 kHz of response - target - their mean difference, dB, 1/6 octave";
  answer.facts = {{fmt::format("{}: distance from neutral", first), exactly(firstDb, "dB"),
                   std::string(kFormula), std::move(firstSources)},
                  {fmt::format("{}: distance from neutral", second), exactly(secondDb, "dB"),
                   std::string(kFormula), std::move(secondSources)}};
  const double apart = std::abs(firstDb - secondDb);
  answer.verdict = apart < kSeat        ? "Neither is"
                   : firstDb < secondDb ? "Yes, nearer to neutral"
                                        : "No, farther from neutral";
  answer.summary = fmt::format("{} lie {} dB from the neutral target and {} {} dB ({}); {}.", first,
                               numberText(firstDb), second, numberText(secondDb), rig,
                               apart < kSeat ? "another seat on the same head changes as much"
                                             : fmt::format("{} dB apart is heard", numberText(apart)));
  answer.notes.push_back(
      "Nearer to neutral is better for judging a recording. What is liked is another matter, and so "
      "are comfort, isolation and leakage.");
  answer.changes.push_back(
      "A correction brings either near the target: then fit, isolation and price decide.");
  answer.changes.push_back("Figures of another rig do not compare with these.");
  return answer;
}

}  // namespace

Result<Response> readResponse(const std::filesystem::path& path) {
  const auto points = formats::readResponseFile(path);
  if (!points) return points.error();
  Response response{.name = path.stem().string()};
  for (const formats::EqPoint& point : *points) {
    response.hz.push_back(point.frequencyHz);
    response.db.push_back(point.gainDb);
  }
  return response;
}

double deviationDb(const Response& response, const Response* target) {
  std::vector<double> differences;
  const int steps = static_cast<int>(24.0 * std::log2(kToHz / kFromHz));
  for (int i = 0; i <= steps; ++i) {
    const double hz = kFromHz * std::exp2(i / 24.0);
    const double from = hz * std::exp2(-1.0 / 12.0), to = hz * std::exp2(1.0 / 12.0);
    double power = 0.0;
    int count = 0;
    for (std::size_t k = 0; k < response.hz.size(); ++k)
      if (response.hz[k] >= from && response.hz[k] <= to) {
        power += std::pow(10.0, response.db[k] / 10.0);
        ++count;
      }
    const double level = count > 0 ? 10.0 * std::log10(power / count) : interpolated(response, hz);
    differences.push_back(level - (target ? interpolated(*target, hz) : 0.0));
  }
  double mean = 0.0, squares = 0.0;
  for (const double each : differences) mean += each / static_cast<double>(differences.size());
  for (const double each : differences) squares += (each - mean) * (each - mean);
  return std::sqrt(squares / static_cast<double>(differences.size()));
}

Answer nearerToNeutral(const Product& first, const Product& second) {
  const Figure *a = first.find("deviation"), *b = second.find("deviation");
  const Figure *rigA = first.find("deviationRig"), *rigB = second.find("deviationRig");
  if (a && b && rigA && rigB && rigA->written == rigB->written)
    return judged(first.name(), a->number(), second.name(), b->number(), rigA->written, {sourceOf(first, *a)},
                  {sourceOf(second, *b)});
  Answer answer;
  answer.question = fmt::format("Are {} better than {}?", first.name(), second.name());
  answer.verdict = "Not known";
  std::vector<std::string> lacking;
  for (const auto& [product, figure] : {std::pair{&first, a}, std::pair{&second, b}})
    if (!figure) lacking.push_back(product->name());
  answer.summary =
      lacking.empty()
          ? "Both were measured, but on different rigs, whose figures do not compare."
          : fmt::format("The catalogue has no measured response of {}.", fmt::join(lacking, " or "));
  answer.changes.push_back(
      "Two measurements of one rig settle it: gainstage advise ask better A.txt B.txt --target TARGET.csv");
  return answer;
}

Answer nearerToNeutral(const Response& first, const Response& second, const Response* target) {
  return judged(first.name, deviationDb(first, target), second.name, deviationDb(second, target),
                target ? "target " + target->name : std::string("target flat"), {}, {});
}

}  // namespace gainstage::advise
