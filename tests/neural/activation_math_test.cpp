#include <bit>
#include <cmath>
#include <cstdint>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <vector>

#include "neural/activation_function.h"
#include "neural/instruction_sets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "neural/activation_math_test.cpp"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
// Must follow foreach_target.h.
#include "neural/activation_math-inl.h"
#include "neural/recurrent/gate_math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace gainstage::neural {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class D, class V>
V ValueOf(D d, ActivationFunction function, V x) {
  switch (function) {
    case ActivationFunction::tanh:
      return activations::Tanh(d, x);
    case ActivationFunction::sigmoid:
      return activations::Sigmoid(d, x);
    case ActivationFunction::expMinus1:
      return activations::ExpMinus1(d, x);
    case ActivationFunction::silu:
      return activations::Silu(d, x);
    case ActivationFunction::elu:
      return activations::Elu(d, x);
    case ActivationFunction::fastTanh:
      return activations::FastTanh(d, x);
    case ActivationFunction::gateTanh: {
      const gates::PowerOfTwo<D> power(d, hn::Mul(x, hn::Set(d, 2.88539008f)));
      return hn::Div(power.plus(hn::Set(d, -1.0f)), power.plus(hn::Set(d, 1.0f)));
    }
    case ActivationFunction::gateSigmoid: {
      const gates::PowerOfTwo<D> power(d, hn::Mul(x, hn::Set(d, -1.44269504f)));
      return hn::Div(hn::Set(d, 1.0f), power.plus(hn::Set(d, 1.0f)));
    }
  }
  return x;
}

// A multiple of 64 arguments.
void Evaluate(ActivationFunction function, const std::vector<float>& in, std::vector<float>& out) {
  const hn::CappedTag<float, 64> d;
  for (std::size_t n = 0; n < in.size(); n += hn::Lanes(d))
    hn::StoreU(ValueOf(d, function, hn::LoadU(d, in.data() + n)), d, out.data() + n);
}

}  // namespace HWY_NAMESPACE
}  // namespace gainstage::neural
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gainstage::neural {
HWY_EXPORT(Evaluate);
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

// All magnitudes from the smallest denormal to infinity, 64 in each octave, both signs, and a dense sweep
// of where the functions bend.
std::vector<float> arguments() {
  std::vector<float> all{0.0f, -0.0f};
  for (std::uint32_t bits = 1; bits < 0x7f800000u; bits += 1u << 17)
    for (const float x : {std::bit_cast<float>(bits), -std::bit_cast<float>(bits)}) all.push_back(x);
  for (int i = -200'000; i <= 200'000; ++i) all.push_back(static_cast<float>(i) * 1e-4f);
  for (const float x : {kInfinity, std::numeric_limits<float>::max()}) all.insert(all.end(), {x, -x});
  while (all.size() % 64 != 0) all.push_back(1.0f);
  return all;
}

struct Errors {
  double absolute = 0.0;  // largest
  double relative = 0.0;  // to the true value, largest of those whose true value is a normal number
};

Errors errorsOf(ActivationFunction function, const std::vector<float>& in,
                const std::function<double(double)>& truth) {
  std::vector<float> out(in.size());
  HWY_DYNAMIC_DISPATCH(Evaluate)(function, in, out);
  Errors errors;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const double wanted = truth(static_cast<double>(in[i]));
    const double got = static_cast<double>(out[i]);
    if (got == wanted) continue;  // infinite
    const double error = std::abs(got - wanted);
    EXPECT_TRUE(std::isfinite(error)) << in[i] << " became " << got;
    errors.absolute = std::max(errors.absolute, error);
    if (std::abs(wanted) >= 1.2e-38) errors.relative = std::max(errors.relative, error / std::abs(wanted));
  }
  return errors;
}

TEST(ActivationMath, TanhIsTrueToAFewUnitsInTheLastPlaceAtEveryMagnitude) {
  onEveryInstructionSet([] {
    const Errors errors =
        errorsOf(ActivationFunction::tanh, arguments(), [](double x) { return std::tanh(x); });
    EXPECT_LT(errors.absolute, 2.8e-7);
    EXPECT_LT(errors.relative, 2.8e-7);
  });
}

TEST(ActivationMath, SigmoidIsTrueEverywhere) {
  onEveryInstructionSet([] {
    const Errors errors = errorsOf(ActivationFunction::sigmoid, arguments(),
                                   [](double x) { return 1.0 / (1.0 + std::exp(-x)); });
    EXPECT_LT(errors.absolute, 2e-7);
  });
}

TEST(ActivationMath, ExponentialIsTrueRelativeToItself) {
  std::vector<float> in = arguments();
  for (float& x : in) x = std::min(std::max(x, -87.0f), 88.0f);
  onEveryInstructionSet([&] {
    const Errors errors = errorsOf(ActivationFunction::expMinus1, in, [](double x) { return std::expm1(x); });
    EXPECT_LT(errors.relative, 2.4e-7);
  });
}

TEST(ActivationMath, SiluIsTrueRelativeToItselfAndVanishesFarBelowZero) {
  std::vector<float> in = arguments();
  const auto silu = [](double x) { return x < -1e4 ? 0.0 : x / (1.0 + std::exp(-x)); };
  onEveryInstructionSet([&] {
    std::vector<float> above = in;
    for (float& x : above) x = std::max(x, -80.0f);
    EXPECT_LT(errorsOf(ActivationFunction::silu, above, silu).relative, 3e-7);
    std::vector<float> below = in;
    for (float& x : below) x = std::min(x, -80.0f);
    EXPECT_LT(errorsOf(ActivationFunction::silu, below, silu).absolute, 1e-32);
  });
}

TEST(ActivationMath, EluIsTrueRelativeToItself) {
  onEveryInstructionSet([] {
    const Errors errors =
        errorsOf(ActivationFunction::elu, arguments(), [](double x) { return x > 0.0 ? x : std::expm1(x); });
    EXPECT_LT(errors.relative, 2.4e-7);
  });
}

TEST(ActivationMath, FastTanhIsTheRationalFunctionOfEarlyModels) {
  const auto rational = [](double x) {
    if (std::isinf(x)) return std::copysign(0.821226666969744 / 0.814642734961073, x);
    const double a = std::abs(x), s = x * x;
    const double n =
        x * (2.45550750702956 + 2.45550750702956 * a + (0.893229853513558 + 0.821226666969744 * a) * s);
    return n / (2.44506634652299 + (2.44506634652299 + s) * std::abs(x + 0.814642734961073 * x * a));
  };
  onEveryInstructionSet(
      [&] { EXPECT_LT(errorsOf(ActivationFunction::fastTanh, arguments(), rational).relative, 5e-7); });
}

TEST(ActivationMath, GatesOfRecurrentLayersAreTrueForEveryFiniteNumber) {
  std::vector<float> in = arguments();
  for (float& x : in) x = std::min(std::max(x, -1e38f), 1e38f);
  onEveryInstructionSet([&] {
    const Errors tanh = errorsOf(ActivationFunction::gateTanh, in, [](double x) { return std::tanh(x); });
    EXPECT_LT(tanh.absolute, 3e-7);
    EXPECT_LT(tanh.relative, 7e-7);
    const Errors sigmoid =
        errorsOf(ActivationFunction::gateSigmoid, in, [](double x) { return 1.0 / (1.0 + std::exp(-x)); });
    EXPECT_LT(sigmoid.absolute, 2e-7);
  });
}

TEST(ActivationMath, TanhIsOddAndPassesTinyNumbersThrough) {
  const std::vector<float> in = arguments();
  onEveryInstructionSet([&] {
    std::vector<float> negated = in, out(in.size()), opposite(in.size());
    for (float& x : negated) x = -x;
    HWY_DYNAMIC_DISPATCH(Evaluate)(ActivationFunction::tanh, in, out);
    HWY_DYNAMIC_DISPATCH(Evaluate)(ActivationFunction::tanh, negated, opposite);
    for (std::size_t i = 0; i < in.size(); ++i) {
      ASSERT_EQ(opposite[i], -out[i]) << in[i];
      if (std::abs(in[i]) < 1e-4f) {
        ASSERT_FLOAT_EQ(out[i], in[i]);
      }
    }
  });
}

}  // namespace
}  // namespace gainstage::neural
#endif  // HWY_ONCE
