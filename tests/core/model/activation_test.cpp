// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/activation.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

double gelu(double x) { return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2)); }
double tanhGelu(double x) {
  return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}
double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// The names of ACT2FN in transformers 5.23 and their formulas.
const std::map<std::string, std::function<double(double)>> kFormulas = {
    {"gelu", gelu},
    {"gelu_python", gelu},
    {"gelu_10", [](double x) { return std::clamp(gelu(x), -10.0, 10.0); }},
    {"gelu_new", tanhGelu},
    {"gelu_fast", tanhGelu},
    {"gelu_accurate", tanhGelu},
    {"gelu_pytorch_tanh", tanhGelu},
    {"gelu_python_tanh", tanhGelu},
    {"quick_gelu", [](double x) { return x * sigmoid(1.702 * x); }},
    {"silu", [](double x) { return x * sigmoid(x); }},
    {"swish", [](double x) { return x * sigmoid(x); }},
    {"hardswish", [](double x) { return x * std::clamp(x + 3, 0.0, 6.0) / 6; }},
    {"relu", [](double x) { return std::max(x, 0.0); }},
    {"relu2", [](double x) { return std::max(x, 0.0) * std::max(x, 0.0); }},
    {"relu6", [](double x) { return std::clamp(x, 0.0, 6.0); }},
    {"leaky_relu", [](double x) { return x > 0 ? x : 0.01 * x; }},
    {"sigmoid", sigmoid},
    {"tanh", [](double x) { return std::tanh(x); }},
    {"linear", [](double x) { return x; }},
    {"mish", [](double x) { return x * std::tanh(std::log1p(std::exp(x))); }},
    {"sqrtsoftplus", [](double x) { return std::sqrt(std::log1p(std::exp(x))); }},
    {"laplace",
     [](double x) { return 0.5 * (1 + std::erf((x - 0.707107) / (0.282095 * std::sqrt(2.0)))); }},
};

TEST(Activation, EachNameIsItsFormula) {
  const at::Tensor x = at::linspace(-12.0, 12.0, 241, at::kFloat);
  for (const auto& [name, formula] : kFormulas) {
    const auto kept = activationNamed(name);
    ASSERT_TRUE(kept) << name;
    const at::Tensor y = activate(*kept, x);
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      const double want = formula(x[i].item<double>());
      EXPECT_NEAR(y[i].item<double>(), want, 2e-6 * std::max(1.0, std::abs(want)))
          << name << " of " << x[i].item<double>();
    }
  }
}

TEST(Activation, OtherNamesOfOneFunctionAreKeptAsOne) {
  EXPECT_EQ(activationNamed("swish"), "silu");
  EXPECT_EQ(activationNamed("gelu_python"), "gelu");
  EXPECT_EQ(activationNamed("gelu_fast"), "gelu_fast");
  for (const char* unknown : {"xielu", "prelu", "SiLU", "swiglu", ""}) {
    EXPECT_FALSE(activationNamed(unknown)) << unknown;
  }
  EXPECT_THROW(activate("xielu", at::zeros({1})), Error);
}

}  // namespace
}  // namespace bitfrontier
