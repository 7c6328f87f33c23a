// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include "core/quant/quantized_tensor.h"
#include "kernels/packing.h"

namespace bitfrontier::test {

/// Codes one to a byte, [quantized elements].
inline at::Tensor unpackedCodes(const QuantizedTensor& tensor) {
  const std::int64_t count = tensor.quantizedElements();
  at::Tensor result = at::empty({count}, at::kByte);
  const auto* packed = tensor.codes.const_data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < count; ++i) {
    result.mutable_data_ptr<std::uint8_t>()[i] =
        static_cast<std::uint8_t>(packedCode(packed, i, tensor.config.bits));
  }
  return result;
}

}  // namespace bitfrontier::test
