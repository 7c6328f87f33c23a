// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/checkpoint/stored_tensor.h"
#include "tests/fuzz/fuzz_target.h"

namespace bitfrontier::fuzz {

/// Everything that a description says can be reached lies in the file of `size` bytes.
inline void requireInside(const std::vector<StoredTensor>& tensors, const std::uint8_t* data,
                          std::size_t size) {
  unsigned touched = 0;
  for (const StoredTensor& tensor : tensors) {
    const auto item = static_cast<std::uint64_t>(c10::elementSize(tensor.info.dtype));
    std::uint64_t elements = 1;
    for (const std::int64_t dim : tensor.info.shape) elements *= static_cast<std::uint64_t>(dim);
    require(elements * item == static_cast<std::uint64_t>(tensor.info.bytes),
            "shape and dtype give the size");
    require(tensor.begin <= size, "data begins in the file");
    if (elements == 0) continue;
    std::uint64_t reach = elements;
    if (!tensor.strides.empty()) {
      require(tensor.strides.size() == tensor.info.shape.size(), "a stride for every dimension");
      reach = 1;
      for (std::size_t d = 0; d < tensor.strides.size(); ++d) {
        reach += static_cast<std::uint64_t>(tensor.info.shape[d] - 1) *
                 static_cast<std::uint64_t>(tensor.strides[d]);
      }
    }
    require(reach * item <= size - tensor.begin, "data lies in the file");
    // Reads both ends, for the sanitizers.
    touched += data[tensor.begin] + data[tensor.begin + reach * item - 1];
  }
  volatile unsigned keep = touched;
  static_cast<void>(keep);
}

}  // namespace bitfrontier::fuzz
