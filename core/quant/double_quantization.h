// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// Block constants in 8 bit (QLoRA, section 3): their mean is taken off, blocks of 256 are divided
/// by their largest magnitude in fp32, and the dynamic 8-bit table gives the codes; as
/// bitsandbytes' compress_statistics does.
struct DoubleQuantized {
  at::Tensor codes;   ///< uint8, [constants]
  at::Tensor scales;  ///< fp32, [ceil(constants / 256)]
  float offset = 0;
};

inline constexpr std::int64_t kConstantsPerScale = 256;

/// `constants`: fp32, [blocks], finite.
DoubleQuantized doubleQuantize(const at::Tensor& constants, const bf_kernel_table& kernels);

/// The constants as they are after that, in their place and on their device.
void roundTripConstants(const at::Tensor& constants, const bf_kernel_table& kernels);

/// The constants again, fp32.
at::Tensor decodeConstants(const at::Tensor& codes, const at::Tensor& scales, float offset,
                           const bf_kernel_table& kernels);

}  // namespace bitfrontier
