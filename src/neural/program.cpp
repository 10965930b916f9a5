#include <algorithm>

#include "neural/programs.h"
#include "neural/wavenet/slimming.h"

namespace gainstage::neural {
namespace {

const Network& networkAt(const Sizes& sizes, double size) {
  const auto found =
      std::ranges::find_if(sizes.entries, [&](const auto& entry) { return size < entry.maximumSize; });
  return *(found == sizes.entries.end() ? sizes.entries.back() : *found).network;
}

struct Make {
  double size;

  std::shared_ptr<const Program> operator()(const WaveNet& net) const {
    return makeWaveNetProgram(cutToSize(net, size));
  }
  std::shared_ptr<const Program> operator()(const ConvNet& net) const { return makeConvNetProgram(net); }
  std::shared_ptr<const Program> operator()(const Linear& linear) const { return makeLinearProgram(linear); }
  std::shared_ptr<const Program> operator()(const Sequence& sequence) const {
    return makeSequenceProgram(sequence);
  }
  std::shared_ptr<const Program> operator()(const Sizes& sizes) const {
    return makeProgram(networkAt(sizes, size));
  }
};

}  // namespace

std::shared_ptr<const Program> makeProgram(const Network& network, double size) {
  return std::visit(Make{size}, network.kind);
}

}  // namespace gainstage::neural
