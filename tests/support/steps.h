#pragma once

#include <gtest/gtest.h>
#include <initializer_list>
#include <span>

#include "core/units.h"

namespace gainstage::testing {

/// Frames during which one settled output becomes another: from the first that may differ to the first that
/// is settled again.
struct Transition {
  FrameCount begins = 0, ends = 0;
};

/// "No step larger than the signal's own": within each transition, from the frame before it to the frame
/// after, |y[n] - y[n-1]| stays below `factor` times the largest such step of the settled outputs directly
/// before and after it. Says where it does not. Settled outputs must be at least 2 frames long, and move: one
/// that stands still before and after (silence to silence) allows no more than 1e-6.
::testing::AssertionResult makesNoStep(std::span<const float> samples,
                                       std::initializer_list<Transition> transitions, double factor = 1.5);
::testing::AssertionResult makesNoStep(std::span<const float> samples,
                                       std::span<const Transition> transitions, double factor = 1.5);

}  // namespace gainstage::testing
