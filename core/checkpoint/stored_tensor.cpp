// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/stored_tensor.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/checkpoint/malformed.h"

namespace bitfrontier {

std::string shapeText(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::int64_t storedBytes(const std::vector<std::int64_t>& shape, at::ScalarType dtype,
                         std::string_view where) {
  auto bytes = static_cast<std::int64_t>(c10::elementSize(dtype));
  bool empty = false;
  for (const std::int64_t dim : shape) {
    if (dim < 0) {
      malformed(where, fmt::format("the shape {} is negative", shapeText(shape)));
    }
    empty = empty || dim == 0;
    // Zeros count as one at first: 0 x 2^62 x 2^62 would overflow in whoever multiplies later.
    if (__builtin_mul_overflow(bytes, std::max<std::int64_t>(dim, 1), &bytes)) {
      malformedIs(where, fmt::format("has the shape {}, beyond 63 bits", shapeText(shape)));
    }
  }
  return empty ? 0 : bytes;
}

}  // namespace bitfrontier
