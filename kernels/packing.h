// SPDX-License-Identifier: GPL-3.0-or-later
/// The stream of k-bit codes of kernel_table.h, BF_CODES_PACKED. C++17, also for device code.
#pragma once

#include <cstdint>

#include "kernels/blocks.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// Bytes of `count` codes; `bits` matters only for packed ones.
inline BF_HOST_DEVICE std::int64_t codeBytes(std::int64_t count, std::int32_t layout,
                                             std::int32_t bits) {
  return layout == BF_CODES_PACKED ? (count * bits + 7) / 8 : count;
}

/// The code that begins at a bit of a packed stream, without reading a byte that has none of its
/// bits.
inline BF_HOST_DEVICE unsigned packedCodeAt(const std::uint8_t* codes, std::int64_t bit, int bits) {
  const std::uint8_t* byte = codes + bit / 8;
  const int shift = static_cast<int>(bit % 8);
  unsigned word = byte[0];
  if (shift + bits > 8) word |= static_cast<unsigned>(byte[1]) << 8;
  return (word >> shift) & ((1U << bits) - 1U);
}

/// Code `index` of a packed stream.
inline BF_HOST_DEVICE unsigned packedCode(const std::uint8_t* codes, std::int64_t index, int bits) {
  return packedCodeAt(codes, index * bits, bits);
}

/// Writes codes one after the other, starting at a byte. `finish` fills the last byte with zeros.
class CodeWriter {
 public:
  CodeWriter(std::uint8_t* codes, int bits) : next_(codes), bits_(bits) {}

  void put(unsigned code) {
    pending_ |= code << filled_;
    filled_ += bits_;
    if (filled_ >= 8) {
      *next_++ = static_cast<std::uint8_t>(pending_);
      pending_ >>= 8;
      filled_ -= 8;
    }
  }
  void finish() {
    if (filled_ > 0) *next_++ = static_cast<std::uint8_t>(pending_);
    pending_ = 0;
    filled_ = 0;
  }

 private:
  std::uint8_t* next_;
  unsigned pending_ = 0;
  int filled_ = 0;
  int bits_;
};

}  // namespace bitfrontier
