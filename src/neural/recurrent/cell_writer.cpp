#include "neural/recurrent/cell_writer.h"

namespace gainstage::neural {

CellWriter::CellWriter(int inputs, int units, const CellCode& code, int biases, int gates) {
  cell_.inputs = inputs;
  cell_.units = units;
  cell_.columns = (units + 3) / 4 * 4;
  cell_.code = code;
  cell_.paddedUnits = (cell_.columns + tileUnits() - 1) / tileUnits() * tileUnits();
  cell_.packed = AudioBuffer(1, cell_.paddedUnits * (biases + gates * (inputs + cell_.columns)));
}

}  // namespace gainstage::neural
