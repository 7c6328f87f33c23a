// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/bit_accounting.h"

#include <fmt/format.h>

#include <array>

#include "core/base/error.h"
#include "kernels/blocks.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kConstantBits = 16;
constexpr std::int64_t kTableValueBits = 16;
constexpr std::int64_t kPlainBits = 16;

struct NamedRule {
  std::string_view name;
  CountingRule rule;
};
constexpr std::array<NamedRule, 3> kRules = {{{"linear-only", CountingRule::LinearOnly},
                                              {"all-parameters", CountingRule::AllParameters},
                                              {"checkpoint-bytes", CountingRule::CheckpointBytes}}};

}  // namespace

std::string_view countingRuleName(CountingRule rule) {
  for (const NamedRule& candidate : kRules)
    if (candidate.rule == rule) return candidate.name;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("counting rule {} does not exist", static_cast<int>(rule)));
}

CountingRule parseCountingRule(std::string_view name) {
  for (const NamedRule& candidate : kRules)
    if (candidate.name == name) return candidate.rule;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown counting rule '{}', allowed are {}, {} and {}", name,
                          kRules[0].name, kRules[1].name, kRules[2].name));
}

ParameterCounts countParameters(std::span<const TensorCount> tensors) {
  ParameterCounts counts;
  for (const TensorCount& tensor : tensors) {
    switch (tensor.role) {
      case ParameterRole::Linear:
        counts.linear += tensor.elements;
        break;
      case ParameterRole::Embedding:
        counts.embedding += tensor.elements;
        break;
      case ParameterRole::Other:
        counts.other += tensor.elements;
        break;
    }
  }
  return counts;
}

std::int64_t tensorBits(std::int64_t elements, const QuantConfig& config, TableCounting tables) {
  if (elements < 0)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a tensor cannot have {} elements", elements));
  if (config.isBaseline()) return elements * kPlainBits;
  std::int64_t bits =
      elements * config.bits + blockCount(elements, config.blockSize) * kConstantBits;
  if (config.tablePerTensor() && tables == TableCounting::Stored && elements > 0)
    bits += (std::int64_t{1} << config.bits) * kTableValueBits;
  return bits;
}

double totalModelBits(std::span<const TensorCount> tensors, const QuantConfig& config,
                      CountingRule rule, TableCounting tables) {
  std::int64_t total = 0;
  for (const TensorCount& tensor : tensors) {
    if (tensor.role == ParameterRole::Linear || rule == CountingRule::AllParameters)
      total += tensorBits(tensor.elements, config, tables);
    else if (rule == CountingRule::CheckpointBytes)
      total += tensor.elements * kPlainBits;
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
