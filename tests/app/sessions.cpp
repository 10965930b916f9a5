#include "app/sessions.h"

namespace gainstage::testing {
namespace {

std::string sessionOf(const std::string& blocks, const std::string& outputs) {
  return R"({"gainstage": "session", "version": 1, "name": "Test", "strips": [{"id": "gtr", "name": "Guitar",
 "kind": "instrument", "inputs": [1], "rig": {"blocks": [)" +
         blocks + R"(]}}], "outputs": [)" + outputs + "]}";
}

}  // namespace

std::string twoMixes(const std::string& blocks) {
  return sessionOf(blocks, R"(
{"id": "a", "name": "A", "kind": "headphones", "channels": [1, 2], "levelDb": -12, "mix": [
  {"source": "gtr", "tap": "wet", "levelDb": -3, "pan": -0.5}]},
{"id": "b", "name": "B", "kind": "headphones", "channels": [3, 4], "levelDb": -9, "mix": [
  {"source": "gtr", "tap": "direct", "levelDb": -6, "pan": 0.25},
  {"source": "gtr", "tap": "wet", "levelDb": -20}]})");
}

std::string rigPerSample() {
  return R"({"id": "gate", "type": "gate", "thresholdDb": -55},
{"id": "eq", "type": "eq", "band2GainDb": 4, "band5GainDb": -3},
{"id": "comp", "type": "compressor", "thresholdDb": -20, "ratio": 4})";
}

std::string rigWithCabinet() {
  return rigPerSample() + R"(, {"id": "cab", "type": "convolution", "file": "ir.wav"})";
}

std::string directOnly() {
  return sessionOf("", R"({"id": "a", "name": "A", "kind": "headphones", "channels": [1, 2], "levelDb": -20,
"mix": [{"source": "gtr", "tap": "direct", "levelDb": 0}]})");
}

}  // namespace gainstage::testing
