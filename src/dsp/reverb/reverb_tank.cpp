#include "dsp/reverb/reverb_tank.h"

#include <array>

#include "dsp/reverb/diffuser.h"
#include "dsp/reverb/plate.h"
#include "dsp/reverb/reverb_network.h"
#include "dsp/reverb/room.h"
#include "dsp/reverb/springs.h"

namespace gainstage::dsp {
namespace {

class Hall final : public ReverbTank {
 public:
  void prepare(const StreamFormat& format) override {
    // Two sets without a common ratio, about 30 ms in all: the network's echoes are dense 70 ms after the
    // first.
    diffusers_[0].prepare(format, {2.7, 4.9, 8.3, 13.1});
    diffusers_[1].prepare(format, {3.1, 5.3, 7.9, 12.3});
    network_.prepare(format);
  }
  void setDecay(double seconds, double dampingHz) noexcept override { network_.setDecay(seconds, dampingHz); }
  void reset() noexcept override {
    for (Diffuser& diffuser : diffusers_) diffuser.reset();
    network_.reset();
  }
  void process(std::span<float> left, std::span<float> right, std::span<float> outLeft,
               std::span<float> outRight) noexcept override {
    diffusers_[0].process(left);
    diffusers_[1].process(right);
    network_.process(left, right, outLeft, outRight);
  }
  float decayOver16Frames() const noexcept override { return network_.decayOverGrid(); }

 private:
  std::array<Diffuser, 2> diffusers_;
  ReverbNetwork network_;
};

}  // namespace

std::unique_ptr<ReverbTank> makeHall() { return std::make_unique<Hall>(); }
std::unique_ptr<ReverbTank> makePlate() { return std::make_unique<Plate>(); }
std::unique_ptr<ReverbTank> makeSprings() { return std::make_unique<Springs>(); }
std::unique_ptr<ReverbTank> makeRoom() { return std::make_unique<Room>(); }

}  // namespace gainstage::dsp
