#pragma once

#include <memory>
#include <vector>

#include "neural/player.h"
#include "support/audio.h"

/// Programs that are no networks, but simple enough to know what they must give.
namespace gainstage::neural::testing {

/// y = gain x + offset, + feedback times the output `delay` frames ago.
struct PlainLaw {
  float gain = 1.0f, offset = 0.0f, feedback = 0.0f;
  std::size_t delay = 1;
};

class PlainPlayer final : public Player {
 public:
  explicit PlainPlayer(const PlainLaw& law) : law_(law), past_(law.delay) { settle(); }
  void settle() noexcept override {
    at_ = 0;
    for (float& sample : past_) sample = law_.offset / (1.0f - law_.feedback);
  }
  void process(ConstAudioView in, AudioView out) noexcept override {
    for (std::size_t n = 0; n < in.channel(0).size(); ++n) {
      float& past = past_[at_++ % past_.size()];
      past = law_.gain * in.channel(0)[n] + law_.offset + law_.feedback * past;
      out.channel(0)[n] = past;
    }
  }

 private:
  PlainLaw law_;
  std::vector<float> past_;
  std::size_t at_ = 0;
};

class PlainProgram final : public Program {
 public:
  explicit PlainProgram(const PlainLaw& law = {}) : law_(law) {}
  int inputs() const noexcept override { return 1; }
  int outputs() const noexcept override { return 1; }
  Cost cost() const noexcept override { return {.multiplyAdds = 2.0, .receptiveFieldFrames = 1}; }
  std::unique_ptr<Player> makePlayer() const override { return std::make_unique<PlainPlayer>(law_); }

 private:
  PlainLaw law_;
};

/// In blocks, under the trap. [control]
inline gainstage::testing::Mono render(Player& player, const gainstage::testing::Mono& in,
                                       FrameCount block = 64, unsigned seed = 0) {
  gainstage::testing::Signal io{in};
  gainstage::testing::renderInPlace(
      io, gainstage::testing::splits(static_cast<FrameCount>(in.size()), block, seed),
      [&](AudioView view) { player.process(view, view); });
  return io[0];
}

}  // namespace gainstage::neural::testing
