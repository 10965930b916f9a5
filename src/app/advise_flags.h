#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "advise/questions.h"

namespace gainstage::app {

/// Everything that `gainstage advise` can be told.
struct AdviseFlags {
  advise::OwnerWords owner;
  advise::Wishes wishes;
  advise::BufferSetting buffer;
  bool json = false, explain = false, all = false, interactive = false;
  bool phantom = false, midi = false, directMonitoring = false, classCompliant = false, converter = false;
  std::string power;               ///< bus, mains
  std::string from;                ///< the output in question
  std::string what;                ///< a kind, a topic
  std::vector<std::string> names;  ///< of gear, or of files
  std::string target;
  double metres = 0.0;  ///< 0: not said
  double speakerOhm = 8.0, sourceSpl = 100.0, roomNoiseDba = 30.0, cableMetres = 3.0;
  std::optional<double> amplifierPrice;
};

/// What any of the subcommands takes.
void addOwnerOptions(CLI::App& command, AdviseFlags& flags);
void addWishOptions(CLI::App& command, AdviseFlags& flags);

/// The first wish that was made and of which products of that kind have no figure; empty: none.
std::string_view strayWish(const AdviseFlags& flags, advise::Kind kind);

}  // namespace gainstage::app
