// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/family.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/pocket/corpus.h"

namespace bitfrontier::pocket {
namespace {

struct Size {
  std::int64_t hidden, layers, heads, megaTokens;
  double learningRate;
};

}  // namespace

std::vector<FamilyMember> pocketFamily(const std::string& family) {
  if (family != "neox") {
    throw Error(ErrorKind::NotFound,
                fmt::format("there is no pocket family \"{}\" (available: neox)", family));
  }
  // 12 hidden^2 layers weights: 7k, 25k, 58k, 113k, 311k, 774k; a factor of 112.
  static constexpr Size kSizes[] = {
      {24, 1, 2, 6, 8e-3},  {32, 2, 2, 7, 6e-3},  {40, 3, 2, 8, 5e-3},
      {56, 3, 2, 10, 4e-3}, {72, 5, 3, 12, 3e-3}, {96, 7, 4, 14, 2e-3},
  };
  std::vector<FamilyMember> members;
  for (const Size& size : kSizes) {
    FamilyMember member;
    member.name = fmt::format("pocket-neox-{}", members.size() + 1);
    member.config.modelType = "gpt_neox";
    member.config.vocabSize = static_cast<std::int64_t>(kVocabulary);
    member.config.hiddenSize = size.hidden;
    member.config.layers = size.layers;
    member.config.heads = size.heads;
    member.config.intermediateSize = 4 * size.hidden;
    member.config.maxPositions = kContext;
    member.config.rotaryFraction = 0.5;
    member.tokens = size.megaTokens * 1'000'000;
    member.learningRate = size.learningRate;
    member.seed = 1000 + members.size();
    members.push_back(member);
  }
  return members;
}

}  // namespace bitfrontier::pocket
