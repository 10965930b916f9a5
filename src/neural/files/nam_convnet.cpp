#include <fmt/format.h>

#include "neural/files/activations.h"
#include "neural/files/convolutions.h"
#include "neural/files/nam.h"
#include "neural/files/normalisation.h"
#include "neural/files/weights.h"

namespace gainstage::neural::files {
namespace {

// The trainer's only kernel for this architecture; the files do not say it.
constexpr int kConvNetKernel = 2;

void planNormalisation(Normalisation& normalisation, int channels, WeightPlan& plan) {
  plan.add(normalisation.mean, channels);
  plan.add(normalisation.variance, channels);
  plan.add(normalisation.scale, channels);
  plan.add(normalisation.offset, channels);
  plan.add(normalisation.epsilon);
}

}  // namespace

ConvNet readConvNet(Fields& model, Reading& reading) {
  Fields config = configOf(model);
  const int channels = config.size("channels", kMaxChannels);
  const auto dilations = config.sizes("dilations", kMaxReceptiveField);
  const Json* activation = config.require("activation");
  config.require("batchnorm");
  const bool normalised = config.flag("batchnorm", false);
  const int groups = config.size("groups", kMaxChannels, 1);
  const int inputs = config.size("in_channels", kMaxChannels, 1);
  const int outputs = config.size("out_channels", kMaxChannels, 1);
  config.finish();
  if (reading.failed()) return {};
  const Activation kind = readNamActivation(*activation, channels, config.pathOf("activation"), reading);
  ConvNet net;
  ReceptiveField field(reading);
  for (std::size_t i = 0; i < dilations.size() && !reading.failed(); ++i) {
    const Convolution sizes{.inputs = i == 0 ? inputs : channels,
                            .outputs = channels,
                            .kernel = kConvNetKernel,
                            .dilation = dilations[i],
                            .groups = groups};
    net.blocks.push_back({makeConvolution(sizes, config.pathOf("groups"), reading), kind});
    field.add(sizes, fmt::format("{}[{}]", config.pathOf("dilations"), i));
  }
  net.head = {.inputs = channels, .outputs = outputs};
  WeightPlan plan;
  std::vector<Normalisation> normalisations(net.blocks.size());
  for (std::size_t i = 0; i < net.blocks.size(); ++i) {
    plan.add(net.blocks[i].convolution, !normalised);
    if (normalised) planNormalisation(normalisations[i], channels, plan);
  }
  plan.add(net.head, true);
  if (!fillWeights(model, plan) || !normalised) return net;
  for (std::size_t i = 0; i < net.blocks.size(); ++i)
    if (!normalisations[i].foldInto(net.blocks[i].convolution) && !reading.failed())
      model.refuse("weights", fmt::format("give block {} a batch normalisation that is not finite", i));
  return net;
}

}  // namespace gainstage::neural::files
