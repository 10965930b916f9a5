#include "neural/files/nam_wavenet_layer.h"

#include <algorithm>
#include <fmt/format.h>

#include "neural/files/convolutions.h"

namespace gainstage::neural::files {
namespace {

constexpr std::array<std::string_view, kFilmPlaces> kFilmKeys = {
    "conv_pre_film",       "conv_post_film",       "input_mixin_pre_film", "input_mixin_post_film",
    "activation_pre_film", "activation_post_film", "layer1x1_post_film",   "head1x1_post_film"};

NamPart readOptional(Fields& array, std::string_view key, NamPart otherwise) {
  const Json* json = array.find(key);
  if (!json) return otherwise;
  Fields fields(*json, array.pathOf(key), array.reading());
  NamPart read{.active = fields.flag("active", true), .groups = fields.size("groups", kMaxChannels, 1)};
  if (otherwise.outputs > 0) {
    const Json* outputs = fields.find("out_channels");  // said, but of no meaning, where it is not active
    read.outputs = outputs && read.active ? fields.size("out_channels", kMaxChannels) : otherwise.outputs;
  }
  fields.finish();
  return read;
}

NamPart readFilm(Fields& array, std::string_view key) {
  const Json* json = array.find(key);
  if (!json || *json == false) return {};
  Fields fields(*json, array.pathOf(key), array.reading());
  const NamPart read{.active = fields.flag("active", true),
                     .shift = fields.flag("shift", true),
                     .groups = fields.size("groups", kMaxChannels, 1)};
  fields.finish();
  return read;
}

std::optional<Film> makeFilm(const NamPart& film, int condition, int channels, const std::string& path,
                             Reading& reading) {
  if (!film.active) return std::nullopt;
  return Film{makeConvolution(
                  {.inputs = condition, .outputs = (film.shift ? 2 : 1) * channels, .groups = film.groups},
                  path, reading),
              film.shift};
}

}  // namespace

NamLayers readNamLayers(Fields& array) {
  NamLayers common{.condition = array.size("condition_size", kMaxChannels),
                   .channels = array.size("channels", kMaxChannels)};
  common.bottleneck = array.size("bottleneck", kMaxChannels, common.channels);
  common.groupsInput = array.size("groups_input", kMaxChannels, 1);
  common.groupsMixin = array.size("groups_input_mixin", kMaxChannels, 1);
  common.layer1x1 = readOptional(array, "layer1x1", {.active = true});
  common.head1x1 = readOptional(array, "head1x1", {.outputs = common.channels});
  for (std::size_t place = 0; place < kFilmPlaces; ++place)
    common.films[place] = readFilm(array, kFilmKeys[place]);
  if (array.reading().failed()) return common;
  if (!common.layer1x1.active && common.bottleneck != common.channels)
    array.refuse("bottleneck", fmt::format("is {}, but without layer1x1 it must be the {} channels",
                                           common.bottleneck, common.channels));
  const auto needs = [&](FilmPlace place, bool there, std::string_view what) {
    const auto index = static_cast<std::size_t>(place);
    if (common.films[index].active && !there)
      array.refuse(kFilmKeys[index], fmt::format("is active, but {} is not", what));
  };
  needs(FilmPlace::afterLayer1x1, common.layer1x1.active, "layer1x1");
  needs(FilmPlace::afterHead1x1, common.head1x1.active, "head1x1");
  return common;
}

bool NamLayers::hasGroups() const {
  const auto grouped = [](const NamPart& part) { return part.active && part.groups > 1; };
  return groupsInput > 1 || groupsMixin > 1 || grouped(layer1x1) || grouped(head1x1) ||
         std::ranges::any_of(films, grouped);
}

void makeParts(WaveNetLayer& layer, const NamLayers& common, int kernel, int dilation, Fields& array) {
  Reading& reading = array.reading();
  const int inner = common.bottleneck * (layer.gating == Gating::none ? 1 : 2);
  layer.convolution = makeConvolution({.inputs = common.channels,
                                       .outputs = inner,
                                       .kernel = kernel,
                                       .dilation = dilation,
                                       .groups = common.groupsInput},
                                      array.pathOf("groups_input"), reading);
  layer.mixin = makeConvolution({.inputs = common.condition, .outputs = inner, .groups = common.groupsMixin},
                                array.pathOf("groups_input_mixin"), reading);
  const auto matrix = [&](const NamPart& part, int outputs, std::string_view key) {
    return part.active ? std::optional(makeConvolution(
                             {.inputs = common.bottleneck, .outputs = outputs, .groups = part.groups},
                             array.pathOf(key), reading))
                       : std::nullopt;
  };
  layer.layer1x1 = matrix(common.layer1x1, common.channels, "layer1x1");
  layer.head1x1 = matrix(common.head1x1, common.head1x1.outputs, "head1x1");
  const std::array<int, kFilmPlaces> widths = {
      common.channels,   inner,           common.condition,      inner, inner,
      common.bottleneck, common.channels, common.head1x1.outputs};
  for (std::size_t place = 0; place < kFilmPlaces; ++place)
    layer.films[place] = makeFilm(common.films[place], common.condition, widths[place],
                                  array.pathOf(kFilmKeys[place]), reading);
}

}  // namespace gainstage::neural::files
