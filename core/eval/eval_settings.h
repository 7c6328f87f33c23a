// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace bitfrontier {

struct ModelConfig;

/// Whether texts get a beginning-of-text token in front, which differs between versions of
/// lm-evaluation-harness and moves the numbers of published results.
enum class BosProfile {
  Harness,  ///< what the tokenizer's files ask for: the harness from 0.4.9.2 on (OPT gets "</s>")
  Never,    ///< none: the harness up to 0.4.9.1, or add_bos_token=False
  Always,   ///< one in any case: add_bos_token=True
};

/// "harness", "nobos", "addbos": what the store, exports and the command line say.
std::string_view bosProfileName(BosProfile profile);

/// Inverse of bosProfileName; also "harness-0.4.9.1", which is "nobos". Throws InvalidArgument
/// naming the allowed words.
BosProfile parseBosProfile(std::string_view name);

/// What changes a score beside model, configuration and task; part of a cell's key and recorded
/// with every result.
struct EvalSettings {
  BosProfile bos = BosProfile::Harness;
  std::int64_t maxLength = 0;  ///< tokens of an input at most; 0 = as many as the model takes

  bool operator==(const EvalSettings&) const = default;
};

/// Tokens of an input at most for a model. Throws InvalidArgument when more are asked for than it
/// has positions (ALiBi models have no limit).
std::int64_t inputLength(const EvalSettings& settings, const ModelConfig& model);

}  // namespace bitfrontier
