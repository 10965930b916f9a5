#pragma once

#include <string_view>

#include "advise/catalogue.h"

/// `gainstage advise list`, `show` and `figures`. Each gives the exit code.
namespace gainstage::app {

int printList(const advise::Catalogue& catalogue, std::string_view kind, bool json);
int printProduct(const advise::Catalogue& catalogue, std::string_view name, bool json);
int printFigures(bool json);

}  // namespace gainstage::app
