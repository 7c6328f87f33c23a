// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/activation.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <numbers>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

using Function = at::Tensor (*)(const at::Tensor&);

at::Tensor gelu(const at::Tensor& x) { return at::gelu(x); }
at::Tensor tanhGelu(const at::Tensor& x) { return at::gelu(x, "tanh"); }
at::Tensor silu(const at::Tensor& x) { return at::silu(x); }

/// A name of ACT2FN and its function.
struct Activation {
  std::string_view name;
  Function function;
};

constexpr Activation kActivations[] = {
    {"gelu", gelu},
    {"gelu_python", gelu},
    {"silu", silu},
    {"swish", silu},
    {"relu", [](const at::Tensor& x) { return at::relu(x); }},
    {"relu2", [](const at::Tensor& x) { return at::relu(x).square(); }},
    {"relu6", [](const at::Tensor& x) { return at::relu6(x); }},
    {"leaky_relu", [](const at::Tensor& x) { return at::leaky_relu(x); }},
    {"quick_gelu", [](const at::Tensor& x) { return x * at::sigmoid(1.702 * x); }},
    {"gelu_10", [](const at::Tensor& x) { return at::gelu(x).clamp(-10.0, 10.0); }},
    {"hardswish", [](const at::Tensor& x) { return at::hardswish(x); }},
    {"laplace",
     [](const at::Tensor& x) {
       return 0.5 * (1.0 + at::erf((x - 0.707107) / (0.282095 * std::numbers::sqrt2)));
     }},
    {"linear", [](const at::Tensor& x) { return x; }},
    {"mish", [](const at::Tensor& x) { return at::mish(x); }},
    {"sigmoid", [](const at::Tensor& x) { return at::sigmoid(x); }},
    {"sqrtsoftplus", [](const at::Tensor& x) { return at::softplus(x).sqrt(); }},
    {"tanh", [](const at::Tensor& x) { return at::tanh(x); }},
    // One function, but each program's own name for it is kept.
    {"gelu_new", tanhGelu},
    {"gelu_fast", tanhGelu},
    {"gelu_accurate", tanhGelu},
    {"gelu_pytorch_tanh", tanhGelu},
    {"gelu_python_tanh", tanhGelu},
};

const Activation* find(std::string_view name) {
  for (const Activation& known : kActivations) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> activationNamed(std::string_view name) {
  if (find(name) == nullptr) return std::nullopt;
  if (name == "swish") return "silu";
  if (name == "gelu_python") return "gelu";
  return std::string(name);
}

at::Tensor activate(std::string_view name, const at::Tensor& x) {
  const Activation* known = find(name);
  if (known == nullptr) {
    throw Error(ErrorKind::Unsupported, fmt::format("activation \"{}\" is not supported", name));
  }
  return known->function(x);
}

}  // namespace bitfrontier
