#include "dsp/convolver/convolver.h"
#include "neural/programs.h"

namespace gainstage::neural {
namespace {

class LinearPlayer final : public Player {
 public:
  explicit LinearPlayer(const Linear& network) : bias_(network.bias) {
    convolver_.prepare({1, 1, {network.response}, {{0, 0, 0}}});
  }

  void settle() noexcept override { convolver_.reset(); }

  void process(ConstAudioView in, AudioView out) noexcept override {
    convolver_.process(in, out);
    for (float& sample : out.channel(0)) sample += bias_;
  }

 private:
  dsp::Convolver convolver_;
  float bias_;
};

class LinearProgram final : public Program {
 public:
  explicit LinearProgram(const Linear& network) : network_(network) {}

  int inputs() const noexcept override { return 1; }
  int outputs() const noexcept override { return 1; }

  Cost cost() const noexcept override {
    const std::size_t taps = network_.response.size();
    return {.multiplyAdds = static_cast<double>(taps),
            .receptiveFieldFrames = static_cast<FrameCount>(taps),
            .weightBytes = taps * sizeof(float),
            // A convolver's own: spectra of the response and of as much past, two floats for each tap.
            .stateBytes = 4 * taps * sizeof(float)};
  }

  std::unique_ptr<Player> makePlayer() const override { return std::make_unique<LinearPlayer>(network_); }

 private:
  Linear network_;
};

}  // namespace

std::shared_ptr<const Program> makeLinearProgram(const Linear& network) {
  return std::make_shared<LinearProgram>(network);
}

}  // namespace gainstage::neural
