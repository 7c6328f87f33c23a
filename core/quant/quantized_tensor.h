// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/quant/quant_config.h"
#include "kernels/registry.h"

namespace bitfrontier {

/// A weight in quantized form, exactly as it is stored: what it takes in memory is what it takes in
/// a file. Absent parts are undefined tensors.
///
/// Of a matrix [out, in] with outlier columns, the others are quantized as the matrix [out, rest]
/// of the columns that are left. Blocks run along the flattened row-major matrix and may cross rows
/// (paper, section 2.3) unless the configuration ends them with the rows.
struct QuantizedTensor {
  QuantConfig config;
  std::vector<std::int64_t> shape;
  at::Tensor codes;      ///< uint8: codes of `config.bits` each without gaps (kernels/packing.h)
  at::Tensor constants;  ///< [blocks], fp16, fp32 or bf16, or uint8 for E8M0, E4M3 and double
                         ///< quantized ones
  at::Tensor constantScales;  ///< double quantization: fp32, one for 256 constants
  float constantOffset = 0;   ///< double quantization: mean of the constants
  float tensorScale = 1;      ///< E4M3: what the stored constants are multiplied with
  at::Tensor means;           ///< block means, fp16, [blocks]
  float tensorMean = 0;
  std::vector<float> codebook;  ///< ascending; one that is stored with the tensor has fp16 values
  at::Tensor outlierColumns;    ///< int32, ascending
  at::Tensor outliers;          ///< fp16, [out, outlier columns]
  at::Tensor inputScales;       ///< AWQ: fp16, [rest]; the matrix is the stored one divided by them

  std::int64_t elements() const;
  /// Columns that are quantized, and values.
  std::int64_t quantizedColumns() const;
  std::int64_t quantizedElements() const;

  /// Everything that is stored, by name ("codes", "constants", ...), in a fixed order; scalars are
  /// tensors of one fp32, a table of the tensor's own is fp16.
  std::vector<std::pair<std::string, at::Tensor>> parts() const;
  /// Bits of all parts.
  std::int64_t storedBits() const;
  /// Rebuilds a tensor from its parts, which `find` gives by name (undefined where there is none).
  /// Throws Error(Format) naming a part that is missing or has another type or size than
  /// configuration and shape ask for.
  template <typename Find>
  static QuantizedTensor fromParts(const QuantConfig& config, std::vector<std::int64_t> shape,
                                   const Find& find) {
    QuantizedTensor tensor;
    tensor.config = config;
    tensor.shape = std::move(shape);
    tensor.read([&](const char* name) -> at::Tensor { return find(name); });
    return tensor;
  }

 private:
  void read(const std::function<at::Tensor(const char*)>& find);
};

/// What one part of a stored tensor looks like.
struct StoredPart {
  std::string name;
  at::ScalarType type;
  std::vector<std::int64_t> shape;
  std::int64_t bytes() const;
};

/// The parts that a tensor of this shape has under a configuration: what quantize() will give,
/// known beforehand.
std::vector<StoredPart> storedParts(const QuantConfig& config,
                                    const std::vector<std::int64_t>& shape);

/// Columns of a matrix with `columns` inputs that stay in 16 bit: the percentage, rounded, at least
/// one and not all.
std::int64_t outlierCount(const QuantConfig& config, std::int64_t columns);

/// The values in fp32, rounded once to `type` (Float, Half or BFloat16); CPU.
at::Tensor dequantize(const QuantizedTensor& tensor, at::ScalarType type,
                      const bf_kernel_table& kernels = kernelsFor("cpu"));

/// The same into an existing contiguous CPU tensor of the tensor's shape.
void dequantizeInto(const QuantizedTensor& tensor, const at::Tensor& out,
                    const bf_kernel_table& kernels = kernelsFor("cpu"));

}  // namespace bitfrontier
