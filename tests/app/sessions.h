#pragma once

#include <string>

/// Sessions that the program's tests run.
namespace gainstage::testing {

/// A guitar on input 1 through `blocks`, and two headphone mixes that differ: A hears it wet at -3 dB, half
/// to the left, behind a level of -12 dB; B direct at -6 dB, a quarter to the right, and wet at -20 dB,
/// behind -9 dB.
std::string twoMixes(const std::string& blocks);

/// Gate, EQ and compressor: processing per sample.
std::string rigPerSample();
/// The same and a convolution with ir.wav.
std::string rigWithCabinet();

/// One headphone output that hears the guitar directly, at 0 dB, behind a level of -20 dB.
std::string directOnly();

}  // namespace gainstage::testing
