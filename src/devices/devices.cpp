#include "devices/devices.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "devices/file/file_device.h"
#include "devices/jack/jack_device.h"
#include "devices/virtual/virtual_config_json.h"
#include "devices/virtual/virtual_device.h"
#include "formats/nearest_name.h"

namespace gainstage::devices {
namespace {

using MadeDevice = Result<std::unique_ptr<Device>>;

MadeDevice makeVirtual(std::string_view wanted, std::string_view file) {
  if (file.empty()) return std::unique_ptr<Device>(std::make_unique<VirtualDevice>());
  auto config = readVirtualConfig(file);
  if (!config) return config.error();
  return std::unique_ptr<Device>(std::make_unique<VirtualDevice>(*std::move(config), std::string(wanted)));
}

MadeDevice makeFile(std::string_view, std::string_view file) {
  auto device = FileDevice::make(file);
  if (!device) return device.error();
  return std::unique_ptr<Device>(*std::move(device));
}

MadeDevice makeJack(std::string_view, std::string_view server) { return makeJackDevice(std::string(server)); }

MadeDevice refuseAlsa(std::string_view wanted, std::string_view) {
  return Error{
      ErrorKind::device,
      fmt::format("The device {} cannot be opened, as this build has no ALSA: use jack, which jackd and "
                  "PipeWire serve, or virtual.",
                  wanted)};
}

struct Kind {
  std::string_view name;
  std::string_view rest;  ///< what stands after the colon, for people
  bool restIsNeeded;
  MadeDevice (*make)(std::string_view wanted, std::string_view rest);
};
constexpr std::array<Kind, 4> kKinds{{{"virtual", "FILE.json", false, makeVirtual},
                                      {"jack", "SERVER", false, makeJack},
                                      {"file", "IN.wav", true, makeFile},
                                      {"alsa", "NAME", true, refuseAlsa}}};

Error unknownKind(std::string_view wanted, std::string_view kind) {
  std::vector<std::string_view> names;
  for (const Kind& known : kKinds) names.push_back(known.name);
  const std::string near = formats::nearestName(kind, names);
  return {ErrorKind::device, fmt::format("There is no device \"{}\": {}.", wanted,
                                         near.empty() ? fmt::format("choose {}", fmt::join(names, ", "))
                                                      : fmt::format("did you mean {}?", near))};
}

}  // namespace

MadeDevice makeDevice(std::string_view wanted) {
  if (wanted.empty()) return jackServerAnswers("") ? makeDevice("jack") : makeDevice("virtual");
  const auto colon = wanted.find(':');
  const std::string_view name = wanted.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? "" : wanted.substr(colon + 1);
  const auto kind = std::ranges::find(kKinds, name, &Kind::name);
  if (kind == kKinds.end()) return unknownKind(wanted, name);
  if (rest.empty() && (kind->restIsNeeded || colon != std::string_view::npos))
    return Error{ErrorKind::usage, fmt::format("The device \"{}\" is half a name: write {}:{}.", wanted,
                                               kind->name, kind->rest)};
  return kind->make(wanted, rest);
}

std::vector<DeviceListing> listDevices() {
  const VirtualDevice builtIn;
  const DeviceDescription& own = builtIn.description();
  std::vector<DeviceListing> all;
  const bool served = jackServerAnswers("");
  all.push_back({.id = "jack",
                 .name = "JACK or PipeWire",
                 .offers = served ? "A server answers: its sound card, and ports for other programs."
                                  : "No server answers: start jackd or PipeWire.",
                 .answers = served});
  all.push_back({.id = "virtual",
                 .name = own.name,
                 .offers =
                     "No hardware: a guitar and a voice that play by themselves, two pairs of headphones. "
                     "virtual:FILE.json describes another.",
                 .inputs = own.inputs,
                 .outputs = own.outputs,
                 .inputsAreLive = own.inputsAreLive});
  all.push_back({.id = "file:IN.wav",
                 .name = "A recording",
                 .offers = "All channels of an audio file, as fast as it will run, to its end.",
                 .hasClock = false,
                 .inputsAreLive = false});
  std::stable_partition(all.begin(), all.end(), [](const DeviceListing& listing) { return listing.answers; });
  return all;
}

}  // namespace gainstage::devices
