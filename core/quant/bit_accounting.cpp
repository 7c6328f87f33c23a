// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/bit_accounting.h"

#include <fmt/format.h>

#include <numeric>

#include "core/base/error.h"
#include "core/quant/quantized_tensor.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kPlainBits = 16;

}  // namespace

ParameterCounts countParameters(std::span<const TensorCount> tensors) {
  ParameterCounts counts;
  for (const TensorCount& tensor : tensors) {
    switch (tensor.role) {
      case ParameterRole::Linear:
        counts.linear += tensor.elements;
        break;
      case ParameterRole::Embedding:
      case ParameterRole::Head:
        counts.embedding += tensor.elements;
        break;
      case ParameterRole::Other:
        counts.other += tensor.elements;
        break;
    }
  }
  return counts;
}

std::int64_t tensorBits(const std::vector<std::int64_t>& shape, const QuantConfig& config,
                        TableCounting tables) {
  for (const std::int64_t size : shape)
    if (size < 0)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("a tensor cannot have {} elements", size));
  const std::int64_t elements =
      std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
  if (config.isBaseline() || elements == 0) return elements * kPlainBits;
  std::int64_t bytes = 0;
  for (const StoredPart& part : storedParts(config, shape))
    if (part.name != "codebook" || tables == TableCounting::Stored) bytes += part.bytes();
  return 8 * bytes;
}

std::int64_t tensorBits(std::int64_t elements, const QuantConfig& config, TableCounting tables) {
  return tensorBits(std::vector<std::int64_t>{elements}, config, tables);
}

QuantConfig plainConfig(QuantConfig config) {
  config.outliers = OutlierRule::None;
  config.outlierPercent = 0;
  config.method = Method::Nearest;
  config.activationOrder = false;
  config.dampingPercent = QuantConfig().dampingPercent;
  if (config.search == ScaleSearch::Weighted) config.search = ScaleSearch::None;
  return config;
}

QuantConfig configFor(const QuantConfig& config, ParameterRole role, bool tiedHead) {
  if (role == ParameterRole::Linear || config.isBaseline()) return config;
  const bool embedding = role == ParameterRole::Embedding && config.embeddings;
  const bool head = (role == ParameterRole::Head || tiedHead) && config.head;
  return embedding || head ? plainConfig(config) : QuantConfig::fp16();
}

double totalModelBits(std::span<const TensorCount> tensors, const QuantConfig& config,
                      CountingRule rule, TableCounting tables) {
  std::int64_t total = 0;
  for (const TensorCount& tensor : tensors) {
    const std::int64_t columns = tensor.columns > 0 ? tensor.columns : tensor.elements;
    const std::vector<std::int64_t> shape = {columns > 0 ? tensor.elements / columns : 1, columns};
    const bool linear = tensor.role == ParameterRole::Linear;
    if (!linear && rule == CountingRule::LinearOnly) continue;
    const QuantConfig used = rule == CountingRule::AllParameters && !linear
                                 ? plainConfig(config)
                                 : configFor(config, tensor.role, tensor.tiedHead);
    total += tensorBits(shape, used, tables);
  }
  return static_cast<double>(total);
}

double totalModelBits(const ParameterCounts& counts, const QuantConfig& config, CountingRule rule) {
  const double quantized = config.bitsPerParameter();
  const auto linear = static_cast<double>(counts.linear);
  const auto rest = static_cast<double>(counts.embedding + counts.other);
  switch (rule) {
    case CountingRule::LinearOnly:
      return linear * quantized;
    case CountingRule::AllParameters:
      return (linear + rest) * quantized;
    case CountingRule::CheckpointBytes:
      break;
  }
  return linear * quantized + rest * static_cast<double>(kPlainBits);
}

}  // namespace bitfrontier
