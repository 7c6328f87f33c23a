// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "core/device/host_runner.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {

/// What happens to weights that are NaN or infinite.
enum class NonFinite {
  Fail,   ///< Error(Numeric) that names the first one's flat index
  Clamp,  ///< NaN becomes 0, infinities the largest finite magnitude of their block, with their
          ///< sign
};

/// Flat index of the first value that is not finite, or -1, also for types without such values.
/// On the CPU one pass over the bits, in parts for the runner's threads, by default those of host
/// kernels.
std::int64_t firstNotFinite(const at::Tensor& tensor, const bf_runner* runner = hostRunner());

/// Throws Error(Numeric), "value 7 of 100 is nan".
[[noreturn]] void failNotFinite(const at::Tensor& tensor, std::int64_t index);

/// A copy with what is not finite replaced by the rule of NonFinite::Clamp; `count` gets their
/// number. CPU; [.., columns], blocks as the configuration cuts the matrix.
at::Tensor clampedToFinite(const at::Tensor& tensor, const QuantConfig& config,
                           std::int64_t& count);

}  // namespace bitfrontier
