// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

namespace bitfrontier {

/// The little-endian number at `at`, all of which must be inside `bytes`.
template <std::unsigned_integral T>
T littleEndian(std::span<const std::byte> bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = sizeof(T); i-- > 0;) {
    value = static_cast<T>((static_cast<std::uint64_t>(value) << 8U) |
                           std::to_integer<std::uint64_t>(bytes[at + i]));
  }
  return value;
}

}  // namespace bitfrontier
