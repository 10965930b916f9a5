#pragma once

#include <vector>

#include "neural/network.h"
#include "support/audio.h"

namespace gainstage::neural {

/// A Sequence played in double precision by the text book, one number at a time: what the kernels are held
/// against. Starts from the file's own state; conv1d's past is 0 where `parameters` do not fill it.
class ExactSequence {
 public:
  explicit ExactSequence(const Sequence& network);

  /// channels x frames; further calls go on from there.
  std::vector<std::vector<double>> play(const testing::Mono& in);

 private:
  struct State {
    std::vector<double> units, cells;
    std::vector<std::vector<double>> past;  // rows, the newest last
  };
  std::vector<double> step(const Lstm& lstm, State& state, const std::vector<double>& in) const;
  std::vector<double> step(const Gru& gru, State& state, const std::vector<double>& in) const;
  std::vector<double> step(const Activated& layer, State& state, const std::vector<double>& in) const;

  Sequence network_;
  std::vector<State> states_;
};

/// 10 log10 of the error's energy, of the reference's.
template <typename Reference>
double errorDb(const testing::Mono& out, const Reference& reference) {
  double error = 0.0, energy = 0.0;
  for (std::size_t n = 0; n < out.size(); ++n) {
    const double wanted = static_cast<double>(reference[n]);
    error += (static_cast<double>(out[n]) - wanted) * (static_cast<double>(out[n]) - wanted);
    energy += wanted * wanted;
  }
  return testing::decibels(std::sqrt(error / energy));
}

}  // namespace gainstage::neural
