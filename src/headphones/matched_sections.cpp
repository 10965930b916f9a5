#include "headphones/matched_sections.h"

#include <algorithm>
#include <array>

#include "headphones/least_squares.h"

namespace gainstage::headphones {
namespace {

constexpr double kGoodEnoughDb = 0.002;  // of twenty filters, 0.04 if all erred the same way
constexpr int kMostSections = 4;
// How many frequencies count: all over the band, around the filter's own, above the band.
constexpr int kSpread = 220, kNear = 60, kAbove = 80;
constexpr double kWeightAbove = 0.003;
// What stands out above the band by more than 1.5 dB, and poles of less than a quarter of the filter's
// damping, which would ring longer than it does, cost this much a dB and a neper.
constexpr double kWeightOfExcess = 0.03, kMostAboveDb = 1.5;
constexpr double kWeightOfRinging = 1.0, kLeastDampingShare = 0.25;
/// Where one section more may begin, in parts of the lower rate: in the order in which they help most often.
constexpr std::array<double, 4> kStarts{0.4, 0.25, 0.45, 0.12};
constexpr double kFaint = 0.01;  // -40 dB: below it, errors count less and less
const double kDbPerLog = 10.0 / std::log(10.0);

double decibels(double squared) { return kDbPerLog * std::log(std::max(squared, 1e-30)); }

/// What the new sections have to be, frequency by frequency.
struct Wanted {
  std::vector<double> w, gainDb, weight;  // W at the new rate
  std::size_t within = 0;                 // how many lie below kMatchedToHz
  double highestDb = 0.0;                 // of all wanted
  double damping = 1.0;                   // of the filter's own poles, 1 at most
};

Wanted wantedOf(const formats::EqFilter& filter, double fromHz, double toHz) {
  const EqSection section = cookbookSection(filter, fromHz);
  const double top = std::min({kMatchedToHz, 0.45 * toHz, 0.45 * fromHz});
  std::vector<double> frequencies;
  for (int i = 0; i < kSpread; ++i) {
    const double share = i / (kSpread - 1.0);
    frequencies.push_back(i % 2 == 0 ? 10.0 * std::pow(top / 10.0, share) : top * share);
  }
  for (int i = 0; i < kNear; ++i) {
    const double octaves = 3.0 / std::max(filter.q, 0.3) * (2.0 * i / (kNear - 1.0) - 1.0);
    const double frequency = filter.frequencyHz * std::exp2(octaves);
    if (frequency < top) frequencies.push_back(frequency);
  }
  Wanted wanted;
  const auto add = [&](double frequency, double weight) {
    const double squared = section.squaredGain(warpedOf(std::min(frequency, 0.499 * fromHz), fromHz));
    wanted.w.push_back(warpedOf(frequency, toHz));
    wanted.gainDb.push_back(decibels(squared));
    wanted.weight.push_back(weight * std::min(1.0, std::sqrt(squared) / kFaint));
  };
  for (const double frequency : frequencies) add(frequency, 1.0);
  wanted.within = frequencies.size();
  // Where nothing is asked for nothing must run wild either: the last value counts on, lightly.
  for (int i = 1; i <= kAbove; ++i) add(top + (0.495 * toHz - top) * i / kAbove, kWeightAbove);
  wanted.highestDb = std::max(0.0, *std::ranges::max_element(wanted.gainDb));
  wanted.damping = std::min(section.damping, 1.0);
  return wanted;
}

/// A section by logarithms, so that whatever a search tries is stable and of minimum phase.
/// Poles and zeros each: their W and their damping.
enum Place { kZeroW, kZeroDamping, kPoleW, kPoleDamping, kPlaces };

struct Shape {
  int zerosAtDc = 0;      // 2: a high-pass, 1: a band-pass
  bool undamped = false;  // zeros on the unit circle: a notch
};

/// (1 - x^2)^2 + damping^2 x^2, x = W / w, and how its dB change with the logarithms of w and damping.
struct Pair {
  double squared, byW, byDamping;
};
Pair pairAt(double w, double logW, double logDamping) {
  const double x2 = w * w * std::exp(-2.0 * logW), d2 = std::exp(2.0 * logDamping);
  const double below = 1.0 - x2, squared = std::max(below * below + d2 * x2, 1e-30);
  return {squared, kDbPerLog * (4.0 * x2 * below - 2.0 * d2 * x2) / squared,
          kDbPerLog * 2.0 * d2 * x2 / squared};
}
/// The same for one zero at 0 Hz and one at w: x^2 (1 + x^2) over w, x^2 alone for two at 0 Hz.
Pair zerosAt(double w, const double* at, const Shape& shape) {
  if (shape.zerosAtDc == 2) return {w * w * w * w, 0.0, 0.0};
  if (shape.zerosAtDc == 1) {
    const double x2 = w * w * std::exp(-2.0 * at[kZeroW]);
    return {w * w * (1.0 + x2), kDbPerLog * -2.0 * x2 / (1.0 + x2), 0.0};
  }
  Pair pair = pairAt(w, at[kZeroW], at[kZeroDamping]);
  if (shape.undamped) pair.byW = pair.byDamping = 0.0;
  return pair;
}

class Search {
 public:
  Search(const Wanted& wanted, const Shape& first) : wanted_(wanted), shape_(first) {}

  double squaredGain(const Eigen::VectorXd& at, double w) const {
    double squared = std::exp(2.0 * at[0]);
    for (Eigen::Index i = 1; i < at.size(); i += kPlaces) {
      const double* const place = at.data() + i;
      squared *= zerosAt(w, place, i == 1 ? shape_ : Shape{}).squared /
                 pairAt(w, place[kPoleW], place[kPoleDamping]).squared;
    }
    return squared;
  }

  void run(Eigen::VectorXd& at) const {
    const auto rows = static_cast<Eigen::Index>(wanted_.w.size()) + (at.size() - 1) / kPlaces;
    leastSquares(at, rows,
                 [this](const auto& p, auto& residuals, auto& slopes) { fill(p, residuals, slopes); },
                 {.steps = 120, .enough = 1e-6});
  }

  double worstDb(const Eigen::VectorXd& at) const {
    double worst = 0.0;
    for (std::size_t k = 0; k < wanted_.within; ++k)
      worst = std::max(
          worst, wanted_.weight[k] * std::abs(decibels(squaredGain(at, wanted_.w[k])) - wanted_.gainDb[k]));
    return worst;
  }

  std::vector<EqSection> sections(const Eigen::VectorXd& at) const;

 private:
  void fill(const Eigen::VectorXd& at, Eigen::VectorXd& residuals, Eigen::MatrixXd& slopes) const {
    for (std::size_t k = 0; k < wanted_.w.size(); ++k) {
      const auto row = static_cast<Eigen::Index>(k);
      const double weight = wanted_.weight[k];
      double squared = std::exp(2.0 * at[0]);
      slopes(row, 0) = weight * 2.0 * kDbPerLog;
      for (Eigen::Index i = 1; i < at.size(); i += kPlaces) {
        const double* const place = at.data() + i;
        const Pair zeros = zerosAt(wanted_.w[k], place, i == 1 ? shape_ : Shape{});
        const Pair poles = pairAt(wanted_.w[k], place[kPoleW], place[kPoleDamping]);
        squared *= zeros.squared / poles.squared;
        slopes(row, i + kZeroW) = weight * zeros.byW;
        slopes(row, i + kZeroDamping) = weight * zeros.byDamping;
        slopes(row, i + kPoleW) = -weight * poles.byW;
        slopes(row, i + kPoleDamping) = -weight * poles.byDamping;
      }
      const double gain = decibels(squared), excess = gain - wanted_.highestDb - kMostAboveDb;
      residuals[row] = weight * (gain - wanted_.gainDb[k]);
      if (k < wanted_.within || excess <= 0.0) continue;
      residuals[row] += kWeightOfExcess * excess;
      slopes.row(row) *= 1.0 + kWeightOfExcess / weight;
    }
    holdDamping(at, residuals, slopes);
  }

  void holdDamping(const Eigen::VectorXd& at, Eigen::VectorXd& residuals, Eigen::MatrixXd& slopes) const {
    const auto first = static_cast<Eigen::Index>(wanted_.w.size());
    for (Eigen::Index i = 1, row = first; i < at.size(); i += kPlaces, ++row) {
      const double missing = std::log(kLeastDampingShare * wanted_.damping) - at[i + kPoleDamping];
      residuals[row] = kWeightOfRinging * std::max(missing, 0.0);
      slopes.row(row).setZero();
      slopes(row, i + kPoleDamping) = missing > 0.0 ? -kWeightOfRinging : 0.0;
    }
  }

  const Wanted& wanted_;
  Shape shape_;
};

std::vector<EqSection> Search::sections(const Eigen::VectorXd& at) const {
  std::vector<EqSection> sections;
  for (Eigen::Index i = 1; i < at.size(); i += kPlaces) {
    const double* const place = at.data() + i;
    const double gain = i == 1 ? std::exp(at[0]) : 1.0;
    const double pole = std::exp(place[kPoleW]), ratio = pole / std::exp(place[kZeroW]);
    EqSection section{.damping = std::exp(place[kPoleDamping]), .warped = pole};
    const Shape shape = i == 1 ? shape_ : Shape{};
    if (shape.zerosAtDc == 2) {
      section.n2 = gain * pole * pole, section.n1 = section.n0 = 0.0;
    } else if (shape.zerosAtDc == 1) {
      section.n2 = gain * pole * ratio, section.n1 = gain * pole, section.n0 = 0.0;
    } else {
      section.n2 = gain * ratio * ratio, section.n0 = gain;
      section.n1 = shape.undamped ? 0.0 : gain * std::exp(place[kZeroDamping]) * ratio;
    }
    sections.push_back(section);
  }
  return sections;
}

/// Where the search begins: poles and zeros at the same frequencies as at `fromHz`.
Eigen::VectorXd beginning(const EqSection& section, const Shape& shape, double fromHz, double toHz) {
  const double highest = warpedOf(0.48 * toHz, toHz), lowest = warpedOf(0.1, toHz);
  const auto moved = [&](double w) {
    const double hertz = std::atan(w) * fromHz / std::numbers::pi;
    return hertz >= 0.48 * toHz ? highest : std::max(warpedOf(hertz, toHz), lowest);
  };
  Eigen::VectorXd at = Eigen::VectorXd::Zero(1 + kPlaces);
  double* const place = at.data() + 1;
  const double pole = moved(section.warped);
  place[kPoleW] = std::log(pole);
  place[kPoleDamping] = std::log(section.damping);
  if (shape.zerosAtDc == 2) {
    at[0] = std::log(section.n2) - 2.0 * std::log(pole);
  } else if (shape.zerosAtDc == 1) {
    at[0] = std::log(section.n1) - std::log(pole);
    place[kZeroW] = std::log(moved(warpedOf(0.499 * fromHz, fromHz)));
  } else if (section.n2 == 0.0) {  // a low-pass: its zeros lie at half of `fromHz`
    place[kZeroW] = std::log(moved(warpedOf(0.499 * fromHz, fromHz)));
    place[kZeroDamping] = std::log(0.1);
  } else {
    at[0] = std::log(section.n0);
    place[kZeroW] = std::log(moved(section.warped * std::sqrt(section.n0 / section.n2)));
    place[kZeroDamping] = section.n1 > 0.0 ? std::log(section.n1 / std::sqrt(section.n0 * section.n2)) : 0.0;
  }
  if (shape.undamped)
    place[kZeroDamping] = -40.0;
  else if (section.n1 == 0.0 && section.n2 != 0.0 && shape.zerosAtDc == 0)
    place[kZeroDamping] = std::log(0.1);
  return at;
}

/// One section more, that does nothing yet: its poles and zeros lie together, apart enough to be told apart.
Eigen::VectorXd withOneMore(const Eigen::VectorXd& at, double hertz, double toHz) {
  Eigen::VectorXd more(at.size() + kPlaces);
  const double w = std::log(warpedOf(hertz, toHz));
  more << at, w, 0.3, w + 0.01, 0.29;
  return more;
}

}  // namespace

std::vector<EqSection> matchedSections(const formats::EqFilter& filter, double fromHz, double toHz) {
  using enum formats::EqFilterType;
  if (fromHz == toHz) return {cookbookSection(filter, fromHz)};
  if (filter.type == allPass)
    return filter.frequencyHz < 0.49 * toHz ? std::vector{cookbookSection(filter, toHz)}
                                            : std::vector<EqSection>{};
  const bool hasGain = filter.type == peak || filter.type == lowShelf || filter.type == highShelf;
  if (hasGain && filter.gainDb == 0.0) return {};
  const Shape shape{.zerosAtDc = filter.type == highPass   ? 2
                                 : filter.type == bandPass ? 1
                                                           : 0,
                    .undamped = filter.type == notch && filter.frequencyHz < 0.48 * toHz};
  const Wanted wanted = wantedOf(filter, fromHz, toHz);
  const Search search(wanted, shape);
  Eigen::VectorXd best = beginning(cookbookSection(filter, fromHz), shape, fromHz, toHz);
  search.run(best);
  for (int sections = 2; sections <= kMostSections && search.worstDb(best) > kGoodEnoughDb; ++sections) {
    const Eigen::VectorXd fewer = best;
    for (const double share : kStarts) {
      Eigen::VectorXd more = withOneMore(fewer, share * std::min(toHz, formats::kEqFileRateHz), toHz);
      search.run(more);
      if (search.worstDb(more) < search.worstDb(best)) best = more;
      if (search.worstDb(best) <= kGoodEnoughDb) break;
    }
    if (best.size() == fewer.size()) break;
  }
  return search.sections(best);
}

}  // namespace gainstage::headphones
