#include "neural/files/activations.h"

#include <array>
#include <fmt/format.h>

namespace gainstage::neural::files {
namespace {

struct Named {
  std::string_view name;
  ActivationKind kind;
};

constexpr auto kNam = std::to_array<Named>({{"Tanh", ActivationKind::tanh},
                                            {"Hardtanh", ActivationKind::hardTanh},
                                            {"Fasttanh", ActivationKind::fastTanh},
                                            {"ReLU", ActivationKind::relu},
                                            {"LeakyReLU", ActivationKind::leakyRelu},
                                            {"PReLU", ActivationKind::leakyRelu},
                                            {"Sigmoid", ActivationKind::sigmoid},
                                            {"SiLU", ActivationKind::silu},
                                            {"Hardswish", ActivationKind::hardSwish},
                                            {"LeakyHardtanh", ActivationKind::leakyHardTanh},
                                            {"LeakyHardTanh", ActivationKind::leakyHardTanh},
                                            {"Softsign", ActivationKind::softsign}});

constexpr auto kKeras = std::to_array<Named>({{"", ActivationKind::identity},
                                              {"linear", ActivationKind::identity},
                                              {"tanh", ActivationKind::tanh},
                                              {"relu", ActivationKind::relu},
                                              {"sigmoid", ActivationKind::sigmoid},
                                              {"elu", ActivationKind::elu}});

// PyTorch's own for LeakyReLU, and the reference player's for PReLU, which in PyTorch starts at 0.25.
constexpr float kDefaultSlope = 0.01f;

template <std::size_t N>
ActivationKind kindOf(std::string_view name, const std::array<Named, N>& known, const std::string& path,
                      Reading& reading) {
  const auto found = std::ranges::find(known, name, &Named::name);
  if (found != known.end()) return found->kind;
  std::vector<std::string_view> names;
  for (const Named& entry : known)
    if (!entry.name.empty()) names.push_back(entry.name);
  reading.problems.add(path, unknownName(name, names));
  return ActivationKind::identity;
}

/// A slope for each channel. Fewer are repeated, as the reference player does.
std::vector<float> readSlopes(Fields& fields, int channels) {
  const std::string path = fields.pathOf("negative_slopes");
  const Numbers read(*fields.find("negative_slopes"), path, fields.reading());
  if (fields.reading().failed()) return {kDefaultSlope};
  const auto slopes = read.values();
  if (slopes.empty() || channels % std::ssize(slopes) != 0) {
    fields.refuse("negative_slopes", fmt::format("holds {} slopes for {} channels", slopes.size(), channels));
    return {kDefaultSlope};
  }
  std::vector<float> all;
  if (slopes.size() == 1) return {slopes.front()};
  while (std::ssize(all) < channels) all.insert(all.end(), slopes.begin(), slopes.end());
  return all;
}

}  // namespace

Activation readNamActivation(const Json& value, int channels, const std::string& path, Reading& reading) {
  Activation activation;
  if (value.is_string()) {
    activation.kind = kindOf(value.get_ref<const std::string&>(), kNam, path, reading);
    if (activation.kind == ActivationKind::leakyRelu) activation.slopes = {kDefaultSlope};
    return activation;
  }
  if (!value.is_object()) {
    reading.problems.add(path, fmt::format("should be an activation's name or an object with its \"type\", "
                                           "but is {}",
                                           formats::describe(value)));
    return activation;
  }
  Fields fields(value, path, reading);
  fields.require("type");
  const std::string name = fields.text("type");
  if (reading.failed()) return activation;
  activation.kind = kindOf(name, kNam, fields.pathOf("type"), reading);
  if (activation.kind == ActivationKind::leakyRelu) {
    activation.slopes = {fields.number("negative_slope", kDefaultSlope)};
    if (name == "PReLU" && fields.has("negative_slopes") && !fields.has("negative_slope"))
      activation.slopes = readSlopes(fields, channels);
  }
  if (activation.kind == ActivationKind::leakyHardTanh) {
    activation.minimum = fields.number("min_val", activation.minimum);
    activation.maximum = fields.number("max_val", activation.maximum);
    activation.minimumSlope = fields.number("min_slope", activation.minimumSlope);
    activation.maximumSlope = fields.number("max_slope", activation.maximumSlope);
  }
  fields.finish();
  return activation;
}

Activation kerasActivation(std::string_view name, const std::string& path, Reading& reading) {
  return {.kind = kindOf(name, kKeras, path, reading)};
}

}  // namespace gainstage::neural::files
