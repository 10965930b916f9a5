#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "advise/catalogue.h"
#include "formats/json.h"

namespace gainstage::control {

/// What is to be described, by names of the catalogue; empty: none of that kind, and a plain one is put in.
struct DescriptionRequest {
  std::string interfaceName;
  std::string microphone;
  std::string headphones;
};

struct DeviceDescriptionFile {
  formats::OrderedJson document;   ///< as docs/virtual-interface.md has it
  std::vector<std::string> notes;  ///< figures that the catalogue lacks, and what stands in for them
};

/// A real interface of the catalogue as a virtual one: a guitar in its first input, a voice before a
/// microphone in its second, headphones on its outputs. Error (usage): no such name, with the nearest.
/// [control]
Result<DeviceDescriptionFile> describeDevice(const advise::Catalogue& catalogue,
                                             const DescriptionRequest& request);

}  // namespace gainstage::control
