#include "support/steps.h"

#include <algorithm>
#include <cmath>

#include "support/audio.h"

namespace gainstage::testing {

::testing::AssertionResult makesNoStep(std::span<const float> samples,
                                       std::initializer_list<Transition> transitions, double factor) {
  return makesNoStep(samples, std::span(transitions.begin(), transitions.size()), factor);
}

::testing::AssertionResult makesNoStep(std::span<const float> samples,
                                       std::span<const Transition> transitions, double factor) {
  constexpr double kInaudible = 1e-6;
  const auto total = static_cast<FrameCount>(samples.size());
  for (std::size_t i = 0; i < transitions.size(); ++i) {
    const Transition change = transitions[i];
    const FrameCount before = i > 0 ? transitions[i - 1].ends : 0;
    const FrameCount after = i + 1 < transitions.size() ? transitions[i + 1].begins : total;
    if (change.begins - before < 2 || change.ends < change.begins || after - change.ends < 2)
      return ::testing::AssertionFailure() << "transition " << i << " (" << change.begins << ".."
                                           << change.ends << ") has no settled output before or after it";
    const auto stretch = [&](FrameCount from, FrameCount to) {
      return samples.subspan(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
    };
    const double own =
        std::max(largestStep(stretch(before, change.begins)), largestStep(stretch(change.ends, after)));
    const double allowed = std::max(factor * own, kInaudible);
    for (FrameCount n = change.begins; n <= change.ends; ++n) {
      const auto at = static_cast<std::size_t>(n);
      const double step = std::abs(static_cast<double>(samples[at]) - static_cast<double>(samples[at - 1]));
      if (!(step <= allowed))
        return ::testing::AssertionFailure()
               << "a step of " << step << " at frame " << n << ", " << step / std::max(own, 1e-30)
               << " times the signal's own " << own;
    }
  }
  return ::testing::AssertionSuccess();
}

}  // namespace gainstage::testing
