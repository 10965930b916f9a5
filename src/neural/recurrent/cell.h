#pragma once

#include <cstddef>
#include <span>

#include "core/audio_buffer.h"
#include "neural/network.h"
#include "neural/recurrent/rows.h"

/// Recurrent layers packed for vectors, and what runs them.
///
/// Units lie along the vector. A tile is `groups` vectors of units: as many as have all gates of theirs in
/// registers at once. The weights of a tile stand in the order in which they are read, in vectors of `lanes`:
///
///     bias     | gate 0, group 0 | gate 0, group 1 | ... | gate 1, group 0 | ...
///     input 0  | the same, all of them to be multiplied by one number
///     ...
///     unit 0   | the same
///     ...
///
/// Units that fill up the last vector have weights of 0 and stay at 0.
namespace gainstage::neural {

struct Cell;

/// Runs a cell: of each row of `in` it reads `cell.inputs` numbers, of each row of `out` it writes
/// `cell.paddedUnits`. `state` holds paddedUnits for the units as they stand and as many for what else the
/// cell remembers. [audio]
using CellRun = void (*)(const Cell& cell, ConstRows in, float* state, Rows out, int frames);

/// Two in a row, the units of the first being the inputs of the second, frame by frame: while one waits for
/// its units, the processor has the other's work at hand. [audio]
using CellPairRun = void (*)(const Cell& first, const Cell& second, ConstRows in, float* firstState,
                             float* secondState, Rows between, Rows out, int frames);

/// A layout and the code for it.
struct CellCode {
  int lanes = 1;
  int groups = 1;
  CellRun run = nullptr;
  CellPairRun runPair = nullptr;  ///< with a second cell of the same code
};

struct Cell {
  int inputs = 0;
  int units = 0;
  int columns = 0;      ///< `units`, made a multiple of 4
  int paddedUnits = 0;  ///< a multiple of lanes x groups, at least `columns`
  CellCode code;
  AudioBuffer packed;  ///< one row
  const float* weights() const noexcept { return packed.channel(0).data(); }
};

/// Packs for the instruction set in use. The last inputs have the constant values `constants`: they go into
/// the bias, and the cell has only those before. [control]
Cell packLstm(const Lstm& lstm, std::span<const float> constants);
Cell packGru(const Gru& gru, std::span<const float> constants);

}  // namespace gainstage::neural
