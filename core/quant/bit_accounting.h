// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// Which parameters count as "total model bits". The paper does not say; conclusions are shown
/// under each rule.
enum class CountingRule {
  LinearOnly,       ///< linear weights alone, as quantized
  AllParameters,    ///< every parameter as if quantized like the linear weights
  CheckpointBytes,  ///< linear weights as quantized, everything else at 16 bits (the default)
};

/// "linear-only", "all-parameters", "checkpoint-bytes".
std::string_view countingRuleName(CountingRule rule);
/// Inverse of countingRuleName. Throws Error(InvalidArgument) listing the names.
CountingRule parseCountingRule(std::string_view name);

/// What a parameter tensor is for.
enum class ParameterRole {
  Linear,     ///< attention and feed-forward projections: what is quantized
  Embedding,  ///< token and position embeddings, output head
  Other,      ///< norms, biases
};

/// One parameter tensor of a model.
struct TensorCount {
  std::string name;
  ParameterRole role = ParameterRole::Linear;
  std::int64_t elements = 0;
};

/// Parameters of a model by role.
struct ParameterCounts {
  std::int64_t linear = 0;
  std::int64_t embedding = 0;
  std::int64_t other = 0;
};

/// Sums of a tensor list by role.
ParameterCounts countParameters(std::span<const TensorCount> tensors);

/// Whether the code table of a quantile tensor counts (2^bits fp16 values for each tensor). It has
/// to be stored, so it does by default; the paper does not mention it. Tables of the other types
/// are part of the format and never count.
enum class TableCounting { Stored, Ignored };

/// Exact bits of one tensor of `elements` values: codes at `bits`, 16 for each block constant (an
/// incomplete last block has a whole constant), and the quantile table.
std::int64_t tensorBits(std::int64_t elements, const QuantConfig& config,
                        TableCounting tables = TableCounting::Stored);

/// Total model bits from the list of a model's tensors; exact.
double totalModelBits(std::span<const TensorCount> tensors, const QuantConfig& config,
                      CountingRule rule, TableCounting tables = TableCounting::Stored);

/// Total model bits from counts alone, bitsPerParameter() for each quantized one: what can be said
/// without the tensor list (no partial blocks, no quantile tables).
double totalModelBits(const ParameterCounts& counts, const QuantConfig& config, CountingRule rule);

}  // namespace bitfrontier
