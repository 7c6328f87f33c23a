// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// What a tensor in a file is called and looks like.
struct TensorInfo {
  std::string name;
  at::ScalarType dtype = at::ScalarType::Float;
  std::vector<std::int64_t> shape;
  std::int64_t bytes = 0;  ///< elements times their size
};

/// Where a tensor lies in a file, little-endian. What is reached lies in the file.
struct StoredTensor {
  TensorInfo info;
  std::uint64_t begin = 0;            ///< its first element, from the start of the file
  std::vector<std::int64_t> strides;  ///< in elements, one per dimension; empty when row-major
};

/// Bytes of `shape` elements of `dtype`. Throws Format naming `where` for a negative size or when
/// the product without its zeros is beyond 63 bits.
std::int64_t storedBytes(const std::vector<std::int64_t>& shape, at::ScalarType dtype,
                         std::string_view where);

/// "[2, 3]".
std::string shapeText(const std::vector<std::int64_t>& shape);

}  // namespace bitfrontier
