#include "app/devices_command.h"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/folders.h"
#include "app/report.h"
#include "control/describe_device.h"
#include "devices/devices.h"
#include "formats/json_text.h"
#include "formats/text_file.h"

namespace gainstage::app {
namespace {

struct Description {
  control::DescriptionRequest request;
  std::string out;
};

int describe(const Description& wanted) {
  const std::filesystem::path own = dataFolder();
  const auto catalogue = advise::Catalogue::withOwn(own.empty() ? own : own / "catalogue");
  if (!catalogue) return fail(catalogue.error());
  const auto file = control::describeDevice(*catalogue, wanted.request);
  if (!file) return fail(file.error());
  const std::string text = formats::readableText(file->document);
  if (wanted.out.empty())
    fmt::print("{}", text);
  else if (const auto written = formats::writeFileAtomically(wanted.out, text); !written)
    return fail(written.error());
  for (const std::string& note : file->notes) fmt::print(stderr, "{}\n", note);
  return 0;
}

}  // namespace

void addDevicesCommand(CLI::App& app, int& exitCode) {
  auto json = std::make_shared<bool>(false);
  auto wanted = std::make_shared<Description>();
  CLI::App* command = app.add_subcommand("devices", "What can be opened, and what it offers");
  command->add_flag("--json", *json, "One JSON object instead of text");
  auto* describes = command->add_option("--describe", wanted->request.interfaceName,
                                        "Write an interface of the catalogue as a virtual one");
  describes->type_name("NAME");
  command->add_option("--microphone", wanted->request.microphone, "In its second input")
      ->type_name("NAME")
      ->needs(describes);
  command->add_option("--headphones", wanted->request.headphones, "On its outputs")
      ->type_name("NAME")
      ->needs(describes);
  command->add_option("-o,--out", wanted->out, "To this file; else to standard output")
      ->type_name("FILE.json")
      ->needs(describes);
  command->footer(
      "Examples:\n"
      "  gainstage devices                                         what can be opened\n"
      "  gainstage devices --describe \"Scarlett 2i2\" -o 2i2.json   a real interface to try in simulation:\n"
      "  gainstage run --device virtual:2i2.json");
  command->callback([json, wanted, &exitCode] {
    if (!wanted->request.interfaceName.empty()) {
      exitCode = describe(*wanted);
      return;
    }
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
