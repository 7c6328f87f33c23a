// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/quant/quant_axes.h"
#include "kernels/codebook.h"

namespace bitfrontier {

/// What a configuration has beside its type, bits and block, written as the end of its spec.
struct QuantVariant {
  ConstantType constant = ConstantType::Fp16;
  bool signedMax = false;
  Centering centering = Centering::None;
  OutlierRule outliers = OutlierRule::None;
  double outlierPercent = 0;  ///< 0.01..50 in steps of 0.01, when there is a rule
  ScaleSearch search = ScaleSearch::None;
  Method method = Method::Nearest;
  bool activationOrder = false;  ///< GPTQ only
  double dampingPercent = 1;     ///< GPTQ only: 0.01..100 in steps of 0.01
  bool embeddings = false;
  bool head = false;

  bool operator==(const QuantVariant&) const = default;

  /// Reads the end of a spec: "-sdq", "-o2-gptq", "". Throws Error(InvalidArgument) that says what
  /// is wrong and what is allowed.
  static QuantVariant parse(std::string_view notation);
  /// The end of a spec, "" for what specs leave out.
  std::string notation() const;
};

/// One quantization configuration, written everywhere as its spec:
/// `fp16` | `bf16` | `<type><bits>[e<E>m<M>[b0|b+1|n]]` and a block `-b<size>[r]` | `-row` |
/// `-tensor`, then in any order `-s<constant>`, `-signed`, `-mean` | `-bmean`, `-o<percent>` |
/// `-oc<percent>`, `-mse` | `-wmse`, `-gptq[-act][-damp<percent>]` | `-awq`, `-emb`, `-head`.
/// Examples: `int4-b64`, `float4-b64` (the paper's E3M0), `float4e2m1-b64`, `nf4-b64-sdq`, `mxfp4`,
/// `int3-b64-o2`, `int3-b128r-gptq`. What each means: core/quant/quant_axes.h.
struct QuantConfig : QuantVariant {
  /// Value of blockSize for one constant per row.
  static constexpr std::int64_t kPerRow = -1;

  DataType type = DataType::Fp16;
  int bits = 16;                             ///< per weight: 2..8, 16 for the baselines
  int exponentBits = 0;                      ///< Float only: 1..bits-1
  int mantissaBits = 0;                      ///< Float only: bits - 1 - exponentBits
  Subnormals subnormals = Subnormals::Ieee;  ///< Float only; `b0`, `b+1`
  bool nanCodes =
      false;  ///< Float only, e4m3 and e5m2: without the NaN and Inf codes of OCP FP8 (`n`)

  std::int64_t blockSize = 0;  ///< 16..4096, a power of two; 0 = whole tensor; kPerRow
  bool withinRows = false;     ///< blocks of blockSize begin anew in each row

  bool operator==(const QuantConfig&) const = default;

  /// The 16-bit baseline.
  static QuantConfig fp16() { return {}; }
  /// A k-bit type with the paper's exponent split for Float; the baselines ignore block and take 16
  /// bits. Throws Error(InvalidArgument).
  static QuantConfig make(DataType type, int bits, std::int64_t blockSize);
  /// Reads a spec. Throws Error(InvalidArgument) that says what is wrong and what is allowed.
  static QuantConfig parse(std::string_view spec);
  /// Reads a spec whose block may be missing (then 64), for places where only the code table
  /// matters: `float4`, `float4e2m1`, `int4-b64`.
  static QuantConfig parseType(std::string_view spec);

  /// Canonical spec; `parse(spec()) == *this` for every valid configuration.
  std::string spec() const;
  /// The spec up to the block: "int4", "float4e2m1", "fp4".
  std::string typeSpec() const;
  /// One sentence about a field that is out of range or two that do not go together; nothing when
  /// all is well.
  std::optional<std::string> problem() const;
  /// Throws Error(InvalidArgument) with the problem, if there is one.
  void validate() const;
  bool isBaseline() const { return type == DataType::Fp16 || type == DataType::Bf16; }
  /// GPTQ, AWQ and the weighted search look at the layers' inputs on a calibration text.
  bool needsCalibration() const {
    return method != Method::Nearest || search == ScaleSearch::Weighted;
  }
  /// The code table is estimated on each tensor (and stored with it).
  bool tablePerTensor() const {
    return type == DataType::Quantile || type == DataType::BlockQuantile ||
           type == DataType::Learned;
  }
  /// Bits of a constant in a block's share: 16 for fp16, 8 + 32/256 for double quantization.
  double bitsPerConstant() const;
  /// bits + (constant and block mean) / blockSize, outlier dimensions at 16 bits; what is paid once
  /// per row or tensor is not in it. 16 for the baseline.
  /// Exact bits of a tensor: core/quant/bit_accounting.h.
  double bitsPerParameter() const;
};

/// What a spec may look like, one sentence, for help texts and messages.
const std::string& allowedSpecs();

}  // namespace bitfrontier
