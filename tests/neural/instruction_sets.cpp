#include "neural/instruction_sets.h"

#include <gtest/gtest.h>
#include <hwy/targets.h>

namespace gainstage::neural {

void onEveryInstructionSet(const std::function<void()>& check) {
  const auto targets = hwy::SupportedAndGeneratedTargets();
  ASSERT_GE(targets.size(), 2u);
  for (const std::int64_t target : targets) {
    SCOPED_TRACE(hwy::TargetName(target));
    hwy::GetChosenTarget().Update(target);
    check();
  }
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

}  // namespace gainstage::neural
