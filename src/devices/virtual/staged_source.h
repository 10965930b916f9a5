#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/spsc_queue.h"
#include "devices/virtual/input_source.h"
#include "devices/virtual/virtual_stages.h"

namespace gainstage::devices {

/// Sources behind inputs of real parts: what the converters give. Endless: where a source has ended, its
/// input goes on to hiss.
class StagedSource final : public InputSource {
 public:
  /// `stages`: input by input, as `settings` are set; nothing, or fewer: ideal ones. [control]
  StagedSource(std::unique_ptr<InputSource> sources, std::vector<std::optional<InputStage>> stages,
               std::vector<InputSettings> settings, std::vector<Surge> surges);

  int channels() const noexcept override { return sources_->channels(); }
  Result<void> prepare(double sampleRate, bool waitsForNobody) override;
  FrameCount fill(AudioView inputs) noexcept override;
  Result<void> problem() const override { return sources_->problem(); }

  /// From the next fill() on. False: too much waits. [one control thread]
  bool set(int input, const InputSettings& settings) noexcept { return changes_.tryPush({input, settings}); }

 private:
  struct Change {
    int input = 0;
    InputSettings settings;
  };
  struct Input {
    InputStage stage;
    InputSettings settings;
    analog::InputSimulation simulation;
  };
  void surge(AudioView inputs) noexcept;

  std::unique_ptr<InputSource> sources_;
  std::vector<std::unique_ptr<Input>> inputs_;  // null: ideal
  std::vector<Surge> surges_;
  FrameTime frame_ = 0;
  SpscQueue<Change> changes_{64};
};

}  // namespace gainstage::devices
