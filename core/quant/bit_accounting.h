// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/quant/counting_rule.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {

/// What a parameter tensor is for.
enum class ParameterRole {
  Linear,     ///< attention and feed-forward projections: what is quantized
  Embedding,  ///< token and position embeddings, a head tied to them
  Head,       ///< output head of its own
  Other,      ///< norms, biases
};

/// One parameter tensor of a model.
struct TensorCount {
  std::string name;
  ParameterRole role = ParameterRole::Linear;
  std::int64_t elements = 0;
  std::int64_t columns = 0;  ///< of a matrix, its inputs; 0 = one row
  bool tiedHead = false;     ///< an embedding that is the output head too
};

/// Parameters of a model by role.
struct ParameterCounts {
  std::int64_t linear = 0;
  std::int64_t embedding = 0;  ///< with the head
  std::int64_t other = 0;
};

/// Sums of a tensor list by role.
ParameterCounts countParameters(std::span<const TensorCount> tensors);

/// Whether code tables that are estimated on each tensor count (2^bits fp16 values for each). They
/// have to be stored, so they do by default; the paper does not mention them. Tables of the other
/// types are part of the format and never count.
enum class TableCounting { Stored, Ignored };

/// Exact bits of one tensor, those of its parts as they are stored (core/quant/quantized_tensor.h):
/// codes, in whole bytes; constants and means, whole ones also for incomplete blocks; scales,
/// tables, outliers and their indices. 16 a value for the baselines.
std::int64_t tensorBits(const std::vector<std::int64_t>& shape, const QuantConfig& config,
                        TableCounting tables = TableCounting::Stored);
/// Of one row.
std::int64_t tensorBits(std::int64_t elements, const QuantConfig& config,
                        TableCounting tables = TableCounting::Stored);

/// A configuration without what only linear layers have: outliers, method, weighted search.
QuantConfig plainConfig(QuantConfig config);

/// The configuration a tensor of this role is quantized with: the given one for linear weights; for
/// embeddings and head, where they are quantized, the one without outliers, method and weighted
/// search; fp16 otherwise.
QuantConfig configFor(const QuantConfig& config, ParameterRole role, bool tiedHead = false);

/// Total model bits from the list of a model's tensors; exact.
double totalModelBits(std::span<const TensorCount> tensors, const QuantConfig& config,
                      CountingRule rule, TableCounting tables = TableCounting::Stored);

/// Total model bits from counts alone, bitsPerParameter() for each quantized one: what can be said
/// without the tensor list (no partial blocks, no quantile tables).
double totalModelBits(const ParameterCounts& counts, const QuantConfig& config, CountingRule rule);

}  // namespace bitfrontier
