// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/causal_lm.h"

namespace bitfrontier::pocket {

/// One member of a pocket family and how it is trained.
struct FamilyMember {
  std::string name;  ///< "pocket-neox-1" (smallest) ...
  ModelConfig config;
  std::int64_t tokens = 0;  ///< training tokens
  double learningRate = 0;  ///< peak
  std::uint64_t seed = 0;   ///< of weights and batch order
};

/// "neox", "gpt2", "opt", "bloom": pocket families, each in the architecture of its name.
std::vector<std::string> pocketFamilies();

/// The members of a family, smallest first. Error NotFound for an unknown family.
std::vector<FamilyMember> pocketFamily(const std::string& name);

/// Tokens of context and sequences per batch in training.
inline constexpr std::int64_t kContext = 128;
inline constexpr std::int64_t kBatch = 16;

}  // namespace bitfrontier::pocket
