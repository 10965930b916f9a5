#pragma once

namespace gainstage::neural {

/// What activation_math_test.cpp evaluates; stands apart as that file is read once for each instruction set.
enum class ActivationFunction { tanh, sigmoid, expMinus1, silu, elu, fastTanh, gateTanh, gateSigmoid };

}  // namespace gainstage::neural
