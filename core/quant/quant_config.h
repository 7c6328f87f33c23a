// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bitfrontier {

/// How a weight is represented. Fp16 is the 16-bit baseline, the others are k-bit code tables.
enum class DataType { Fp16, Int, Float, Dynamic, Quantile };

/// "fp16", "int", "float", "dynamic", "quantile".
std::string_view dataTypeName(DataType type);

/// One quantization configuration, written everywhere as its spec:
/// `fp16` | `<type><bits>[e<E>m<M>](-b<block>|-tensor)`, for example `int4-b64`, `float4-b64` (the
/// paper's E3M0), `float4e2m1-b64`, `dynamic3-b1024`, `quantile4-b64`, `int3-tensor`.
struct QuantConfig {
  DataType type = DataType::Fp16;
  int bits = 16;               ///< per weight: 2..8, 16 for Fp16
  int exponentBits = 0;        ///< Float only: 1..bits-1
  int mantissaBits = 0;        ///< Float only: bits - 1 - exponentBits
  std::int64_t blockSize = 0;  ///< weights per constant: 16..4096, a power of two; 0 = whole tensor

  bool operator==(const QuantConfig&) const = default;

  /// The 16-bit baseline.
  static QuantConfig fp16() { return {}; }
  /// A k-bit type with the paper's exponent split for Float. Throws Error(InvalidArgument).
  static QuantConfig make(DataType type, int bits, std::int64_t blockSize);
  /// Reads a spec. Throws Error(InvalidArgument) that says what is wrong and what is allowed.
  static QuantConfig parse(std::string_view spec);
  /// Reads a spec whose block may be missing (then 64), for places where only the code table
  /// matters: `float4`, `float4e2m1`, `int4-b64`.
  static QuantConfig parseType(std::string_view spec);

  /// Canonical spec; `parse(spec()) == *this` for every valid configuration.
  std::string spec() const;
  /// Throws Error(InvalidArgument) when a field is out of range.
  void validate() const;
  bool isBaseline() const { return type == DataType::Fp16; }
  /// bits + 16 / blockSize (one fp16 constant per block); `bits` for a whole-tensor constant,
  /// 16 for the baseline. Exact bits of a tensor: core/quant/bit_accounting.h.
  double bitsPerParameter() const;
};

/// What a spec may look like, one sentence, for help texts.
std::string_view allowedSpecs();

}  // namespace bitfrontier
