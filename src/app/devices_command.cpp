#include "app/devices_command.h"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "devices/devices.h"

namespace gainstage::app {

void addDevicesCommand(CLI::App& app, int& exitCode) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("devices", "What can be opened, and what it offers");
  command->add_flag("--json", *json, "One JSON object instead of text");
  command->footer("Example: gainstage devices");
  command->callback([json, &exitCode] {
    auto all = nlohmann::ordered_json::array();
    for (const devices::DeviceListing& device : devices::listDevices()) {
      const auto count = [](int channels) {
        return channels < 0 ? nlohmann::ordered_json() : nlohmann::ordered_json(channels);
      };
      all.push_back({{"id", device.id},
                     {"name", device.name},
                     {"offers", device.offers},
                     {"answers", device.answers},
                     {"inputs", count(device.inputs)},
                     {"outputs", count(device.outputs)},
                     {"hasClock", device.hasClock},
                     {"inputsAreLive", device.inputsAreLive}});
      if (!*json)
        fmt::print("{:<14} {}{}\n{:14} {}\n", device.id, device.name,
                   device.answers ? "" : "  [does not answer]", "", device.offers);
    }
    if (*json) fmt::print("{}\n", nlohmann::ordered_json{{"devices", all}}.dump());
    exitCode = 0;
  });
}

}  // namespace gainstage::app
