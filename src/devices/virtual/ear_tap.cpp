#include "devices/virtual/ear_tap.h"

#include "analog/gear/levels.h"
#include "core/realtime.h"

namespace gainstage::devices {

EarTap::EarTap(std::vector<OutputStage> stages, std::shared_ptr<OutputSink> played,
               std::shared_ptr<OutputSink> ear, EarUnit unit)
    : stages_(std::move(stages)), played_(std::move(played)), ear_(std::move(ear)), unit_(unit) {}

void EarTap::formatChanged(const DeviceFormat& format) {
  simulations_.clear();
  for (const OutputStage& stage : stages_) {
    auto& simulation = simulations_.emplace_back();
    if (stage.firstChannel + stage.channels - 1 > format.outputs) continue;
    simulation = std::make_unique<analog::OutputSimulation>();
    simulation->prepare(format.sampleRate, stage.design, stage.channels);
  }
  heard_ = AudioBuffer(format.outputs, format.blockFrames);
  if (played_) played_->formatChanged(format);
  ear_->formatChanged(format);
}

bool EarTap::write(ConstAudioView outputs, FrameTime frame) noexcept {
  const AudioView heard = heard_.view(outputs.frames());
  {
    const RealtimeScope denormalsOff;
    heard.clear();
    for (std::size_t s = 0; s < stages_.size(); ++s) {
      if (!simulations_[s]) continue;
      const OutputStage& stage = stages_[s];
      const AudioView volts = heard.channelRange(stage.firstChannel - 1, stage.channels);
      simulations_[s]->process(outputs.channelRange(stage.firstChannel - 1, stage.channels), volts);
      if (unit_ == EarUnit::volts) continue;
      const auto sensitivity = stage.design.headphone.sensitivityDbPerV;
      const float pascalsPerVolt =
          sensitivity ? static_cast<float>(analog::pascalFromSpl(*sensitivity)) : 0.0f;
      for (int c = 0; c < stage.channels; ++c)
        for (float& sample : volts.channel(c)) sample *= pascalsPerVolt;
    }
  }
  const bool goesOn = !played_ || played_->write(outputs, frame);
  return ear_->write(heard, frame) && goesOn;
}

}  // namespace gainstage::devices
