#pragma once

#include <random>
#include <string>

#include "console/session.h"
#include "rig/rig_json.h"

/// Documents to read and sessions to write, over a few kinds of block that together have every type of
/// parameter.
namespace gainstage::console::testing {

/// "gate", "cab" (a file, a choice) and "echo" (a whole number, a toggle). They are never created.
rig::BlockList blocks();

/// A session of up to 6 strips, 4 outputs and 3 returns whose every value is drawn from its whole range.
Session randomSession(unsigned seed);

/// A hand-written session: strips gtr (with gate, cab and echo) and vox, return daw, outputs phones1 and
/// phones2.
std::string handWrittenSession();

}  // namespace gainstage::console::testing
