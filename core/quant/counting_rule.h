// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace bitfrontier {

/// Which parameters count as "total model bits". The paper does not say; conclusions are shown
/// under each rule.
enum class CountingRule {
  LinearOnly,       ///< linear weights alone, as quantized
  AllParameters,    ///< every parameter as if quantized like the linear weights
  CheckpointBytes,  ///< linear weights as quantized, everything else at 16 bits (the default)
};

/// The rules and their names, which are the same everywhere: options, files, messages.
inline constexpr std::array<std::pair<CountingRule, std::string_view>, 3> kCountingRules{
    {{CountingRule::LinearOnly, "linear"},
     {CountingRule::AllParameters, "all"},
     {CountingRule::CheckpointBytes, "checkpoint"}}};

constexpr std::string_view countingRuleName(CountingRule rule) {
  for (const auto& [candidate, name] : kCountingRules) {
    if (candidate == rule) return name;
  }
  return {};
}

constexpr std::optional<CountingRule> findCountingRule(std::string_view name) {
  for (const auto& [rule, candidate] : kCountingRules) {
    if (candidate == name) return rule;
  }
  return std::nullopt;
}

/// Total bits of a model by each rule.
struct ModelBits {
  double linearOnly = 0;
  double allParameters = 0;
  double checkpointBytes = 0;

  double at(CountingRule rule) const {
    return rule == CountingRule::LinearOnly      ? linearOnly
           : rule == CountingRule::AllParameters ? allParameters
                                                 : checkpointBytes;
  }
};

}  // namespace bitfrontier
