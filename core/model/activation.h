// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <string_view>

namespace bitfrontier {

/// The name under which an activation of config.json is kept: itself, or the first of several names
/// of the same function ("swish" is "silu", "gelu_python" is "gelu"). Nothing for one that is not
/// supported. The names are those of transformers' ACT2FN; of these prelu and xielu are missing,
/// which have weights of their own.
std::optional<std::string> activationNamed(std::string_view name);

/// The activation of each value. `name` is one that activationNamed() gives.
at::Tensor activate(std::string_view name, const at::Tensor& x);

}  // namespace bitfrontier
